"""The instant a request's last byte arrived, which decides whether a bid is late.

A view runs some time after that: the server may be busy just when everybody submits. So the
entrance notes the instant as the body's last part comes in, before anything waits for a thread.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from core import clock

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[..., Any]  # an ASGI application, however its library spells its type
_KEY = "hengping.arrival"


def noting(app: App) -> App:
    """Wrap an ASGI application so that `of` can tell each request's instant."""

    async def entrance(scope: Message, receive: Receive, send: Send) -> None:
        # A list, because routers hand on copies of the scope.
        noted: list[datetime] = []

        async def listen() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body") and not noted:
                noted.append(clock.now())
            return message

        await app({**scope, _KEY: noted}, listen, send)

    return entrance


def of(request: HttpRequest, *, otherwise: datetime) -> datetime:
    """Return when the request's last byte arrived; `otherwise` where no entrance noted it."""
    noted: list[datetime] = getattr(request, "scope", {}).get(_KEY, [])
    return min([*noted, otherwise])
