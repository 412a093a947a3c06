"""Who stands at the door of a room: the session's person, and the streams they may follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from accounts.web import SignedIn, signed_in
from realtime.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Leave to follow these streams; `epoch` changes when all that clients know is void."""

    streams: tuple[str, ...]
    epoch: int


# A room decides who follows what: the arguments of its address and who is there, or nobody.
Room = Callable[[SignedIn | None, Mapping[str, Any]], Admission | None]

_doormen = Reader(4, "door")


async def admit(room: Room, scope: Mapping[str, Any]) -> Admission | None:
    """Return what this connection may follow; None where it has no business."""
    return await _doormen.run(lambda: room(_visitor(scope), scope["url_route"]["kwargs"]))


def _visitor(scope: Mapping[str, Any]) -> SignedIn | None:
    """Return who the session cookie names, by the same rules as for a page."""
    request = HttpRequest()
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(_cookies(scope).get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    return signed_in(request)


def _cookies(scope: Mapping[str, Any]) -> dict[str, str]:
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
    return parse_cookie("; ".join(lines))
