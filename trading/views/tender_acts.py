"""What the tenderer's side does before publication: draft, lots, times, files, key, notice."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Centre, Organisation, Role
from accounts.web import ActRequest, Done, act, checked, current, requires
from core.events import json_value
from core.verdicts import Refusal
from trading.domain import timeline
from trading.models import Tender
from trading.selectors.access import tender_of_side
from trading.selectors.drafts import plan_of
from trading.services import authoring, host_keys, publishing, rooms
from trading.tender_forms import (
    FileForm,
    HostKeyForm,
    LotForm,
    SecretForm,
    TenderForm,
    TimelineForm,
)

SIDE = (Role.TENDERER, Role.AGENCY)


@requires(*SIDE)
@act()
def new(request: ActRequest) -> Done:
    """Begin a tender at the centre that serves the host site."""
    form = checked(TenderForm(request.POST))
    who = current(request)
    firm = who.organisation
    assert firm is not None  # both roles are held for an organisation
    code = form.cleaned_data["procuring_entity"].strip().upper()
    procurer = firm
    if code and code != firm.credit_code:
        found = Organisation.objects.filter(credit_code=code).first()
        if found is None or not who.has(Role.AGENCY):
            raise Refusal("T-021", why=_("招标人未在平台注册，或您不是代理机构"))
        procurer = found
    site = form.cleaned_data["host_site"]
    centre = Centre.objects.filter(pk=site).first() or Centre.objects.order_by("code").first()
    if centre is None:
        raise Http404
    tender = authoring.draft(
        centre=centre,
        procuring_entity=procurer,
        agency=firm if procurer != firm else None,
        person=who.person,
        facts=form.facts(),
        now=request.act.now,
    )
    return _to(tender, reply={"tender": str(tender.pk), "code": tender.code})


@requires(*SIDE)
@act()
def edit(request: ActRequest, *, tender: UUID) -> Done:
    """Change the head of a draft."""
    found = tender_of_side(current(request), tender)
    form = checked(TenderForm(request.POST))
    authoring.edit(
        tender=found, facts=form.facts(), person=current(request).person, now=request.act.now
    )
    return _to(found, message=_("已保存"))


@requires(*SIDE)
@act()
def save_lot(request: ActRequest, *, tender: UUID) -> Done:
    """Write a lot with its criteria."""
    found = tender_of_side(current(request), tender)
    form = checked(LotForm(request.POST))
    lot = authoring.save_lot(
        tender=found,
        lot_id=form.cleaned_data["lot"],
        facts=form.facts(),
        criteria=form.cleaned_data["criteria"],
        person=current(request).person,
        now=request.act.now,
    )
    return _to(found, reply={"lot": str(lot.pk), "code": lot.code}, message=_("已保存"))


@requires(*SIDE)
@act()
def remove_lot(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Take a lot out of a draft."""
    found = tender_of_side(current(request), tender)
    authoring.remove_lot(
        tender=found, lot_id=lot, person=current(request).person, now=request.act.now
    )
    return _to(found, message=_("已删除"))


@requires(*SIDE)
@act()
def set_timeline(request: ActRequest, *, tender: UUID) -> Done:
    """Save the plan and say what the law makes of it; unlawful plans are saved, not published."""
    found = tender_of_side(current(request), tender)
    form = checked(TimelineForm(request.POST))
    found = authoring.edit(
        tender=found,
        facts=form.cleaned_data,
        person=current(request).person,
        now=request.act.now,
    )
    plan = plan_of(found, now=request.act.now)
    findings = timeline.check(plan) if plan else []
    return _to(
        found,
        reply={"findings": [json_value(asdict(finding)) for finding in findings]},
        message=_("已保存"),
    )


@requires(*SIDE)
@act()
def add_document(request: ActRequest, *, tender: UUID) -> Done:
    """Add a file to the documents."""
    found = tender_of_side(current(request), tender)
    form = checked(FileForm(request.POST, request.FILES))
    document = authoring.add_document(
        tender=found,
        file=form.cleaned_data["file"],
        person=current(request).person,
        now=request.act.now,
    )
    return _to(found, reply={"document": str(document.pk)}, message=_("已添加"))


@requires(*SIDE)
@act()
def remove_document(request: ActRequest, *, tender: UUID, document: UUID) -> Done:
    """Take a file out of the draft's documents."""
    found = tender_of_side(current(request), tender)
    authoring.remove_document(
        tender=found, document_id=document, person=current(request).person, now=request.act.now
    )
    return _to(found, message=_("已删除"))


@requires(*SIDE)
@act()
def register_key(request: ActRequest, *, tender: UUID) -> Done:
    """Register the host key's public half and hand out its re-load test."""
    found = tender_of_side(current(request), tender)
    form = checked(HostKeyForm(request.POST))
    _key, challenge = host_keys.register(
        tender=found, **form.cleaned_data, person=current(request).person, now=request.act.now
    )
    return _to(found, reply={"challenge": asdict(challenge)}, message=_("公钥已登记，请试装"))


@requires(*SIDE)
@act()
def test_key(request: ActRequest, *, tender: UUID) -> Done:
    """Take the answer of the re-load test; without one, hand out a fresh test."""
    found = tender_of_side(current(request), tender)
    if not request.POST.get("answer"):
        if not hasattr(found, "host_key"):
            raise Http404
        challenge = host_keys.challenge(found.host_key)
        return _to(found, reply={"challenge": asdict(challenge)})
    form = checked(SecretForm(request.POST))
    host_keys.answer(
        tender=found,
        secret=form.cleaned_data["answer"],
        person=current(request).person,
        now=request.act.now,
    )
    return _to(found, message=_("密钥试装通过"))


@requires(*SIDE)
@act()
def book_room(request: ActRequest, *, tender: UUID) -> Done:
    """Book an opening room at exactly the deadline."""
    found = tender_of_side(current(request), tender)
    booking = rooms.book(
        tender=found,
        room_id=UUID(request.POST["room"]) if request.POST.get("room") else None,
        person=current(request).person,
        now=request.act.now,
    )
    return _to(found, reply={"booking": str(booking)}, message=_("开标室已预约"))


@requires(*SIDE)
@act(purpose="publish")
def publish(request: ActRequest, *, tender: UUID) -> Done:
    """Publish the tender notice."""
    found = tender_of_side(current(request), tender)
    assert request.act.signature is not None  # the act is signed
    notice = publishing.publish(
        tender=found,
        person=current(request).person,
        signature=request.act.signature.pk,
        now=request.act.now,
    )
    return _to(found, reply={"notice": str(notice.pk)}, message=_("招标公告已发布"))


def _to(tender: Tender, *, message: str = "", reply: dict[str, Any] | None = None) -> Done:
    return Done(
        redirect=reverse("trading:tender", kwargs={"tender": tender.pk}),
        reply=reply or {},
        message=message,
    )
