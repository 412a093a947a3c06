"""The summary: one case, reckoned by the formulas, ties drawn, the report drafted for signing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from core.door import BadInput
from core.verdicts import Refusal
from evaluation.domain import ranking
from evaluation.domain.scoring import outliers
from evaluation.events import Summarised
from evaluation.models import Panel, Result
from evaluation.policies.panel import may_lead
from evaluation.services import cases, lock_checks, panels, scoring, tasks, tie_draws
from evaluation.services.drafting import draft
from evaluation.services.seating import at_work


def summarise(*, panel_id: UUID, seat_id: UUID, actor: str, now: datetime) -> Panel:
    """Sum up once all are locked; facts on which members differ are listed and must be put right.

    From here nobody can change a score, and nobody could see another's before.
    """
    panel, seat = at_work(panel_id, seat_id, state="SCORING")
    may_lead(panel=panel, seat=seat).or_raise()
    seats = panels.members(panel)
    unlocked = sum(one.locked_at is None for one in seats)
    if unlocked:
        raise Refusal("S-046", count=unlocked)
    found = scoring.differing(panel, seats)
    if found:
        raise Refusal("S-047", where=_where(panel, found), count=len(found))
    conclude(panel, actor=actor, now=now)
    return panel


def conclude(panel: Panel, *, actor: str, now: datetime) -> None:
    """Reckon the result, keep case and outcome, draft the report; only from scores as signed."""
    broken = lock_checks.broken(panels.members(panel))
    if broken:
        raise Refusal("S-049", seats=_("、").join(seat.code for seat in broken))
    case = cases.of(panel)
    valid = [str(bid.pk) for bid in scoring.scored(panel)]
    try:
        case, outcome = ranking.settle(case, order=lambda: tie_draws.draw(panel, valid, now=now))
    except BadInput as error:
        raise Refusal("S-048", place=error.pointer) from error
    cells = scoring.cells_of(panels.members(panel))
    flags = outliers(cells, criteria=scoring.criteria_of(panel.lot))
    result = Result.objects.create(
        panel=panel,
        case=case,
        outcome=outcome,
        case_sha256=ranking.digest(case),
        flags=[flag.body() for flag in flags],
        computed_at=now,
    )
    panels.move(panel, "summarise", actor=actor, now=now, summarised_at=now)
    event = Summarised(case_sha256=result.case_sha256, tie_drawn=bool(case["draws"]))
    panels.tell(panel, event, actor=actor, now=now)
    draft(panel, result=result, now=now)
    panels.move(panel, "draft", actor=actor, now=now)
    tasks.settle(panel, now=now)


def _where(panel: Panel, found: list[tuple[str, str]]) -> str:
    names = {str(bid.pk): bid.seat.organisation.name for bid in scoring.scored(panel)}
    titles = {leaf.key: leaf.title for leaf in scoring.criteria_of(panel.lot).scored}
    return _("；").join(f"{names[bid]}·{titles[key]}" for bid, key in found)
