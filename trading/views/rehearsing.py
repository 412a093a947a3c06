"""The rehearsal: a machine tries the whole way of a bid with throw-away keys; nothing is kept."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.web import public
from sealing.encoding import b64u
from trading.services.uploads import MAX_PIECE


@public
@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Try the browser, sealing, sending and opening."""
    return render(request, "trading/bids/check.html")


@public
@require_POST
def echo(request: HttpRequest) -> JsonResponse:
    """Answer a piece with its size and hash, and forget it."""
    if request.content_type != "application/offset+octet-stream":
        return JsonResponse({}, status=415)
    piece = request.body
    if len(piece) > MAX_PIECE:
        return JsonResponse({}, status=413)
    return JsonResponse({"size": len(piece), "sha256": b64u(hashlib.sha256(piece).digest())})
