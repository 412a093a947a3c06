"""An act by HTTP POST: done once under its id, signed where the law asks for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.forms import BaseForm
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.utils.functional import Promise

from accounts.models import Person, Signature
from accounts.services import signatures
from accounts.services.commands import VISITOR, perform
from accounts.web import refusals
from accounts.web.bodies import canonical_body
from core import clock
from core.verdicts import Refusal

F = TypeVar("F", bound=BaseForm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An act that was carried out: where to go, what to tell a page or a program."""

    redirect: str
    reply: Mapping[str, Any] = field(default_factory=dict)
    message: str | Promise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The act under way, at `request.act`: hand `now` and `signature` on to the service."""

    id: UUID
    actor: str
    now: datetime
    body: bytes
    signature: Signature | None


class ActRequest(HttpRequest):
    """A request inside an act, for type annotations."""

    act: Act


class FormRefused(Exception):  # noqa: N818 - the counterpart of Refusal for whole forms
    """The form did not validate."""

    def __init__(self, form: BaseForm) -> None:
        self.form = form
        super().__init__("form refused")


View = Callable[..., Done]


def checked(form: F) -> F:
    """Return the form if it is valid; otherwise end the act with its errors."""
    if not form.is_valid():
        raise FormRefused(form)
    return form


def act(
    *,
    purpose: str | None = None,
    page: refusals.Page | None = None,
    secret: Collection[str] = (),
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Turn a function that does one thing and returns `Done` into a view (see `accounts.web`)."""

    def wrap(view: View) -> Callable[..., HttpResponseBase]:
        if hasattr(view, "hp_guard"):
            raise ImproperlyConfigured("write @requires or @public above @act, not below it")

        @wraps(view)
        def run(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if page is not None and request.method in {"GET", "HEAD"}:
                return page(request, **kwargs)
            if request.method != "POST":
                return HttpResponseNotAllowed(["GET", "POST"] if page else ["POST"])
            try:
                outcome = _perform(request, view, kwargs, purpose=purpose, secret=secret)
            except Refusal as refused:
                answer = refusals.refusal(refused.reason)
            except FormRefused as refused:
                answer = refusals.invalid(refused.form)
            else:
                return _answer(request, outcome)
            return refusals.respond(request, answer, page=page, kwargs=kwargs)

        return run

    return wrap


def _perform(
    request: HttpRequest,
    view: View,
    kwargs: Mapping[str, Any],
    *,
    purpose: str | None,
    secret: Collection[str],
) -> dict[str, Any]:
    now = clock.now()
    command_id = _command_id(request)
    person = request.user if request.user.is_authenticated else None
    actor = str(person.pk) if person else VISITOR
    body = canonical_body(request, secret=secret)

    def carry_out() -> dict[str, Any]:
        signature = _signature(request, purpose=purpose, body=body, now=now)
        acting = cast("ActRequest", request)
        acting.act = Act(id=command_id, actor=actor, now=now, body=body, signature=signature)
        done = view(acting, **kwargs)
        return {"redirect": done.redirect, "reply": dict(done.reply), "message": str(done.message)}

    return perform(command_id=command_id, person=person, body=body, act=carry_out, now=now)


def _command_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("command_id", ""))
    except ValueError:
        raise Refusal("A-301") from None


def _signature(
    request: HttpRequest, *, purpose: str | None, body: bytes, now: datetime
) -> Signature | None:
    if purpose is None:
        return None
    return signatures.accept(
        person=cast("Person", request.user),
        purpose=purpose,
        body=body,
        signature=request.POST.get("signature", ""),
        certificate=request.POST.get("certificate", ""),
        now=now,
    )


def _answer(request: HttpRequest, outcome: Mapping[str, Any]) -> HttpResponseBase:
    if refusals.wants_json(request):
        return JsonResponse({"redirect": outcome["redirect"], **outcome["reply"]})
    if outcome["message"]:
        messages.success(request, outcome["message"])
    return HttpResponse(status=303, headers={"Location": outcome["redirect"]})
