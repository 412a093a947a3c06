"""What finance sees: deposits, refunds and balances of unsealed lots, and each bank up or down.

Every question starts from unsealed lots, so that the rows fetched for a page are the same whether
nobody or fifty have paid for a lot that is still sealed. Figures are sums of journal lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise

from bank_escrow import adapters, sealed
from bank_escrow.domain.lifecycle import OVER
from bank_escrow.domain.names import masked
from bank_escrow.domain.postings import Class
from bank_escrow.models import (
    Bank,
    BankCredit,
    Deposit,
    DepositRequirement,
    ForfeitAccount,
    Hold,
    Instruction,
    JournalLine,
)
from bank_escrow.selectors.hands import Hand, hands_of
from bank_escrow.selectors.mine import texts
from bank_escrow.selectors.papers import reasons_of
from bank_escrow.words import BASES
from core.verdicts import Text

FEED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A bank up or down, as of the last full minute it was asked."""

    code: str
    name: str
    is_up: bool
    as_of: datetime | None
    stopped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRow:
    """A deposit of an unsealed lot."""

    id: UUID
    title: str
    payer_name: str
    payer_account: str
    state: str
    required_fen: int
    counted_fen: int
    reasons: tuple[Text, ...]

    @property
    def chip(self) -> str:
        """Name the chip of the state."""
        return f"deposit.{self.state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A movement of money of an unsealed lot."""

    entry: UUID
    at: datetime
    kind: str
    debit: str
    credit: str
    amount_fen: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order to pay, with what its next person must see before signing."""

    id: UUID
    content_sha: str
    state: str
    purpose: str
    title: str
    payee_name: str
    payee_account: str
    amount_fen: int
    with_interest: bool
    interest_fen: int
    basis: str | Promise
    due_at: datetime
    serial: str
    outcome: str
    needs_release: bool
    released: bool
    maker: str
    checker: str
    hands: tuple[Hand, ...]

    @property
    def chip(self) -> str:
        """Name the chip of the state."""
        return f"payment.{self.state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayRow:
    """Money on nobody's account that no order is about."""

    id: UUID
    bank: str
    payer_name: str
    payer_account: str
    amount_fen: int
    booked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Where the money of unsealed lots lies."""

    by_class: Mapping[str, int]

    @property
    def held_fen(self) -> int:
        """What is owed in all."""
        return sum(self.by_class.values())


def health() -> tuple[Health, ...]:
    """Return the banks, up or down; nothing else about them, for the rest moves with payments."""
    return tuple(
        Health(
            code=bank.code,
            name=adapters.profile_for(bank.code).name,
            is_up=bank.is_up,
            as_of=bank.checked_at,
            stopped=bank.stopped_at is not None,
        )
        for bank in Bank.objects.only("code", "is_up", "checked_at", "stopped_at").order_by(
            "number"
        )
    )


def deposits() -> tuple[DepositRow, ...]:
    """Return the deposits of unsealed lots, the newest lots first."""
    found = _deposits().order_by("-requirement__unsealed_at", "party")
    payers = _latest_payers(found)
    return tuple(_deposit_row(deposit, payers.get(deposit.id)) for deposit in found)


def deposit_of(deposit_id: UUID) -> DepositRow | None:
    """Return one deposit of an unsealed lot; a sealed one looks like none."""
    found = _deposits().filter(pk=deposit_id)
    payers = _latest_payers(found)
    return next((_deposit_row(deposit, payers.get(deposit.id)) for deposit in found), None)


def hold_of(deposit_id: UUID) -> Hold | None:
    """Return what holds a deposit of an unsealed lot now."""
    held = Hold.objects.filter(deposit__in=_deposits().filter(pk=deposit_id))
    return held.filter(until__isnull=True).first()


def has_payee(deposit_id: UUID) -> bool:
    """Say whether two persons have set where forfeited money of this deposit's lot goes."""
    set_by_two = ForfeitAccount.objects.exclude(checker="")
    return set_by_two.filter(requirement__deposits=deposit_id).exists()


def feed() -> tuple[FeedRow, ...]:
    """Return the latest movements of unsealed lots."""
    titles = dict(_deposits().values_list("id", "requirement__title"))
    lines = (
        JournalLine.objects.filter(_touches(titles))
        .select_related("entry")
        .order_by("-entry__created_at", "-id")[:FEED]
    )
    return tuple(_feed_row(line, titles) for line in lines)


def lines_of(deposit_id: UUID) -> tuple[FeedRow, ...]:
    """Return every journal line behind the figures of one deposit of an unsealed lot."""
    titles = dict(_deposits().filter(pk=deposit_id).values_list("id", "requirement__title"))
    if not titles:
        return ()
    lines = (
        JournalLine.objects.filter(_touches(titles))
        .select_related("entry")
        .order_by("entry__created_at", "id")
    )
    return tuple(_feed_row(line, titles) for line in lines)


def balances() -> Balances:
    """Return where the money of unsealed lots lies, summed from the journal itself."""
    ids = [str(pk) for pk in _deposits().values_list("id", flat=True)]
    return Balances(
        by_class={what.value: _balance([f"L:{what.value}:{pk}" for pk in ids]) for what in _SHOWN}
    )


def orders(*states: str) -> tuple[OrderRow, ...]:
    """Return the orders of unsealed lots in these states, the most urgent first."""
    return order_rows(visible_orders().filter(state__in=states).order_by("due_at", "id"))


def orders_of(deposit_id: UUID) -> tuple[OrderRow, ...]:
    """Return the orders about one deposit of an unsealed lot, the latest last."""
    return order_rows(visible_orders().filter(deposit=deposit_id).order_by("created_at", "id"))


def late_orders(now: datetime) -> frozenset[UUID]:
    """Return the orders whose money should be back by now and is not."""
    open_ones = visible_orders().exclude(state__in=[Instruction.State.DONE, *OVER])
    return frozenset(open_ones.filter(due_at__lte=now).values_list("id", flat=True))


def visible_orders() -> QuerySet[Instruction]:
    """Return the orders finance may see: of unsealed lots, and of stray money."""
    return Instruction.objects.filter(
        Q(deposit__requirement__unsealed_at__isnull=False)
        | Q(deposit__isnull=True, credit__in=strays())
    ).select_related("deposit__requirement", "credit__deposit__requirement")


def strays() -> QuerySet[BankCredit]:
    """Return money on nobody's account that no sealed lot can have been meant by."""
    sealed_then = DepositRequirement.objects.filter(
        unsealed_at__isnull=True, opened_at__lte=OuterRef("seen_at")
    )
    return BankCredit.objects.filter(deposit__isnull=True).exclude(Exists(sealed_then))


def idle_strays() -> tuple[StrayRow, ...]:
    """Return stray money that lies there, the oldest first."""
    live = Instruction.objects.filter(credit=OuterRef("pk")).exclude(state__in=sorted(OVER))
    idle = strays().filter(state=BankCredit.State.SUSPENSE).exclude(Exists(live))
    rows = [(row, sealed.payer(row)) for row in idle.order_by("booked_at", "id")]
    return tuple(
        StrayRow(
            id=row.pk,
            bank=adapters.profile_for(row.bank_id).name,
            payer_name=payer.name,
            payer_account=payer.masked_account,
            amount_fen=row.amount_fen,
            booked_at=row.booked_at,
        )
        for row, payer in rows
    )


_SHOWN: Final = (
    Class.FROZEN,
    Class.HELD,
    Class.SUSPENSE,
    Class.REFUNDING,
    Class.FORFEIT,
)


def _deposits() -> QuerySet[Deposit]:
    return Deposit.objects.filter(requirement__unsealed_at__isnull=False).select_related(
        "requirement"
    )


def _codes(ids: Iterable[UUID]) -> list[str]:
    classes = (*_SHOWN, Class.INTEREST)
    return [f"L:{what.value}:{pk}" for pk in ids for what in classes]


def _touches(titles: Mapping[UUID, str]) -> Q:
    codes = _codes(titles)
    return Q(debit__in=codes) | Q(credit__in=codes)


def _balance(codes: list[str]) -> int:
    lines = JournalLine.objects.order_by()
    cr = lines.filter(credit__in=codes).aggregate(fen=Sum(F("amount_fen")))["fen"] or 0
    dr = lines.filter(debit__in=codes).aggregate(fen=Sum(F("amount_fen")))["fen"] or 0
    return int(cr) - int(dr)


def _feed_row(line: JournalLine, titles: Mapping[UUID, str]) -> FeedRow:
    owners = {str(pk): title for pk, title in titles.items()}
    ours = [code.rpartition(":")[2] for code in (line.debit_id, line.credit_id)]
    return FeedRow(
        entry=line.entry_id,
        at=line.entry.created_at,
        kind=line.entry.kind,
        debit=line.debit_id.split(":")[1],
        credit=line.credit_id.split(":")[1],
        amount_fen=line.amount_fen,
        title=next((owners[owner] for owner in ours if owner in owners), ""),
    )


def _latest_payers(found: QuerySet[Deposit]) -> Mapping[UUID, tuple[str, str]]:
    payers: dict[UUID, tuple[str, str]] = {}
    rows = BankCredit.objects.filter(deposit__in=found).select_related("deposit__requirement")
    for credit in rows.order_by("booked_at", "id"):
        assert credit.deposit_id is not None
        payer = sealed.payer(credit)
        payers[credit.deposit_id] = (payer.name, masked(payer.account))
    return payers


def _deposit_row(deposit: Deposit, payer: tuple[str, str] | None) -> DepositRow:
    name, account = payer or ("", "")
    if not name and (who := sealed.identity(deposit)) is not None:
        name = who.name
    return DepositRow(
        id=deposit.id,
        title=deposit.requirement.title,
        payer_name=name,
        payer_account=account,
        state=deposit.state,
        required_fen=deposit.requirement.amount_fen,
        counted_fen=deposit.counted_fen,
        reasons=texts(deposit.codes)
        if deposit.form == Deposit.Form.TRANSFER
        else reasons_of(deposit.codes),
    )


def order_rows(found: Iterable[Instruction]) -> tuple[OrderRow, ...]:
    """Return orders as pages show them; the caller has looked whether they may."""
    orders_ = list(found)
    signed = hands_of(orders_)
    return tuple(_order_row(order, signed[order.pk]) for order in orders_)


def _order_row(order: Instruction, hands: tuple[Hand, ...]) -> OrderRow:
    to = sealed.payer(order.credit)
    if order.purpose == Instruction.Purpose.FORFEIT and order.deposit is not None:
        to = sealed.payee(order.deposit.requirement.forfeit_account)
    return OrderRow(
        id=order.id,
        content_sha=order.content_sha,
        state=order.state,
        purpose=order.purpose,
        title="" if order.deposit is None else order.deposit.requirement.title,
        payee_name=to.name,
        payee_account=masked(to.account),
        amount_fen=order.amount_fen,
        with_interest=order.with_interest,
        interest_fen=order.interest_fen,
        basis=BASES.get(order.basis, order.basis),
        due_at=order.due_at,
        serial=order.serial,
        outcome=order.outcome,
        needs_release=order.needs_release,
        released=bool(order.releaser),
        maker=order.maker,
        checker=order.checker,
        hands=hands,
    )
