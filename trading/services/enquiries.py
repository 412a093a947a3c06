"""Questions about the documents and their answers, which everybody gets and nobody's name is on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from accounts.services import messages
from audit.services import record
from core.verdicts import Refusal
from trading.domain.lifecycle import ENQUIRY
from trading.events.tenders import EnquiryAnswered, EnquiryAsked
from trading.models import Enquiry, Tender
from trading.policies.enquiries import may_ask, may_object
from trading.selectors.streams import tender_public, tender_staff
from trading.services import parties

# Of one firm for one tender: enough for any document, too few to bury the tenderer in.
MOST = 50


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
    # Locked: of two questions sent at once by one firm each gets a number of its own.
    tender = Tender.objects.select_for_update().get(pk=tender.pk)
    may_ask(tender=tender, deadline_at=first_deadline(tender), now=now).or_raise()
    if is_objection:
        may_object(tender=tender, deadline_at=first_deadline(tender), now=now).or_raise()
    asked = len(own(tender=tender, organisation=organisation))
    if asked >= MOST:
        raise Refusal("T-043", most=MOST)
    enquiry = Enquiry(id=uuid4(), tender=tender, is_objection=is_objection, text=text, asked_at=now)
    enquiry.blind = _blind(tender, asked, organisation=organisation)
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


def own(*, tender: Tender, organisation: Organisation) -> list[Enquiry]:
    """Return what a firm asked itself, newest first; no other firm's row is read."""
    blinds = [_blind(tender, number, organisation=organisation) for number in range(MOST)]
    return list(Enquiry.objects.filter(blind__in=blinds).order_by("-asked_at"))


def first_deadline(tender: Tender) -> datetime | None:
    """Return when the first lot closes: until then questions are taken."""
    return tender.lots.order_by("deadline_at").values_list("deadline_at", flat=True).first()


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
        subject=format_lazy(_("提问已答复：{title}"), title=tender.title),
        body=_("招标人已答复您的提问，答复作为招标文件的组成部分公开。"),
        level="changed",
        link=f"/notices/{tender.pk}",
        now=now,
        about=tender.pk,
    )
    return enquiry


def _blind(tender: Tender, number: int, *, organisation: Organisation) -> bytes:
    subject = uuid5(tender.pk, f"enquiry/{number}")
    return parties.blind_of(subject, organisation_id=organisation.pk)
