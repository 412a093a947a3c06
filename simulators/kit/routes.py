"""Routing for the small simulators: a table of acts, refusals as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from simulators.kit.fields import BadFieldError
from simulators.kit.server import Request, Response, json_response


class RefusedError(Exception):
    """A request that is understood and turned down."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Acts by method and path. An act returns a response, or the fields of a JSON answer."""

    title: str
    acts: Mapping[tuple[str, str], Callable[[Request], Response | Mapping[str, Any]]]

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        act = self.acts.get((request.method, request.path))
        if act is None:
            return self._refusal(404, "UNKNOWN_PATH", "没有此接口")
        try:
            answer = act(request)
        except BadFieldError as error:
            return self._refusal(400, "BAD_REQUEST", str(error))
        except RefusedError as error:
            return self._refusal(error.status, error.code, error.text)
        if isinstance(answer, Response):
            return answer
        return json_response({"simulator": self.title, **answer})

    def _refusal(self, status: int, code: str, text: str) -> Response:
        return json_response({"simulator": self.title, "code": code, "text": text}, status=status)


def query(request: Request) -> dict[str, str]:
    """Return the query's parameters, the last of each name."""
    return dict(parse_qsl(request.target.partition("?")[2]))
