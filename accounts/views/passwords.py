"""Forgotten, first and changed passwords."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import SECRETS, NewPasswordForm
from accounts.forms.sign_in import PasswordForm, ResetForm
from accounts.services import proofs
from accounts.web import ActRequest, Done, act, bound, checked, current, public, requires
from accounts.web.sessions import origin


def forgotten_page(request: HttpRequest) -> HttpResponse:
    """Ask for the username."""
    return render(request, "accounts/forgotten.html", {"form": bound(request, ResetForm)})


@public
@act(page=forgotten_page)
def forgotten(request: ActRequest) -> Done:
    """Send a link; the answer does not tell whether the name exists."""
    form = checked(ResetForm(request.POST))
    proofs.ask_reset(
        username=form.cleaned_data["username"], site=origin(request), now=request.act.now
    )
    message = _("如果这个用户名留有电子邮箱，链接几分钟内会送到")
    return Done(redirect=reverse("accounts:login"), message=message)


def reset_page(request: HttpRequest, *, key: str, token: str) -> HttpResponse:
    """Ask for the new password, if the link still holds."""
    proofs.person_of_reset(key=key, token=token)
    return render(request, "accounts/reset.html", {"form": bound(request, NewPasswordForm)})


@public
@act(page=reset_page, secret=SECRETS)
def reset(request: ActRequest, *, key: str, token: str) -> Done:
    """Set a password by the link of an e-mail."""
    person = proofs.person_of_reset(key=key, token=token)
    form = checked(NewPasswordForm(request.POST))
    proofs.set_password(person=person, password=form.cleaned_data["password"], now=request.act.now)
    return Done(redirect=reverse("accounts:login"), message=_("新密码已生效"))


def change_page(request: HttpRequest) -> HttpResponse:
    """Ask for the present password and the new one."""
    form = bound(request, lambda: PasswordForm(person=current(request).person))
    return render(request, "accounts/password.html", {"form": form})


@requires()
@act(page=change_page, secret=SECRETS)
def change(request: ActRequest) -> Done:
    """Change one's password; other browsers are signed out, this one is not."""
    person = current(request).person
    form = checked(PasswordForm(request.POST, person=person))
    proofs.set_password(person=person, password=form.cleaned_data["password"], now=request.act.now)
    update_session_auth_hash(request, person)
    return Done(redirect=reverse("accounts:settings"), message=_("新密码已生效"))
