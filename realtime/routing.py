"""Doors that stay open: websockets, and long polls for networks that break them.

A new kind of room is one function (`realtime.admission.Room`) and one line in each list.
"""

from __future__ import annotations

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from realtime.polling import poll
from realtime.rooms import hall
from realtime.sockets import socket

# Without the Origin check any site could open a socket with the reader's cookies.
websockets = AllowedHostsOriginValidator(
    URLRouter([path("ws/hall/<uuid:lot>", socket(hall.admit))])
)
long_polls = [path("hall/<uuid:lot>/events", poll(hall.admit))]
