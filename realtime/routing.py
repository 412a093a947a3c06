"""Doors that stay open: websockets, and long polls for networks that break them.

A new kind of room is one function (`realtime.admission.Room`) and one line in each list.
"""

from __future__ import annotations

from typing import Any, cast

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import URLPattern, path

from realtime.polling import poll
from realtime.rooms import hall
from realtime.sockets import Application, socket


def _door(address: str, application: Application) -> URLPattern:
    # Channels routes by Django's patterns, whose type knows only views.
    return cast("URLPattern", path(address, cast("Any", application)))


# Without the Origin check any site could open a socket with the reader's cookies.
websockets = AllowedHostsOriginValidator(
    URLRouter([_door("ws/hall/<uuid:lot>", socket(hall.admit))])
)
long_polls = [_door("hall/<uuid:lot>/events", poll(hall.admit))]
