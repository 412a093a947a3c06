"""What the tenderer's side does before publication: draft, lots, times, files, key, notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Centre, Organisation, Role
from accounts.web import ActRequest, Done, act, checked, current, requires
from core.events import json_value, moment
from core.verdicts import Refusal
from trading.domain import timeline
from trading.models import Notice, Tender
from trading.selectors.access import published_tender, tender_of_side
from trading.selectors.drafts import plan_of
from trading.services import (
    amending,
    authoring,
    enquiries,
    host_keys,
    publishing,
    rooms,
    suspending,
)
from trading.tender_forms import (
    AmendForm,
    AnswerForm,
    EnquiryForm,
    FileForm,
    HostKeyForm,
    LotForm,
    PublishForm,
    ReasonForm,
    SecretForm,
    TenderForm,
    TimelineForm,
)
from trading.views.lot_pages import lot_page
from trading.views.tender_pages import edit_page, new_page, tender_page

SIDE = (Role.TENDERER, Role.AGENCY)


@requires(*SIDE)
@act(page=new_page)
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
@act(page=edit_page)
def edit(request: ActRequest, *, tender: UUID) -> Done:
    """Change the head of a draft."""
    found = tender_of_side(current(request), tender)
    form = checked(TenderForm(request.POST))
    authoring.edit(
        tender=found, facts=form.facts(), person=current(request).person, now=request.act.now
    )
    return _to(found, message=_("已保存"))


@requires(*SIDE)
@act(page=lot_page)
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
@act(page=tender_page)
def remove_lot(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Take a lot out of a draft."""
    found = tender_of_side(current(request), tender)
    authoring.remove_lot(
        tender=found, lot_id=lot, person=current(request).person, now=request.act.now
    )
    return _to(found, message=_("已删除"))


@requires(*SIDE)
@act(page=tender_page)
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
@act(page=tender_page)
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
@act(page=tender_page)
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
@act(page=tender_page)
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
@act(purpose="publish", page=tender_page)
def publish(request: ActRequest, *, tender: UUID) -> Done:
    """Publish the tender notice."""
    found = tender_of_side(current(request), tender)
    form = checked(PublishForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    notice = publishing.publish(
        tender=found,
        person=current(request).person,
        signature=request.act.signature.pk,
        code=form.code(),
        now=request.act.now,
    )
    return _to(found, reply={"notice": str(notice.pk)}, message=_("招标公告已发布"))


@requires(Role.BIDDER, *SIDE)
@act()
def ask(request: ActRequest, *, tender: UUID) -> Done:
    """Ask about the documents; nobody learns who asked."""
    found = published_tender(tender)
    form = checked(EnquiryForm(request.POST))
    firm = current(request).organisation
    assert firm is not None  # the roles are held for a firm
    enquiry = enquiries.ask(
        tender=found, organisation=firm, **form.cleaned_data, now=request.act.now
    )
    return Done(
        redirect=reverse("trading:notice", kwargs={"tender": tender}),
        reply={"enquiry": str(enquiry.pk)},
        message=_("提问已送出，答复将公开，不显示提问人"),
    )


@requires(*SIDE)
@act(page=tender_page)
def answer(request: ActRequest, *, tender: UUID, enquiry: UUID) -> Done:
    """Answer an enquiry for everybody."""
    found = tender_of_side(current(request), tender)
    form = checked(AnswerForm(request.POST))
    enquiries.answer(
        tender=found,
        enquiry_id=enquiry,
        text=form.cleaned_data["answer"],
        person=current(request).person,
        now=request.act.now,
    )
    return _to(found, message=_("答复已公开"))


@requires(*SIDE)
@act(purpose="publish", page=tender_page)
def amend(request: ActRequest, *, tender: UUID) -> Done:
    """Publish an addendum."""
    found = tender_of_side(current(request), tender)
    form = checked(AmendForm(request.POST, request.FILES))
    assert request.act.signature is not None  # the act is signed
    made = amending.amend(
        tender=found,
        summary=form.cleaned_data["summary"],
        content=form.clauses("new"),
        quoted=form.clauses("old"),
        new_deadline_at=form.cleaned_data["new_deadline_at"],
        files=request.FILES.getlist("files"),
        affects_preparation=not form.cleaned_data["harmless"],
        person=current(request).person,
        signature=request.act.signature.pk,
        now=request.act.now,
    )
    found.refresh_from_db()
    assert found.deadline_at is not None  # it is published
    return _to(
        found,
        reply={
            "notice": str(made.notice_id),
            "version": made.to_version,
            "deadline_at": moment(found.deadline_at),
        },
        message=_("变更公告已发布"),
    )


@requires(*SIDE)
@act(purpose="approve", page=tender_page)
def suspend(request: ActRequest, *, tender: UUID) -> Done:
    """Stop a published tender."""
    return _course(request, tender, suspending.suspend, _("已暂停"))


@requires(*SIDE)
@act(purpose="approve", page=tender_page)
def resume(request: ActRequest, *, tender: UUID) -> Done:
    """Let a suspended tender go on."""
    return _course(request, tender, suspending.resume, _("已恢复"))


@requires(*SIDE)
@act(purpose="approve", page=tender_page)
def terminate(request: ActRequest, *, tender: UUID) -> Done:
    """End a tender before an award."""
    return _course(request, tender, suspending.terminate, _("已终止"))


@requires(*SIDE)
@act(page=tender_page)
def retender(request: ActRequest, *, tender: UUID) -> Done:
    """Begin the next attempt of a tender whose lots failed."""
    found = tender_of_side(current(request), tender)
    made = suspending.retender(tender=found, person=current(request).person, now=request.act.now)
    return _to(made, reply={"tender": str(made.pk), "code": made.code})


def _course(request: ActRequest, tender: UUID, act_on: Callable[..., Notice], message: str) -> Done:
    found = tender_of_side(current(request), tender)
    form = checked(ReasonForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    notice = act_on(
        tender=found,
        **form.cleaned_data,
        person=current(request).person,
        signature=request.act.signature.pk,
        now=request.act.now,
    )
    return _to(found, reply={"notice": str(notice.pk)}, message=message)


def _to(tender: Tender, *, message: str = "", reply: dict[str, Any] | None = None) -> Done:
    return Done(
        redirect=reverse("trading:tender", kwargs={"tender": tender.pk}),
        reply=reply or {},
        message=message,
    )
