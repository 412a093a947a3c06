"""Questions about the documents and their answers, which everybody gets and nobody's name is on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Organisation, Person
from accounts.services import messages
from accounts.web import cited
from audit.services import record
from core.law import PERIODS
from core.verdicts import Refusal
from core.workdays.periods import enough_before
from core.zone import local_day
from trading.domain.lifecycle import ENQUIRY
from trading.events.tenders import EnquiryAnswered, EnquiryAsked
from trading.models import Enquiry, Tender
from trading.selectors.streams import tender_public, tender_staff
from trading.services import parties


def ask(
    *,
    tender: Tender,
    organisation: Organisation,
    text: str,
    is_objection: bool,
    now: datetime,
) -> Enquiry:
    """Ask; an objection to the documents must come in time (TBR Art. 22).

    The event names no actor: an opaque id would still tell which questions have one author.
    """
    deadline = tender.lots.order_by("deadline_at").values_list("deadline_at", flat=True).first()
    if tender.state != "PUBLISHED" or deadline is None or now >= deadline:
        raise Refusal("T-040")
    if is_objection:
        _in_time(tender, deadline, now)
    enquiry = Enquiry(id=uuid4(), tender=tender, is_objection=is_objection, text=text, asked_at=now)
    enquiry.asker_sealed = parties.seal_note(
        {"organisation": str(organisation.pk)}, bound_to=enquiry.pk
    )
    enquiry.save(force_insert=True)
    record(
        stream=tender_staff(tender),
        event=EnquiryAsked(enquiry=enquiry.pk, is_objection=is_objection),
        actor="asker",
        now=now,
    )
    return enquiry


def answer(
    *, tender: Tender, enquiry_id: UUID, text: str, person: Person, now: datetime
) -> Enquiry:
    """Answer for everybody; the asker gets a message, and nobody learns who that is."""
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry_id, tender=tender)
    if not ENQUIRY.can(enquiry.state, "answer"):
        raise Refusal("T-042")
    enquiry.state = ENQUIRY.after(enquiry.state, "answer")
    enquiry.answer, enquiry.answered_at = text, now
    enquiry.save(update_fields=["state", "answer", "answered_at"])
    record(
        stream=tender_public(tender),
        event=EnquiryAnswered(enquiry=enquiry.pk),
        actor=str(person.pk),
        now=now,
    )
    asker = parties.open_note(bytes(enquiry.asker_sealed), bound_to=enquiry.pk)
    messages.send(
        to=Organisation.objects.get(pk=asker["organisation"]),
        kind="enquiry.answered",
        subject=f"提问已答复：{tender.title}",
        body="招标人已答复您的提问，答复作为招标文件的组成部分公开。",
        level="changed",
        link=f"/notices/{tender.pk}",
        now=now,
        about=tender.pk,
    )
    return enquiry


def _in_time(tender: Tender, deadline: datetime, now: datetime) -> None:
    rule = PERIODS["objection_before_deadline"].find(on=local_day(now), track=tender.legal_track)
    if rule is not None and not enough_before(
        act_at=now, deadline_at=deadline, days=int(rule.value)
    ):
        raise Refusal("T-041", days=rule.value, article=cited(rule.article.zh))
