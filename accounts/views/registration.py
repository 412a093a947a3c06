"""Registering an organisation: four pages that lead to one act.

The answers of the first three wait in the session; the last page holds them all as hidden fields,
so that the act has the whole registration in its body. The password is never in the session.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import SECRETS
from accounts.forms.registration import TOPIC_NAMES, TOPICS, RegisterForm
from accounts.models import OrganisationKind
from accounts.services.registration import Applicant, Firm, register_firm
from accounts.web import ActRequest, Done, act, bound, checked, public
from accounts.web.refusals import invalid, respond

_KEY = "hp_registration"
_LAST = "person"


@public
def topic(request: HttpRequest, *, topic: str) -> HttpResponseBase:
    """Ask one of the first three topics and go on to the next."""
    if topic not in TOPICS or topic == _LAST:
        raise Http404
    if request.method != "POST":
        return _draw(
            request, topic, bound(request, lambda: TOPICS[topic](initial=_answers(request)))
        )
    form = TOPICS[topic](request.POST)
    if not form.is_valid():
        return respond(request, invalid(form), page=_redrawn, kwargs={"topic": topic})
    request.session[_KEY] = _answers(request) | form.cleaned_data
    return redirect(_address(_after(topic)))


def last_page(request: HttpRequest) -> HttpResponseBase:
    """Show all answers and ask for the person who registers."""
    refused = getattr(request, "refused", None)
    answers = _answers(request)
    missing = [name for name in list(TOPICS)[:-1] if not TOPICS[name](answers).is_valid()]
    if missing and refused is None:
        return redirect(_address(missing[0]))
    form = bound(request, lambda: RegisterForm(initial=answers))
    return _draw(request, _LAST, form, answers=_given(form))


@public
@act(page=last_page, secret=SECRETS)
def register(request: ActRequest) -> Done:
    """Register the organisation and its first user."""
    given = dict(checked(RegisterForm(request.POST)).cleaned_data)
    firm = Firm(
        name=given["name"],
        credit_code=given["credit_code"],
        kinds=tuple(given["kinds"]),
        legal_representative=given["legal_representative"],
        address=given["address"],
        basic_account=given["basic_account"],
        basic_bank=given["basic_bank"],
        small_business=given["small_business"],
    )
    applicant = Applicant(
        name=given["person_name"],
        phone=given["phone"],
        email=given["email"],
        password=given["password"],
    )
    username = register_firm(firm=firm, applicant=applicant, now=request.act.now)
    request.session.pop(_KEY, None)
    return Done(
        redirect=reverse("accounts:login"),
        reply={"username": username},
        message=_(
            "登记已收到。请用统一社会信用代码和您设的密码登录；登录不成请与本单位管理人员核对。"
        ),
    )


def _redrawn(request: HttpRequest, *, topic: str) -> HttpResponse:
    return _draw(request, topic, bound(request, TOPICS[topic]))


def _draw(
    request: HttpRequest,
    topic: str,
    form: forms.BaseForm,
    *,
    answers: list[tuple[str, str, str]] | None = None,
) -> HttpResponse:
    names = list(TOPICS)
    here = names.index(topic)
    steps = [
        {"name": TOPIC_NAMES[name], "state": "done" if at < here else "now" if at == here else ""}
        for at, name in enumerate(names)
    ]
    context = {
        "form": form,
        "steps": steps,
        "title": TOPIC_NAMES[topic],
        "back": _address(names[here - 1]) if here else "",
        "answers": answers,
        "asked": list(TOPICS[topic].base_fields),
    }
    return render(request, "accounts/register.html", context)


def _given(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    """Return each earlier answer as its topic, label and words, for checking."""
    shown = []
    for name in list(TOPICS)[:-1]:
        for field_name, field in TOPICS[name].base_fields.items():
            value = form[field_name].value()
            if isinstance(field, forms.MultipleChoiceField):
                words = {str(kind): str(label) for kind, label in OrganisationKind.choices}
                value = str(_("、")).join(words[kind] for kind in value or () if kind in words)
            elif isinstance(field, forms.BooleanField):
                value = _("是") if value else _("否")
            shown.append((_address(name), str(field.label), str(value or "")))
    return shown


def _answers(request: HttpRequest) -> dict[str, Any]:
    return dict(request.session.get(_KEY, {}))


def _after(topic: str) -> str:
    names = list(TOPICS)
    return names[names.index(topic) + 1]


def _address(topic: str) -> str:
    if topic == _LAST:
        return reverse("accounts:register-last")
    return reverse("accounts:register", kwargs={"topic": topic})
