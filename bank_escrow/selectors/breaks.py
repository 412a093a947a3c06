"""Breaks as finance sees them: of what is unsealed all, of the rest that there is one.

A break that may concern a sealed lot shows its id alone: kind, age and sum would each say that
somebody paid. People talk with the bank by that id; the rest is told when the lot has opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from bank_escrow import adapters
from bank_escrow.models import BankCredit, Break, DepositRequirement, Instruction, Proposal
from bank_escrow.selectors.finance import OrderRow, order_rows, strays, visible_orders
from bank_escrow.words_desk import BREAK_FACTS, BREAKS, OWNERS
from core.verdicts import Text

#: How long a closed break stays on the list.
SHOWN_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing known of a break: its name, its value, and how the value is written."""

    name: str | Promise
    value: Any
    is_money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRow:
    """A break whose lot has opened, or that concerns none."""

    id: UUID
    bank: str
    critical: bool
    words: Text
    owner: str | Promise
    opened_at: datetime
    days: int
    facts: tuple[Fact, ...]
    order: OrderRow | None
    resolved_at: datetime | None
    # People who closed it did so by a proposal; otherwise the bank's word did.
    proposal: UUID | None

    @property
    def order_rows(self) -> tuple[OrderRow, ...]:
        """The order as a list, for the table that shows orders."""
        return () if self.order is None else (self.order,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """The list: what stands open, what was closed lately, and the ids of what is not shown yet."""

    still_open: tuple[BreakRow, ...]
    closed: tuple[BreakRow, ...]
    veiled: tuple[UUID, ...]


def breaks(now: datetime) -> Breaks:
    """Return the breaks, the gravest and oldest first."""
    shown = visible_breaks()
    lately = shown.filter(resolved_at__gte=now - SHOWN_FOR).order_by("-resolved_at", "id")
    open_ones = shown.filter(resolved_at__isnull=True).order_by("-critical", "opened_at", "id")
    return Breaks(
        still_open=_rows(open_ones, now=now),
        closed=_rows(lately, now=now),
        veiled=_veiled(shown),
    )


def break_of(break_id: UUID, *, now: datetime) -> BreakRow | None:
    """Return one break with all that is known of it; None for one that is not shown."""
    return next(iter(_rows(visible_breaks().filter(pk=break_id), now=now)), None)


def open_critical(code: str) -> list[str]:
    """Return the ids of the open breaks that stop a bank; an id says nothing of what it is."""
    found = Break.objects.filter(bank=code, critical=True, resolved_at__isnull=True)
    return sorted(str(pk) for pk in found.values_list("id", flat=True))


def visible_breaks() -> QuerySet[Break]:
    """Return the breaks of unsealed lots, and those that no sealed lot can be meant by."""
    source = OuterRef("source_id")
    of_order = Exists(Instruction.objects.filter(pk=source))
    of_credit = Exists(BankCredit.objects.filter(pk=source))
    order_shown = Exists(visible_orders().filter(pk=source))
    credit_shown = Exists(
        BankCredit.objects.filter(pk=source).filter(
            Q(deposit__requirement__unsealed_at__isnull=False) | Q(pk__in=strays().values("pk"))
        )
    )
    sealed_then = Exists(
        DepositRequirement.objects.filter(
            unsealed_at__isnull=True, opened_at__lte=OuterRef("opened_at")
        )
    )
    # Our own books are nobody's lot.
    of_none = ~of_order & ~of_credit & (Q(kind=Break.Kind.LEDGER) | ~sealed_then)
    return Break.objects.filter(order_shown | credit_shown | of_none)


def source_order(found: Break) -> Instruction | None:
    """Return the order that a break is about, where it is about one."""
    return Instruction.objects.filter(pk=found.source_id).first()


def _veiled(shown: QuerySet[Break]) -> tuple[UUID, ...]:
    hidden = Break.objects.filter(resolved_at__isnull=True).exclude(pk__in=shown.values("pk"))
    return tuple(hidden.order_by("id").values_list("id", flat=True))


def _rows(found: QuerySet[Break], *, now: datetime) -> tuple[BreakRow, ...]:
    rows = list(found)
    about = visible_orders().filter(pk__in=[row.source_id for row in rows])
    orders = {order.id: order for order in order_rows(about)}
    ended = _proposals([row.pk for row in rows if row.resolved_at])
    return tuple(
        BreakRow(
            id=row.pk,
            bank=adapters.profile_for(row.bank_id).name,
            critical=row.critical,
            words=BREAKS[row.kind],
            owner=OWNERS.get(row.owner, row.owner),
            opened_at=row.opened_at,
            days=max((now - row.opened_at).days, 0),
            facts=_facts(row.facts),
            order=orders.get(row.source_id),
            resolved_at=row.resolved_at,
            proposal=ended.get(str(row.pk)),
        )
        for row in rows
    )


def _proposals(closed: list[UUID]) -> Mapping[str, UUID]:
    found = Proposal.objects.filter(
        state=Proposal.State.CONFIRMED, facts__break__in=[str(pk) for pk in closed]
    )
    return {facts["break"]: pk for pk, facts in found.values_list("id", "facts")}


def _facts(kept: Mapping[str, Any]) -> tuple[Fact, ...]:
    return tuple(
        Fact(name=name, value=kept[key], is_money=key.endswith("_fen"))
        for key, name in BREAK_FACTS.items()
        if kept.get(key) is not None
    )
