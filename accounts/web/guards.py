"""Who may come in: every view is either public by name or asks for a role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from accounts.models import STAFF_ROLES, Role
from accounts.web import refusals
from accounts.web.signed_in import SignedIn, signed_in
from core.verdicts import Reason, Refusal

View = Callable[..., HttpResponseBase]
PUBLIC = "public"


def public(view: View) -> View:
    """Mark a view as open to everybody; the architecture test reads the mark."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _in_words(view, request, *args, **kwargs)

    return _marked(run, PUBLIC)


def requires(*roles: Role, hidden: bool = False) -> Callable[[View], View]:
    """Let in people who may use one of these roles; without roles, anybody signed in.

    `hidden` is for what must not be known to exist: the wrong role then sees the page of a wrong
    address. Whether this very object is theirs is for the policy to say, not for the guard.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            who = signed_in(request)
            response = (
                _in_words(view, request, *args, **kwargs)
                if who is not None and (not roles or who.has(*roles))
                else _turned_away(request, who, roles, hidden=hidden)
            )
            # What one role saw must not come out of a cache for the next.
            patch_cache_control(response, private=True, no_store=True)
            return response

        return _marked(run, frozenset(role.value for role in roles))

    return guard


def _in_words(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Answer with the view, or in words with the refusal it raised."""
    try:
        return view(request, *args, **kwargs)
    except Refusal as refused:
        return refusals.respond(request, refusals.refusal(refused.reason))


def _turned_away(
    request: HttpRequest, who: SignedIn | None, roles: tuple[Role, ...], *, hidden: bool
) -> HttpResponseBase:
    if who is None:
        if refusals.wants_json(request):
            return refusals.respond(request, refusals.refusal(Reason("A-401")))
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': _here(request)})}")
    # Theirs, but a password alone does not open it.
    if not who.strong and who.held & set(roles) & STAFF_ROLES:
        if refusals.wants_json(request):
            return refusals.respond(request, refusals.refusal(Reason("A-104")))
        query = urlencode({"next": _here(request)})
        return redirect(f"{reverse('accounts:second-factor')}?{query}")
    if hidden:
        raise Http404
    wanted = _("、").join(str(role.label) for role in roles)
    return refusals.respond(request, refusals.refusal(Reason("A-403", {"roles": wanted})))


def _here(request: HttpRequest) -> str:
    if request.method in {"GET", "HEAD"}:
        return refusals.one_slash(request.get_full_path())
    # A redirect cannot repeat a POST, but the page it came from still knows what was typed.
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path:
        path = refusals.one_slash(came_from.path)
        return urlunsplit(("", "", path, came_from.query, ""))
    return reverse("accounts:desk")


def _marked(view: View, mark: frozenset[str] | str) -> View:
    view.hp_guard = mark  # type: ignore[attr-defined]  # read by the architecture test
    return view
