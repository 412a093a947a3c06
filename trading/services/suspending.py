"""Suspend, resume, terminate and begin again: what a tenderer does when things go wrong."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from audit.services import record
from core.events import DomainEvent, moment
from core.verdicts import Refusal
from trading.domain import timeline
from trading.domain.lifecycle import AWARDED, LOT, TENDER
from trading.events.tenders import TenderResumed, TenderSuspended, TenderTerminated
from trading.models import Notice, Opening, Tender
from trading.selectors.drafts import criteria_rows
from trading.selectors.streams import tender_public
from trading.services import authoring, refunding
from trading.services.amending import move_deadline
from trading.services.downloads import tell_takers
from trading.services.opening.state import TERMINATED, move_lot
from trading.services.opening.state import terminate as end_opening

_COPIED = (
    "legal_track",
    "procedure",
    "category",
    "title",
    "description",
    "qualification",
    "approval_no",
    "must_tender",
    "state_funded",
    "host_site",
    "guest_sites",
    "consortium_allowed",
    "decrypt_minutes",
    "objection_minutes",
    "confirm_minutes",
    "opening_order",
    "bid_validity_days",
)
_LOT_COPIED = (
    "number",
    "title",
    "estimate_fen",
    "ceiling_fen",
    "bid_security_fen",
    "price_formula",
    "outlier_rule",
    "tie_rule",
    "candidates_count",
    "max_lots_won",
)


def suspend(
    *,
    tender: Tender,
    reason: str,
    clause: str,
    person: Person,
    signature: UUID,
    now: datetime,
) -> Notice:
    """Stop a published tender; bids already sealed stay valid.

    Not after the deadline: to go on would be to take bids again that came too late.
    """
    tender = _moved(tender, "suspend")
    if tender.deadline_at is not None and now >= tender.deadline_at:
        raise Refusal("T-056", deadline=tender.deadline_at)
    for lot in tender.lots.select_for_update().filter(state="SUBMISSION"):
        move_lot(lot, "suspend")
    tender.suspended_at = now
    tender.save(update_fields=["suspended_at"])
    notice = _notice(tender, Notice.Kind.SUSPENDED, reason, clause, signature, now)
    event = TenderSuspended(notice=notice.pk, reason=reason)
    subject = format_lazy(_("暂停公告：{title}"), title=tender.title)
    _tell(tender, event, subject, reason, person, now)
    return notice


def resume(
    *,
    tender: Tender,
    reason: str,
    clause: str,
    person: Person,
    signature: UUID,
    now: datetime,
) -> Notice:
    """Go on; the deadline moves by the time the tender stood still, to the next opening slot."""
    tender = _moved(tender, "resume")
    assert tender.deadline_at is not None
    assert tender.suspended_at is not None
    deadline = timeline.next_slot(tender.deadline_at + (now - tender.suspended_at))
    move_deadline(tender=tender, deadline_at=deadline, actor=str(person.pk), now=now)
    for lot in tender.lots.select_for_update().filter(state="SUSPENDED"):
        move_lot(lot, "resume")
    tender.suspended_at = None
    tender.save(update_fields=["suspended_at"])
    notice = _notice(tender, Notice.Kind.RESUMED, reason, clause, signature, now)
    event = TenderResumed(notice=notice.pk, deadline_at=moment(deadline))
    subject = format_lazy(_("恢复公告：{title}"), title=tender.title)
    _tell(tender, event, subject, reason, person, now)
    return notice


def terminate(
    *,
    tender: Tender,
    reason: str,
    clause: str,
    person: Person,
    signature: UUID,
    now: datetime,
) -> Notice:
    """End the tender before an award, its openings with it; deposits go back (TBR Art. 31)."""
    tender = _moved(tender, "terminate")
    # Openings before lots, as every act of the hall takes them.
    openings = {
        one.pk: one
        for one in Opening.objects.select_for_update(of=("self",))
        .select_related("lot__tender")
        .filter(lot__tender=tender)
        .order_by("pk")
    }
    lots = list(tender.lots.select_for_update().select_related("tender").order_by("number"))
    awarded = [lot for lot in lots if lot.state in AWARDED]
    if awarded:
        raise Refusal("T-055", lot=awarded[0].code)
    for lot in lots:
        if LOT.can(lot.state, "terminate"):
            move_lot(lot, "terminate", code=TERMINATED)
            if lot.pk in openings:
                end_opening(openings[lot.pk], actor=str(person.pk), now=now)
            refunding.after_end(lot=lot, actor=str(person.pk), now=now)
    notice = _notice(tender, Notice.Kind.TERMINATED, reason, clause, signature, now)
    event = TenderTerminated(notice=notice.pk, reason=reason)
    subject = format_lazy(_("终止公告：{title}"), title=tender.title)
    _tell(tender, event, subject, reason, person, now)
    return notice


def retender(*, tender: Tender, person: Person, now: datetime) -> Tender:
    """Begin the next attempt as a draft with a link to this one; times and keys are made anew."""
    ended = tender.lots.filter(state__in=["FAILED", "TERMINATED"])
    if not ended.exists():
        raise Refusal("T-052", state=tender.state)
    made = authoring.draft(
        centre=tender.centre,
        procuring_entity=tender.procuring_entity,
        agency=tender.agency,
        person=person,
        facts={name: getattr(tender, name) for name in _COPIED},
        now=now,
        predecessor=tender,
    )
    for lot in ended:
        authoring.save_lot(
            tender=made,
            lot_id=None,
            facts={name: getattr(lot, name) for name in _LOT_COPIED},
            criteria=criteria_rows(lot),
            person=person,
            now=now,
        )
    return made


def _moved(tender: Tender, act: str) -> Tender:
    tender = Tender.objects.select_for_update().get(pk=tender.pk)
    if not TENDER.can(tender.state, act):
        raise Refusal("T-052", state=tender.state)
    tender.state = TENDER.after(tender.state, act)
    tender.save(update_fields=["state"])
    return tender


def _notice(
    tender: Tender, kind: str, reason: str, clause: str, signature: UUID, now: datetime
) -> Notice:
    return Notice.objects.create(
        id=uuid4(),
        tender=tender,
        kind=kind,
        title=tender.title,
        body={"reason": reason, "clause": clause},
        published_at=now,
        signature=signature,
    )


def _tell(
    tender: Tender,
    event: DomainEvent,
    subject: Promise,
    body: str,
    person: Person,
    now: datetime,
) -> None:
    record(stream=tender_public(tender), event=event, actor=str(person.pk), now=now)
    tell_takers(tender=tender, kind=event.name, subject=subject, body=body, now=now)
