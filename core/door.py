"""The door every small command line of `core` uses: a JSON list of cases in, of answers out.

One case is `{"do": NAME, …arguments}`; its answer is `{"ok": value}`, or `{"refused": sentence}`
when the case is a sound question with an answer of no (an amount that cannot be read). Exit codes:
0 answered; 2 bad input, the JSON pointer on stderr; 3 the environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

Acts = Mapping[str, Callable[..., Any]]

BAD_INPUT = 2
ENVIRONMENT = 3


class BadInput(ValueError):  # noqa: N818 - said to people as it stands
    """Input does not have the documented shape; `pointer` is the JSON pointer of the fault."""

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer, self.message = pointer, message
        super().__init__(f"{pointer or '/'}: {message}")


def read_json() -> Any:
    """Read one JSON value from standard input; numbers with a point are refused as inexact."""
    try:
        return json.loads(
            sys.stdin.buffer.read(), parse_float=_no_floats, parse_constant=_no_floats
        )
    except BadInput:
        raise
    except (ValueError, RecursionError) as error:
        raise BadInput("", f"not JSON: {error}") from error


def answer(acts: Acts, refusals: tuple[type[Exception], ...]) -> int:
    """Answer the cases on standard input and return the exit code."""
    try:
        answers = [
            _answer(acts, refusals, case, f"/{number}") for number, case in enumerate(_cases())
        ]
        print(json.dumps(answers, ensure_ascii=False))  # noqa: T201 - the door speaks on stdout
    except BadInput as error:
        return say(error, BAD_INPUT)
    except OSError as error:
        return say(error, ENVIRONMENT)
    return 0


def _cases() -> list[Any]:
    cases = read_json()
    if not isinstance(cases, list):
        raise BadInput("", "a list of cases is wanted")
    return cases


def say(error: Exception, code: int) -> int:
    """Print a fault on standard error and return the code."""
    print(error, file=sys.stderr)  # noqa: T201 - the door speaks on stderr
    return code


def _answer(
    acts: Acts,
    refusals: tuple[type[Exception], ...],
    case: Any,
    pointer: str,
) -> dict[str, Any]:
    if not isinstance(case, dict):
        raise BadInput(pointer, "a case is an object")
    arguments = dict(case)
    name = arguments.pop("do", None)
    if not isinstance(name, str) or name not in acts:
        raise BadInput(f"{pointer}/do", f"one of {', '.join(acts)} is wanted")
    try:
        return {"ok": acts[name](**arguments)}
    except refusals as error:
        return {"refused": str(error)}
    except BadInput as error:
        raise BadInput(pointer + error.pointer, error.message) from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadInput(pointer, str(error)) from error


def _no_floats(text: str) -> NoReturn:
    raise BadInput("", f"{text}: decimals are written as strings, so that none is inexact")
