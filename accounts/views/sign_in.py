"""Signing in by password or certificate, the second factor, signing out.

Sign-ins are no `@act`: what axes counts must stay when the attempt is refused.
"""

from __future__ import annotations

import hashlib

import segno
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.forms.fields import SECRETS
from accounts.forms.sign_in import CodeForm, SignInForm
from accounts.models import Person
from accounts.services import proofs, sessions
from accounts.services.sessions import LOGIN, Proof
from accounts.web import (
    ActRequest,
    Done,
    act,
    bound,
    checked,
    current,
    preferences,
    public,
    requires,
    strength,
    wants_json,
)
from accounts.web.bodies import canonical_body
from accounts.web.refusals import invalid, refusal, respond
from accounts.web.sessions import (
    close_session,
    onward,
    open_session,
    origin,
    proven,
    strengthen,
)
from core import clock
from core.verdicts import Reason, Refusal

_KEY = "hp_new_totp_key"


def login_page(request: HttpRequest) -> HttpResponse:
    """Draw both ways in; the challenge is made when the certificate's tab is asked for."""
    context = {
        "form": bound(request, SignInForm),
        "next": onward(request, ""),
        "origin": origin(request),
        "by_certificate": request.GET.get("by") == "certificate",
        "nonce": _nonce(request) if request.GET.get("by") == "certificate" else "",
    }
    return render(request, "accounts/login.html", context)


@public
@never_cache
@sensitive_post_parameters(*SECRETS)
def login(request: HttpRequest) -> HttpResponseBase:
    """Sign in by username, password and code."""
    if request.method != "POST":
        return redirect("accounts:desk") if request.user.is_authenticated else login_page(request)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return respond(request, invalid(form), page=login_page)
    proofs_given = form.cleaned_data | {"username": form.cleaned_data["username"].lower()}
    person = authenticate(request, **proofs_given)
    if person is None:
        return respond(request, refusal(Reason("A-101")), page=login_page)
    how = strength.TOTP if proofs.needs_code(person) else strength.PASSWORD
    return _let_in(request, person, how)


@public
@never_cache
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """Hand out a number to sign, for programs; the page carries its own."""
    body = {"nonce": _nonce(request), "origin": origin(request), "purpose": LOGIN}
    return JsonResponse(body)


@public
@never_cache
@require_POST
def login_by_certificate(request: HttpRequest) -> HttpResponseBase:
    """Sign in by a signature over this page's challenge (`accounts.web` tells the body)."""
    refused: list[Refusal] = []
    try:
        person = authenticate(
            request,
            username=_counted_as(request.POST.get("certificate", "")),
            proof=_proof(request),
            now=clock.now(),
            refused=refused,
        )
    except Refusal as unavailable:
        refused, person = [unavailable], None
    if person is None:
        reason = refused[0].reason if refused else Reason("A-106")
        return respond(request, refusal(reason), page=login_page)
    return _let_in(request, person, strength.CERTIFICATE)


@requires()
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    close_session(request, now=clock.now())
    return redirect("/")


def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Draw the authenticator's code, or ask for a new sign-in where one is set up already."""
    who = current(request)
    again = not who.strong and proofs.has_second(who.person, now=clock.now())
    words = request.session.setdefault(_KEY, proofs.kept(proofs.new_key(), person=who.person))
    key = proofs.unkept(words, person=who.person)
    address = proofs.address(key, person=who.person)
    if wants_json(request) and not again:
        return JsonResponse({"secret": proofs.typed(key), "address": address})
    context = {
        "form": bound(request, CodeForm),
        "again": again,
        "secret": "" if again else proofs.typed(key),
        # Drawn by us from our own key: nothing in it was typed by anybody.
        "square": mark_safe(segno.make(address).svg_inline(scale=5, light="#fff")),  # noqa: S308
        "next": onward(request, reverse("accounts:desk")),
    }
    return render(request, "accounts/second_factor.html", context)


@requires()
@act(page=second_factor_page, secret=SECRETS)
def second_factor(request: ActRequest) -> Done:
    """Set up an authenticator; from now on it is asked for at every sign-in."""
    who = current(request)
    proven(request)
    code = checked(CodeForm(request.POST)).cleaned_data["code"]
    key = proofs.unkept(request.session.get(_KEY, ""), person=who.person)
    proofs.set_second_factor(person=who.person, key=key, code=code, now=request.act.now)
    request.session.pop(_KEY, None)
    strengthen(request, how=strength.TOTP)
    message = _("动态验证码已启用")
    return Done(redirect=onward(request, reverse("accounts:desk")), message=message)


def _let_in(request: HttpRequest, person: Person, how: str) -> HttpResponse:
    open_session(request, person=person, how=how, now=clock.now())
    goes_to = onward(request, reverse("accounts:desk"))
    response: HttpResponse = redirect(goes_to)
    if wants_json(request):
        roles = sorted(current(request).roles)
        response = JsonResponse({"person": str(person.id), "roles": roles, "redirect": goes_to})
    if person.language:
        preferences.remember_language(response, person.language)
    return response


def _nonce(request: HttpRequest) -> str:
    if request.session.session_key is None:
        request.session.create()
    made = sessions.challenge(
        origin=origin(request), session_key=request.session.session_key or "", now=clock.now()
    )
    return made.nonce


def _counted_as(certificate: str) -> str:
    """Name a certificate's failures to axes, so that one firm's do not lock out its neighbour."""
    return f"certificate {hashlib.sha256(certificate.encode()).hexdigest()[:16]}"


def _proof(request: HttpRequest) -> Proof:
    same = request.POST.get("origin") == origin(request)
    return Proof(
        # A body that names another origin was signed for another site.
        nonce=request.POST.get("nonce", "") if same else "",
        origin=origin(request),
        session_key=request.session.session_key or "",
        body=canonical_body(request),
        certificate=request.POST.get("certificate", ""),
        signature=request.POST.get("signature", ""),
    )
