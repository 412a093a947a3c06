"""The lines of 今天要做的事 in evaluation: what a panel's members still owe it.

They follow from the panel's state alone, so every act brings them up to date at its end, and none
is left standing for work that is done. Who has not been let in learns no project's name from one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Todo
from accounts.services import todo
from evaluation.models import Declaration, LeaderVote, Panel, ReportSignature, ReviewVote, Seat
from evaluation.services import panels
from trading.models import Lot

_LONGEST = 100  # of a title within a line

_ARRIVE = _("到评标现场签到，参加评审")
_WORDS = {
    "declare": _("签署回避声明：{title}"),
    "elect": _("推选评标委员会组长：{title}"),
    "read": _("阅读评标办法和标准：{title}"),
    "review": _("表决初步评审：{title}"),
    "count": _("统计初步评审表决：{title}"),
    "score": _("评分并锁定：{title}"),
    "correct": _("核对客观分并重新锁定：{title}"),
    "sum-up": _("汇总评分，生成评标报告：{title}"),
    "sign": _("签署评标报告：{title}"),
}


def settle(panel: Panel, *, now: datetime) -> None:
    """Open the lines of what each member has to do now, and end all others of this panel."""
    about = f"evaluation.work/{panel.pk}/"
    # The panel in hand may have been read before the lot was handed over.
    lot = Lot.objects.select_related("tender").get(pk=panel.lot_id)
    wanted = {f"{about}{seat.code}/{stage}": (seat, stage) for seat, stage in _work(panel, lot)}
    there = Todo.objects.filter(key__startswith=about, done_at__isnull=True)
    known = set(there.values_list("key", flat=True))
    for key in known - wanted.keys():
        todo.done(key=key, now=now)
    for key in wanted.keys() - known:
        seat, stage = wanted[key]
        arriving = stage == "arrive"
        todo.add(
            to=seat.person,
            key=key,
            text=_ARRIVE if arriving else format_lazy(_WORDS[stage], title=titled(lot)),
            link=reverse("evaluation:room", kwargs={"panel": panel.pk}),
            due_at=panel.meets_at if arriving else None,
            now=now,
        )


def settle_sitting(now: datetime) -> None:
    """Bring the panels up to date that wait for their lot: handing it over is trading's act."""
    waiting = Panel.objects.filter(state="SITTING", lot__state="EVALUATING")
    for panel in waiting.select_related("leader"):
        settle(panel, now=now)


def titled(lot: Lot) -> str:
    """Return the project's name, short enough for a line."""
    return f"{lot.tender.title} {lot.title}"[:_LONGEST]


def _work(panel: Panel, lot: Lot) -> Iterator[tuple[Seat, str]]:
    seats = panels.members(panel)
    if panel.state in {"INVITING", "FORMED"}:
        yield from ((seat, "arrive") for seat in seats if seat.state == "ACCEPTED")
    elif lot.state == "EVALUATING":
        stages = {"SITTING": _sitting, "REVIEW": _review, "SCORING": _scoring, "SIGNING": _signing}
        if panel.state in stages:
            yield from stages[panel.state](panel, seats)


def _sitting(panel: Panel, seats: list[Seat]) -> Iterator[tuple[Seat, str]]:
    declared = set(Declaration.objects.filter(seat__in=seats).values_list("seat_id", flat=True))
    votes = LeaderVote.objects.filter(
        seat__in=seats, election=panel.election, round=panel.vote_round
    )
    voted = set(votes.values_list("seat_id", flat=True))
    for seat in seats:
        if seat.pk not in declared:
            yield seat, "declare"
        elif panel.leader_id is None and seat.pk not in voted:
            yield seat, "elect"
        elif seat.criteria_read_at is None:
            yield seat, "read"


def _review(panel: Panel, seats: list[Seat]) -> Iterator[tuple[Seat, str]]:
    bids = panels.compared(panel.lot)
    votes = ReviewVote.objects.filter(seat__in=seats, bid__in=bids)
    cast = list(votes.values_list("seat_id", flat=True))
    left = [seat for seat in seats if cast.count(seat.pk) < len(bids)]
    yield from ((seat, "review") for seat in left)
    if not left:
        yield from _leads(panel, seats, "count")


def _scoring(panel: Panel, seats: list[Seat]) -> Iterator[tuple[Seat, str]]:
    stage = "correct" if panel.reopenings.exists() else "score"
    left = [seat for seat in seats if seat.locked_at is None]
    yield from ((seat, stage) for seat in left)
    if not left:
        yield from _leads(panel, seats, "sum-up")


def _signing(_panel: Panel, seats: list[Seat]) -> Iterator[tuple[Seat, str]]:
    signed = ReportSignature.objects.filter(seat__in=seats).values_list("seat_id", flat=True)
    yield from ((seat, "sign") for seat in seats if seat.pk not in set(signed))


def _leads(panel: Panel, seats: list[Seat], stage: str) -> Iterator[tuple[Seat, str]]:
    yield from ((seat, stage) for seat in seats if seat.pk == panel.leader_id)
