"""The ASGI entrance: pages and long polls over HTTP, halls and rooms over websocket."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - needs the apps loaded
from django.urls import re_path  # noqa: E402 - as above

from realtime.routing import long_polls, websockets  # noqa: E402 - as above
from trading import arrivals  # noqa: E402 - as above

application = ProtocolTypeRouter(
    {"http": URLRouter([*long_polls, re_path("", arrivals.noting(pages))]), "websocket": websockets}
)
