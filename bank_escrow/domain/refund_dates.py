"""By when a deposit must be back, and with interest or without: a dated table with its articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.law import Article, Statute
from core.workdays.calendar import PUBLISHED, Calendar
from core.workdays.periods import ends_at, period_end, working_period_end
from core.zone import local_day


class Basis(StrEnum):
    """Why a deposit goes back."""

    WITHDRAWN = "WITHDRAWN"
    CONTRACT = "CONTRACT"
    AWARD_NOTICE = "AWARD_NOTICE"
    TERMINATED = "TERMINATED"
    FAILED = "FAILED"
    NOT_COUNTED = "NOT_COUNTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period in law: so many days after the event, and whether interest is owed."""

    days: int
    working: bool
    interest: bool
    source: Article


_TBR35 = Article(Statute.TBR, 35)
_TBR57 = Article(Statute.TBR, 57)
_TBR31 = Article(Statute.TBR, 31)
_GPR33 = Article(Statute.GPR, 33)
_MOF38 = Article(Statute.MOF87, 38)

# Where the law says "promptly" (及时) the house takes the same five days; that is our choice.
_TENDERING = {
    Basis.WITHDRAWN: Period(days=5, working=False, interest=False, source=_TBR35),
    Basis.CONTRACT: Period(days=5, working=False, interest=True, source=_TBR57),
    Basis.TERMINATED: Period(days=5, working=False, interest=True, source=_TBR31),
    Basis.FAILED: Period(days=5, working=False, interest=True, source=_TBR31),
    Basis.NOT_COUNTED: Period(days=5, working=False, interest=False, source=_TBR35),
}
_PROCUREMENT = {
    Basis.WITHDRAWN: Period(days=5, working=True, interest=False, source=_MOF38),
    Basis.AWARD_NOTICE: Period(days=5, working=True, interest=False, source=_GPR33),
    Basis.CONTRACT: Period(days=5, working=True, interest=False, source=_GPR33),
    Basis.TERMINATED: Period(days=5, working=True, interest=False, source=_MOF38),
    Basis.FAILED: Period(days=5, working=True, interest=False, source=_MOF38),
    Basis.NOT_COUNTED: Period(days=5, working=True, interest=False, source=_MOF38),
}


def period(*, track: str, basis: Basis) -> Period:
    """Return the period that holds; other tracks follow the tendering law, as their rules say."""
    table = _PROCUREMENT if track == "G" else _TENDERING
    try:
        return table[basis]
    except KeyError:
        raise LookupError(f"track {track} knows no refund on {basis}") from None


def due_at(
    *, track: str, basis: Basis, since: datetime, calendar: Calendar = PUBLISHED
) -> datetime:
    """Return the instant by which the money must be back; the last day ends at 24:00."""
    law = period(track=track, basis=basis)
    start: date = local_day(since)
    reckon = working_period_end if law.working else period_end
    return ends_at(reckon(start, law.days, calendar=calendar).day)
