"""Opening and closing a browser's session."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Person
from accounts.services import proofs, sessions
from accounts.web import strength
from accounts.web.signed_in import current, forget
from core import clock
from core.verdicts import Refusal


def open_session(request: HttpRequest, *, person: Person, how: str, now: datetime) -> None:
    """Sign somebody in who has proved who they are; the session gets a new key."""
    login(request, person)
    request.session[strength.KEY] = how
    forget(request)
    sessions.opened(person=person, how=how, now=now)


def close_session(request: HttpRequest, *, now: datetime) -> None:
    """Sign out and forget the session."""
    sessions.closed(person=current(request).person, now=now)
    logout(request)
    forget(request)


def strengthen(request: HttpRequest, *, how: str) -> None:
    """Note that a second proof was given in this session."""
    request.session[strength.KEY] = how
    request.session.cycle_key()
    forget(request)


def proven(request: HttpRequest) -> None:
    """Refuse a session that has shown only the password of somebody who has a second proof.

    What opens an account may be added or taken away by nobody who merely knows the password.
    """
    who = current(request)
    if not who.strong and proofs.has_second(who.person, now=clock.now()):
        raise Refusal("A-108")


def origin(request: HttpRequest) -> str:
    """Return the address of this site as the browser sees it: scheme and host."""
    return f"{request.scheme}://{request.get_host()}"


def onward(request: HttpRequest, fallback: str) -> str:
    """Return the page asked for before signing in, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else fallback
