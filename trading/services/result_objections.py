"""Objections to the result (track T, TBR Art. 54) and challenges (track G, GPL Art. 52)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Person
from audit.services import record
from core.events import moment
from core.law import PERIODS, last_day
from core.verdicts import Refusal
from core.workdays.periods import ends_at
from core.zone import local_day
from trading.events.award import ResultObjected, ResultObjectionAnswered
from trading.models import Lot, Notice, Party, ResultObjection
from trading.selectors.streams import lot_staff


def open_until(lot: Lot) -> datetime | None:
    """Return until when the result may be objected to; None while there is none."""
    if lot.tender.legal_track == "T":
        notice = lot.notices.filter(kind=Notice.Kind.CANDIDATES).first()
        return notice.ends_at if notice else None
    notice = lot.notices.filter(kind=Notice.Kind.AWARD).first()
    if notice is None:
        return None
    day = local_day(notice.published_at)
    rule = PERIODS["challenge"].get(on=day, track="G")
    return ends_at(last_day(day, rule).day)


def object_to_result(
    *, lot: Lot, party: Party, text: str, actor: str, now: datetime
) -> ResultObjection:
    """Object in time; the award waits for the answer."""
    until = open_until(lot)
    if until is None or now >= until:
        raise Refusal("W-040")
    day = local_day(now)
    track = lot.tender.legal_track
    if track == "T":
        rule = PERIODS["objection_answer"].get(on=day, track=track, about="result")
    else:
        rule = PERIODS["challenge_answer"].get(on=day, track=track)
    made = ResultObjection.objects.create(
        id=uuid4(),
        lot=lot,
        party=party,
        text=text,
        at=now,
        due_at=ends_at(last_day(day, rule).day),
    )
    record(
        stream=lot_staff(lot),
        event=ResultObjected(objection=made.pk, due_at=moment(made.due_at)),
        actor=actor,
        now=now,
    )
    return made


def answer(*, lot: Lot, objection_id: UUID, text: str, person: Person, now: datetime) -> None:
    """Answer an objection; an answer is given once."""
    waiting = ResultObjection.objects.filter(lot=lot, pk=objection_id, answered_at__isnull=True)
    if not waiting.update(answer=text, answered_at=now):
        raise Refusal("W-041")
    record(
        stream=lot_staff(lot),
        event=ResultObjectionAnswered(objection=objection_id),
        actor=str(person.pk),
        now=now,
    )
