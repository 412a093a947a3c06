"""Deposits of a lot that was unsealed, for the opening hall, the panel and the award.

For a sealed lot every function answers as if nobody had paid: no names, no counts, no sums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from bank_escrow.models import BankCredit, Deposit, Instruction
from bank_escrow.selectors.progress import RefundStep, steps_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositVerdict:
    """One bidder's deposit as the hall shows it, and what has become of its money."""

    deposit: UUID
    party: UUID
    # What was fixed at the opening (LOCKED, MISMATCH, UNPAID, GUARANTEE, WAIVED), or what people
    # did before.
    verdict: str
    code: str | None
    codes: tuple[str, ...]
    # What it is now.
    status: str
    required_fen: int
    held_fen: int
    refunded_fen: int
    interest_fen: int
    forfeited_fen: int
    paid_at: datetime | None
    # Bidders of the same lot paid from one account: deemed collusion (实施条例 art. 40(6)).
    shares_account_with: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundProgress:
    """The orders of one bidder's deposit."""

    party: UUID
    status: str
    steps: tuple[RefundStep, ...]


_GONE = frozenset({"REFUNDED", "FORFEITED", "FOREIGN"})


def verdicts(reference: UUID) -> tuple[DepositVerdict, ...]:
    """Return every bidder's verdict for an unsealed lot, in the order of their random parties."""
    deposits = list(_unsealed(reference))
    credits_ = _credits(deposits)
    shared = _shared_accounts(deposits, credits_)
    interest = _interest(deposits)
    return tuple(
        _verdict(deposit, credits_[deposit.id], shared[deposit.id], interest[deposit.id])
        for deposit in deposits
    )


def verdict_of(reference: UUID, party: UUID) -> DepositVerdict | None:
    """Return one bidder's verdict for an unsealed lot."""
    return next((found for found in verdicts(reference) if found.party == party), None)


def refund_progress(reference: UUID) -> tuple[RefundProgress, ...]:
    """Return how far the refunds of an unsealed lot are, bidder by bidder."""
    orders: dict[UUID, list[Instruction]] = defaultdict(list)
    deposits = list(_unsealed(reference))
    for order in Instruction.objects.filter(deposit__in=deposits).order_by("created_at", "id"):
        assert order.deposit_id is not None
        orders[order.deposit_id].append(order)
    return tuple(
        RefundProgress(
            party=deposit.party, status=deposit.state, steps=steps_of(orders[deposit.id])
        )
        for deposit in deposits
    )


def _unsealed(reference: UUID) -> QuerySet[Deposit]:
    return (
        Deposit.objects.filter(
            requirement__reference=reference, requirement__unsealed_at__isnull=False
        )
        .select_related("requirement")
        .order_by("party")
    )


def _credits(deposits: list[Deposit]) -> Mapping[UUID, list[BankCredit]]:
    found: dict[UUID, list[BankCredit]] = defaultdict(list)
    for credit in BankCredit.objects.filter(deposit__in=deposits).order_by("booked_at", "id"):
        assert credit.deposit_id is not None
        found[credit.deposit_id].append(credit)
    return found


def _interest(deposits: list[Deposit]) -> Mapping[UUID, int]:
    found: dict[UUID, int] = defaultdict(int)
    paid = Instruction.objects.filter(deposit__in=deposits, state="DONE")
    for deposit, fen in paid.values_list("deposit_id", "interest_fen"):
        if deposit is not None:
            found[deposit] += fen
    return found


def _shared_accounts(
    deposits: list[Deposit], credits_: Mapping[UUID, list[BankCredit]]
) -> Mapping[UUID, tuple[UUID, ...]]:
    payers: dict[bytes, set[UUID]] = defaultdict(set)
    for deposit in deposits:
        for credit in credits_[deposit.id]:
            payers[bytes(credit.payer_index)].add(deposit.id)
    party = {deposit.id: deposit.party for deposit in deposits}
    return {
        deposit.id: tuple(
            sorted(
                {
                    party[other]
                    for group in payers.values()
                    if deposit.id in group
                    for other in group
                    if other != deposit.id
                }
            )
        )
        for deposit in deposits
    }


def _verdict(
    deposit: Deposit, credits_: list[BankCredit], shared: tuple[UUID, ...], interest_fen: int
) -> DepositVerdict:
    codes = tuple(deposit.verdict_codes)
    return DepositVerdict(
        deposit=deposit.id,
        party=deposit.party,
        verdict=deposit.verdict or deposit.state,
        code=codes[0] if codes else None,
        codes=codes,
        status=deposit.state,
        required_fen=deposit.requirement.amount_fen,
        held_fen=sum(c.amount_fen for c in credits_ if c.state not in _GONE),
        refunded_fen=sum(c.amount_fen for c in credits_ if c.state == "REFUNDED"),
        interest_fen=interest_fen,
        forfeited_fen=sum(c.amount_fen for c in credits_ if c.state == "FORFEITED"),
        paid_at=credits_[0].booked_at if credits_ else None,
        shares_account_with=shared,
    )
