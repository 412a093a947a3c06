"""The organisation's own pages: its data, its people, and everybody's certificates."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import policies, selectors
from accounts.forms.fields import SECRETS
from accounts.forms.organisation import ColleagueForm, DemoCertificateForm, OrganisationForm
from accounts.models import Organisation, Person, Role
from accounts.services import certificates, people, registration
from accounts.web import ActRequest, Done, act, bound, checked, current, requires
from accounts.web.refusals import invalid, refusal, respond
from accounts.web.sessions import proven
from core.verdicts import Refusal

_MEMBERS = (Role.BIDDER, Role.TENDERER, Role.AGENCY)


def data_page(request: HttpRequest) -> HttpResponse:
    """Show what the organisation says about itself."""
    here = _here(request)
    fields = OrganisationForm.base_fields
    form = bound(request, lambda: OrganisationForm({name: getattr(here, name) for name in fields}))
    context = {"organisation": here, "form": form, "manages": current(request).manages}
    return render(request, "accounts/organisation.html", context)


@requires(*_MEMBERS)
@act(page=data_page)
def data(request: ActRequest) -> Done:
    """Change the organisation's data."""
    policies.may_manage(current(request)).or_raise()
    form = checked(OrganisationForm(request.POST))
    registration.update(
        organisation=_here(request),
        changes=form.cleaned_data,
        actor=request.act.actor,
        now=request.act.now,
    )
    return Done(redirect=reverse("accounts:organisation"), message=_("单位资料已保存"))


def users_page(request: HttpRequest) -> HttpResponse:
    """Show the colleagues, and the form to add one."""
    here = _here(request)
    context = {
        "organisation": here,
        "people": selectors.members(organisation=here),
        "managers": set(selectors.managers(here).values_list("id", flat=True)),
        "form": bound(request, ColleagueForm),
        "manages": current(request).manages,
    }
    return render(request, "accounts/users.html", context)


@requires(*_MEMBERS)
@act(page=users_page, secret=SECRETS)
def users(request: ActRequest) -> Done:
    """Add a colleague."""
    policies.may_manage(current(request)).or_raise()
    given = checked(ColleagueForm(request.POST)).cleaned_data
    person = people.add_colleague(
        organisation=_here(request),
        suffix=given["suffix"],
        name=given["person_name"],
        phone=given["phone"],
        email=given["email"],
        password=given["password"],
        manager=given["manager"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("accounts:users"),
        reply={"person": str(person.id), "username": person.username},
        message=_("同事可以登录了"),
    )


@requires(*_MEMBERS)
@act()
def dismiss(request: ActRequest, *, person: UUID) -> Done:
    """End a colleague's roles for the organisation."""
    policies.may_manage(current(request)).or_raise()
    here = _here(request)
    found = get_object_or_404(selectors.members(organisation=here), pk=person)
    people.dismiss(organisation=here, person=found, actor=request.act.actor, now=request.act.now)
    return Done(redirect=reverse("accounts:users"), message=_("授权已收回"))


def certificates_page(request: HttpRequest) -> HttpResponse:
    """Show one's certificates, and the ways to a further one."""
    who = current(request)
    context = {
        "certificates": selectors.certificates_of(who.person),
        "form": bound(request, DemoCertificateForm),
    }
    return render(request, "accounts/certificates.html", context)


@requires()
def certificates_list(request: HttpRequest) -> HttpResponse:
    """Show one's certificates."""
    return certificates_page(request)


@requires()
@require_POST
@sensitive_post_parameters(*SECRETS)
def request_certificate(request: HttpRequest) -> HttpResponseBase:
    """Hand out a demo certificate; no act, since an act's reply would be kept here."""
    form = DemoCertificateForm(request.POST)
    if not form.is_valid():
        return respond(request, invalid(form), page=certificates_page)
    who = current(request)
    try:
        made = certificates.request_demo(
            person=who.person,
            organisation=who.organisation,
            passphrase=form.cleaned_data["passphrase"],
        )
    except Refusal as refused:
        return respond(request, refusal(refused.reason), page=certificates_page)
    name = f'attachment; filename="{who.person.username}.p12"'
    return HttpResponse(
        made, content_type="application/x-pkcs12", headers={"Content-Disposition": name}
    )


@requires()
@act()
def bind(request: ActRequest) -> Done:
    """Bind the certificate whose key signed this very act under the purpose `confirm`.

    A password is enough for it: the authority that issued the certificate has seen the person.
    """
    who = current(request)
    bound_now = certificates.bind(
        person=who.person,
        organisation=who.organisation,
        pem=request.POST.get("certificate", ""),
        body=request.act.body,
        signature=request.POST.get("signature", ""),
        now=request.act.now,
    )
    return Done(
        redirect=reverse("accounts:certificates"),
        reply={"certificate": str(bound_now.id), "serial": bound_now.serial},
        message=_("证书已登记"),
    )


@requires()
@act()
def release(request: ActRequest, *, certificate: UUID) -> Done:
    """Stop using a certificate; who lost it binds a new one and signs in with that first."""
    proven(request)
    found = get_object_or_404(selectors.certificates_of(_person(request)), pk=certificate)
    certificates.release(certificate=found, now=request.act.now)
    return Done(redirect=reverse("accounts:certificates"), message=_("证书已停用"))


def _here(request: HttpRequest) -> Organisation:
    found = current(request).organisation
    if found is None:
        raise LookupError("a role of an organisation without the organisation")
    return found


def _person(request: HttpRequest) -> Person:
    return current(request).person
