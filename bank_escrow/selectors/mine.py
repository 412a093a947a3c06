"""A bidder's own deposit, for its page: where to pay, what came, what is wrong, what comes back.

Asked with the lot's reference and the bidder's own party, which only the bidder's session knows
how to find. Nothing here is for anybody else's eyes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bank_escrow import adapters, sealed
from bank_escrow.domain.lifecycle import TAKES_PAPER
from bank_escrow.domain.names import masked
from bank_escrow.domain.papers import valid_until
from bank_escrow.models import BankCredit, Deposit, DepositRequirement, Instruction
from bank_escrow.selectors.papers import PaperState, paper_of, reasons_of
from bank_escrow.selectors.progress import RefundStep, steps_of
from bank_escrow.words import REASONS
from core.verdicts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment as the bidder's own bank statement shows it."""

    amount_fen: int
    currency: str
    booked_at: datetime
    payer_name: str
    payer_account: str
    counted: bool
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositState:
    """All that the deposit page shows, one line of state first."""

    id: UUID | None
    # How the bidder gives it: TRANSFER, GUARANTEE or WAIVED.
    form: str
    state: str
    required_fen: int
    received_fen: int
    counted_fen: int
    missing_fen: int
    cutoff_at: datetime
    from_basic_account: bool
    account_number: str
    holder_name: str
    bank_name: str
    reasons: tuple[Text, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[RefundStep, ...]
    # What it brought in place of money.
    paper: PaperState | None
    # The last day a letter of guarantee must cover.
    letter_until: date
    # Which of the three marks of the live line are behind us: 等待到账 → 已收到 → 已匹配.
    received: bool
    matched: bool

    @property
    def chip(self) -> str:
        """Name the chip of the state."""
        return f"deposit.{self.state}"

    @property
    def takes_paper(self) -> bool:
        """Whether a letter of guarantee or a waiver may still take the place of money."""
        return self.state in TAKES_PAPER

    @property
    def stream(self) -> str:
        """Name the stream of events the page may follow."""
        return "" if self.id is None else f"deposit/{self.id}"


_MATCHED = frozenset(
    {
        "MATCHED",
        "LOCKED",
        "GUARANTEE",
        "WAIVED",
        "FROZEN",
        "REFUNDING",
        "REFUNDED",
        "FORFEITING",
        "FORFEITED",
    }
)


def deposit_state(*, reference: UUID, party: UUID) -> DepositState | None:
    """Return the bidder's own deposit; None when the lot demands none."""
    requirement = DepositRequirement.objects.filter(reference=reference).first()
    if requirement is None:
        return None
    deposit = (
        Deposit.objects.select_related("requirement", "sub_account")
        .filter(requirement=requirement, party=party)
        .first()
    )
    if deposit is None:
        return _empty(requirement)
    payments = tuple(
        _payment(credit)
        for credit in deposit.credits.select_related("deposit__requirement").order_by("booked_at")
    )
    account = deposit.sub_account
    paper = paper_of(deposit)
    received = sum(payment.amount_fen for payment in payments if payment.currency == "CNY")
    return DepositState(
        id=deposit.id,
        form=deposit.form,
        state=deposit.state,
        required_fen=requirement.amount_fen,
        received_fen=received,
        counted_fen=deposit.counted_fen,
        missing_fen=max(requirement.amount_fen - deposit.counted_fen, 0),
        cutoff_at=requirement.cutoff_at,
        from_basic_account=requirement.account_policy == "BASIC",
        account_number="" if account is None else sealed.number(account),
        holder_name="" if account is None else account.holder_name,
        bank_name="" if account is None else adapters.profile_for(account.bank_id).name,
        reasons=texts(deposit.codes) if paper is None else reasons_of(deposit.codes),
        payments=payments,
        refunds=steps_of(Instruction.objects.filter(deposit=deposit).order_by("created_at", "id")),
        paper=paper,
        letter_until=_letter_until(requirement),
        received=bool(payments),
        matched=deposit.state in _MATCHED,
    )


def texts(codes: list[str], words: Mapping[str, Text] = REASONS) -> tuple[Text, ...]:
    """Return the words of reason codes, leading first."""
    return tuple(words[code] for code in codes)


def _empty(requirement: DepositRequirement) -> DepositState:
    return DepositState(
        id=None,
        form="TRANSFER",
        state="UNPAID",
        required_fen=requirement.amount_fen,
        received_fen=0,
        counted_fen=0,
        missing_fen=requirement.amount_fen,
        cutoff_at=requirement.cutoff_at,
        from_basic_account=requirement.account_policy == "BASIC",
        account_number="",
        holder_name="",
        bank_name="",
        reasons=(),
        payments=(),
        refunds=(),
        paper=None,
        letter_until=_letter_until(requirement),
        received=False,
        matched=False,
    )


def _letter_until(requirement: DepositRequirement) -> date:
    return valid_until(requirement.cutoff_at, days=requirement.validity_days)


def _payment(credit: BankCredit) -> Payment:
    payer = sealed.payer(credit)
    return Payment(
        amount_fen=credit.amount_fen,
        currency=credit.currency,
        booked_at=credit.booked_at,
        payer_name=payer.name,
        payer_account=masked(payer.account),
        counted=not credit.codes and credit.state not in {"SUSPENSE", "FOREIGN"},
        reasons=texts(credit.codes),
    )
