"""How a refusal reaches the reader: as JSON, on the form's own page, or on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from accounts.web.statuses import status_of
from core.verdicts import Explained, Reason, explain

F = TypeVar("F", bound=BaseForm)
Page = Callable[..., HttpResponseBase]

INVALID, LOCKED_OUT = 422, 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What a page needs to show a refusal: the words, and the form with its marked fields."""

    status: int
    explained: Explained
    form: BaseForm | None = None
    fields: Mapping[str, list[str]] = field(default_factory=dict)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the caller asked for JSON rather than a page."""
    return "application/json" in request.headers.get("Accept", "")


def refusal(reason: Reason, *, status: int | None = None) -> Refused:
    """Put a reason into words, with its status."""
    code = status or status_of(reason.code)
    return Refused(status=code, explained=explain(reason))


def invalid(form: BaseForm) -> Refused:
    """Put a form that did not validate into words; the fields say the rest."""
    fields = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    reason = Reason("A-422", {"count": sum(len(texts) for texts in fields.values())})
    return Refused(status=INVALID, explained=explain(reason), form=form, fields=fields)


def respond(
    request: HttpRequest,
    refused: Refused,
    *,
    page: Page | None = None,
    kwargs: Mapping[str, object] | None = None,
) -> HttpResponseBase:
    """Answer with a refusal; `page` is the form's own view and is drawn again around it."""
    if wants_json(request):
        return JsonResponse({"error": as_json(refused)}, status=refused.status)
    request.refused = refused  # type: ignore[attr-defined]  # read by the context processor
    if page is None:
        return _own_page(request, refused)
    response = page(request, **(kwargs or {}))
    response.status_code = refused.status
    return response


def as_json(refused: Refused) -> dict[str, object]:
    """Return the words as the JSON error object."""
    words = refused.explained
    error: dict[str, object] = {
        "code": words.code,
        "what": words.what,
        "why": words.why,
        "do": words.do,
    }
    if refused.fields:
        error["fields"] = dict(refused.fields)
    return error


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Answer a caller who guessed too often (called by axes)."""
    refused = refusal(Reason("A-103"), status=LOCKED_OUT)
    if wants_json(request):
        return JsonResponse({"error": as_json(refused)}, status=refused.status)
    return _own_page(request, refused)


def bound(request: HttpRequest, fresh: Callable[[], F]) -> F:
    """Return the form that was just refused, if it is of this kind, or a fresh one."""
    made = fresh()
    refused: Refused | None = getattr(request, "refused", None)
    form = refused.form if refused else None
    return form if isinstance(form, type(made)) else made


def _own_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    words = {"explained": refused.explained, "back": _back(request)}
    return render(request, "errors/refusal.html", words, status=refused.status)


def _back(request: HttpRequest) -> str:
    """Return the page of ours the reader came from, else the first page."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    ours = came_from.netloc == request.get_host()
    return one_slash(came_from.path) if ours and came_from.path != request.path else "/"


def one_slash(path: str) -> str:
    """Return a path that stays on this site: `//evil` would name another host."""
    return "/" + path.lstrip("/\\")
