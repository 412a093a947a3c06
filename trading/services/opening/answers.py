"""Objections on the spot, and each bidder's answer to the record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Person
from audit.services import record
from core.verdicts import Refusal
from trading.events.opening import ObjectionAnswered, ObjectionRaised, RecordAnswered
from trading.models import Objection, Opening, Party, RecordAnswer
from trading.policies.opening import may_answer_record, may_object
from trading.selectors.streams import lot_public
from trading.services.opening.state import locked


def object_to(*, party: Party, text: str, signature: UUID, actor: str, now: datetime) -> Objection:
    """Raise an objection to the opening, for all to see."""
    opening = locked(party.lot_id)
    may_object(opening=opening).or_raise()
    seat = _seat(opening, party)
    objection = Objection.objects.create(
        id=uuid4(), opening=opening, party=party, text=text, at=now, signature=signature
    )
    record(
        stream=lot_public(opening.lot),
        event=ObjectionRaised(objection=objection.pk, seat=seat, text=text),
        actor=actor,
        now=now,
    )
    return objection


def answer(*, lot_id: UUID, objection_id: UUID, text: str, by: Person, now: datetime) -> None:
    """Answer an objection on the record; an answer is given once."""
    opening = locked(lot_id)
    done = opening.objections.filter(pk=objection_id, answered_at__isnull=True).update(
        answer=text, answered_at=now, answered_by=by
    )
    if not done:
        raise Refusal("O-102", stage=opening.stage)
    record(
        stream=lot_public(opening.lot),
        event=ObjectionAnswered(objection=objection_id, answer=text),
        actor=str(by.pk),
        now=now,
    )


def confirm(*, party: Party, record_hash: str, signature: UUID, actor: str, now: datetime) -> None:
    """Confirm the record whose hash the bidder saw."""
    opening = locked(party.lot_id)
    may_answer_record(opening=opening, now=now).or_raise()
    seat = _seat(opening, party)
    if record_hash != opening.record_hash:
        raise Refusal("O-116")
    if RecordAnswer.objects.filter(party=party).exists():
        raise Refusal("O-118")
    said = "object" if opening.objections.filter(party=party).exists() else "confirm"
    RecordAnswer.objects.create(party=party, answer=said, at=now, signature=signature)
    record(
        stream=lot_public(opening.lot),
        event=RecordAnswered(seat=seat, answer=said),
        actor=actor,
        now=now,
    )


def note_silence(opening: Opening, *, actor: str, now: datetime) -> None:
    """Write down who did not answer; by the documents that counts as no objection."""
    silent = opening.seats.filter(party__record_answer__isnull=True, bid__state="OPENED")
    for seat in silent.order_by("number"):
        said = "object" if opening.objections.filter(party=seat.party_id).exists() else "silent"
        RecordAnswer.objects.create(party_id=seat.party_id, answer=said, at=now)
        record(
            stream=lot_public(opening.lot),
            event=RecordAnswered(seat=seat.number, answer=said),
            actor=actor,
            now=now,
        )


def _seat(opening: Opening, party: Party) -> int:
    number = opening.seats.filter(party=party).values_list("number", flat=True).first()
    if number is None:
        raise Refusal("O-120")
    return number
