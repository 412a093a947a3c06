"""The ASGI entrance: pages over HTTP, halls and rooms over websocket."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402 - needs the apps loaded

from realtime.routing import websockets  # noqa: E402

application = ProtocolTypeRouter({"http": pages, "websocket": websockets})
