"""The door banks knock at: public, because the signature is the guard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.web import public
from bank_escrow.services import inbox
from core import clock
from core.verdicts import Refusal

LARGEST = 1024 * 1024


@csrf_exempt
@require_POST
@public
def notify(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what a bank says and answer 200 once it is on disk; the clock reads it."""
    if _length(request) > LARGEST:
        return HttpResponse(status=413)
    try:
        inbox.receive(
            bank=code,
            headers=request.headers,
            target=request.get_full_path(),
            body=request.body,
            real_time=clock.real_now().timestamp(),
            now=clock.now(),
        )
    except Refusal:
        # One answer for a wrong key, an old time, a replay and an unknown bank.
        return HttpResponse(status=401)
    return HttpResponse(status=200)


def _length(request: HttpRequest) -> int:
    """Return how long the body says it is; one that does not say is too long."""
    text = request.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() else LARGEST + 1
