"""Scoring: each member alone, saved as it is typed, frozen by a signed lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from audit.services import record
from core.decimals import write
from core.formulas import Criteria, Criterion, Kind
from core.verdicts import Refusal
from evaluation.domain import scoring
from evaluation.domain.scoring import Cell
from evaluation.events import LocksLifted, ScoreSaved, SeatLocked
from evaluation.models import Panel, Reopening, ReviewDecision, Score, Seat
from evaluation.policies.panel import may_lead
from evaluation.selectors import streams
from evaluation.services import entropy, panels, tasks
from evaluation.services.seating import at_work
from trading.models import Bid, BidFile, Lot


def save(
    *,
    panel_id: UUID,
    seat_id: UUID,
    bid_id: UUID,
    criterion: str,
    value: Decimal,
    note: str,
    page: int | None,
    file_id: UUID | None = None,
    actor: str,
    now: datetime,
) -> Score:
    """Save one score; the same again changes nothing. Range and step are the document's."""
    panel, seat = at_work(panel_id, seat_id, state="SCORING")
    if seat.locked_at is not None:
        raise Refusal("S-040")
    if not any(bid.pk == bid_id for bid in scored(panel)):
        raise Refusal("S-036")
    leaf = next((one for one in criteria_of(panel.lot).scored if one.key == criterion), None)
    if leaf is None:
        raise Refusal("S-041")
    if not leaf.takes(value):
        raise Refusal("S-042", most=write(leaf.maximum), step=_step(leaf))
    if file_id is not None and not BidFile.objects.filter(pk=file_id, bid=bid_id).exists():
        raise Refusal("S-054")
    row = Score.objects.filter(seat=seat, bid_id=bid_id, criterion__key=criterion).first()
    kept = row and (row.value, row.note, row.file_id, row.page)
    if row is not None and kept == (value, note, file_id, page):
        return row
    of_lot = panel.lot.criteria.get(key=criterion)
    row, _ = Score.objects.update_or_create(
        seat=seat,
        bid_id=bid_id,
        criterion=of_lot,
        defaults={"value": value, "note": note, "file_id": file_id, "page": page, "at": now},
    )
    event = ScoreSaved(bid=bid_id, criterion=criterion, value=value)
    record(stream=streams.own(seat), event=event, actor=actor, now=now)
    return row


def lock(
    *,
    panel_id: UUID,
    seat_id: UUID,
    expected: str,
    signature: UUID,
    actor: str,
    now: datetime,
) -> Seat:
    """Freeze a member's scores; `expected` is the hash of what the member saw and signs."""
    panel, seat = at_work(panel_id, seat_id, state="SCORING")
    if seat.locked_at is not None:
        raise Refusal("S-040")
    cells = cells_of([seat])
    open_cells = scoring.blanks(
        cells,
        bids=[str(bid.pk) for bid in scored(panel)],
        criteria=criteria_of(panel.lot),
    )
    if open_cells:
        raise Refusal("S-043", count=len(open_cells))
    digest = scoring.digest(cells)
    if expected != digest:
        raise Refusal("S-044")
    Seat.objects.filter(pk=seat.pk).update(
        locked_at=now,
        locked_size=entropy.log_size(),
        lock_sha256=digest,
        lock_signature=signature,
    )
    seat.refresh_from_db()
    panels.tell(panel, SeatLocked(seat=seat.code), actor=actor, now=now)
    tasks.settle(panel, now=now)
    return seat


def reopen(
    *, panel_id: UUID, seat_id: UUID, reason: str, actor: str, now: datetime
) -> list[tuple[str, str]]:
    """Lift all locks because members differ on facts; found before signing, it is put right.

    MOF87 Art. 64 lets the panel correct this on the spot and note it. Nothing else lifts a lock.
    """
    panel, seat = at_work(panel_id, seat_id, state="SCORING")
    may_lead(panel=panel, seat=seat).or_raise()
    seats = panels.members(panel)
    found = differing(panel, seats)
    if not found or any(one.locked_at is None for one in seats):
        raise Refusal("S-045")
    rows = [{"bid": bid, "criterion": key} for bid, key in found]
    Reopening.objects.create(panel=panel, differences=rows, reason=reason, by=seat, at=now)
    Seat.objects.filter(panel=panel, locked_at__isnull=False).update(
        locked_at=None, locked_size=None, lock_sha256="", lock_signature=None
    )
    panels.tell(panel, LocksLifted(differences=rows, reason=reason), actor=actor, now=now)
    tasks.settle(panel, now=now)
    return found


def scored(panel: Panel) -> list[Bid]:
    """Return the bids that passed the preliminary review, in seat order."""
    passed = set(
        ReviewDecision.objects.filter(panel=panel, passed=True).values_list("bid_id", flat=True)
    )
    return [bid for bid in panels.compared(panel.lot) if bid.pk in passed]


def differing(panel: Panel, seats: Iterable[Seat]) -> list[tuple[str, str]]:
    """Return bid and leaf wherever these members differ on a fact."""
    return scoring.differences(cells_of(seats), criteria=criteria_of(panel.lot))


def digest_of(seat: Seat) -> str:
    """Return the hash a member signs when locking."""
    return scoring.digest(cells_of([seat]))


def cells_of(seats: Iterable[Seat]) -> list[Cell]:
    """Return the scores of these members, ordered."""
    rows = Score.objects.filter(seat__in=list(seats)).select_related("seat", "criterion")
    return scoring.ordered(
        Cell(
            member=row.seat.code,
            bid=str(row.bid_id),
            criterion=row.criterion.key,
            value=row.value.normalize(),
        )
        for row in rows
    )


def criteria_of(lot: Lot) -> Criteria:
    """Return the lot's criteria as the formulas read them."""
    rows = list(lot.criteria.select_related("part_of"))
    return Criteria(
        tuple(
            Criterion(
                key=row.key,
                title=row.title,
                maximum=row.max,
                kind=Kind(row.kind),
                step=row.step,
                part_of=row.part_of.key if row.part_of else None,
            )
            for row in rows
        )
    )


def _step(leaf: Criterion) -> str:
    return write(leaf.step) if leaf.step is not None else "0.001"
