"""The transparency log for people and for programs that follow it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.forms import ProofForm
from audit.models import Checkpoint
from audit.selectors import consistency, latest_checkpoint, latest_stamp
from audit.selectors.log import cosigned_note, latest_cosignatures, latest_cosigned
from audit.services import cosigning
from audit.services.keys import log_key
from audit.views.doors import public
from core.verdicts import Reason, explain

TEXT = "text/plain; charset=utf-8"


@public
@require_safe
def log_page(request: HttpRequest) -> HttpResponse:
    """Say what the log is, where it stands, and how to check it."""
    facts = {
        "checkpoint": latest_checkpoint(),
        "stamp": latest_stamp(),
        "cosignatures": latest_cosignatures(),
        "witness_keys": list(cosigning.keys().values()),
        "witnessed": latest_cosigned(),
        "key": log_key().dumps(),
    }
    return render(request, "audit/log.html", facts)


@public
@require_safe
def checkpoint_file(_request: HttpRequest, *, size: int | None = None) -> HttpResponse:
    """Give the newest checkpoint, or the one of a size, as the signed note it is."""
    found = latest_checkpoint() if size is None else Checkpoint.objects.filter(size=size).first()
    if found is None:
        raise Http404
    return _file(cosigned_note(found), "checkpoint.txt")


@public
@require_safe
def key_file(_request: HttpRequest) -> HttpResponse:
    """Give the log's public key."""
    return _file(log_key().dumps() + "\n", "log-key.pub")


@public
@require_safe
def witness_keys_file(_request: HttpRequest) -> HttpResponse:
    """Give the public keys of the witnesses, a line each."""
    keys = cosigning.keys().values()
    if not keys:
        raise Http404
    return _file("".join(f"{key.dumps()}\n" for key in keys), "witness-keys.pub")


@public
@require_safe
def proof(request: HttpRequest) -> JsonResponse:
    """Prove that the log of `to` leaves begins with the log of `from`."""
    newest = latest_checkpoint()
    form = ProofForm(request.GET, newest=newest.size if newest else 0)
    if not form.is_valid():
        words = explain(Reason("X-421", {"newest": form.newest}))
        told = {"code": words.code, "what": words.what, "why": words.why, "do": words.do}
        return JsonResponse({"error": told}, status=422)
    return JsonResponse(consistency(form.cleaned_data["from"], form.cleaned_data["to"]))


def _file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-cache"}
    return HttpResponse(text, content_type=TEXT, headers=headers)
