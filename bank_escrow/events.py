"""What happens to deposits and to orders to pay; a docstring is an event's documentation.

Events of a deposit stand in its own stream `deposit/<id>`, read by the bidder and, once the lot is
unsealed, by finance and oversight. No event names a payer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class RequirementOpened(DomainEvent):
    """A lot demands a deposit. `reference` names the lot; `amount_fen` is what each bidder owes."""

    name: ClassVar[str] = "deposit.required"
    reference: UUID
    amount_fen: int
    cutoff_at: datetime
    account_policy: str


@dataclass(frozen=True, kw_only=True)
class CutoffMoved(DomainEvent):
    """The instant before which deposits count was moved, with the deadline of the lot."""

    name: ClassVar[str] = "deposit.cutoff_moved"
    cutoff_at: datetime


@dataclass(frozen=True, kw_only=True)
class RequirementUnsealed(DomainEvent):
    """The lot opened, failed or ended: finance and oversight may see who paid."""

    name: ClassVar[str] = "deposit.unsealed"
    reference: UUID
    basis: str


@dataclass(frozen=True, kw_only=True)
class AccountIssued(DomainEvent):
    """A bidder was given an account to pay into; the number itself is not repeated here."""

    name: ClassVar[str] = "deposit.account_issued"
    bank: str


@dataclass(frozen=True, kw_only=True)
class CreditReceived(DomainEvent):
    """The bank booked a payment on the bidder's account at `booked_at`."""

    name: ClassVar[str] = "deposit.credit_received"
    credit: UUID
    amount_fen: int
    booked_at: datetime


@dataclass(frozen=True, kw_only=True)
class DepositJudged(DomainEvent):
    """The payments were compared with the demand; `codes` say what is wrong, leading first."""

    name: ClassVar[str] = "deposit.judged"
    state: str
    codes: list[str]
    counted_fen: int


@dataclass(frozen=True, kw_only=True)
class PaperHandedIn(DomainEvent):
    """The bidder brought a letter of guarantee, or claimed that it need not pay, as `kind` says."""

    name: ClassVar[str] = "deposit.paper_handed_in"
    paper: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class PaperTakenBack(DomainEvent):
    """The bidder took its letter or its claim back before the cut-off; money is owed again."""

    name: ClassVar[str] = "deposit.paper_taken_back"
    paper: UUID


@dataclass(frozen=True, kw_only=True)
class PaperChecked(DomainEvent):
    """After the opening the tenderer's side accepted the paper, or refused it and said why."""

    name: ClassVar[str] = "deposit.paper_checked"
    paper: UUID
    accepted: bool
    clause: str
    fact: str


@dataclass(frozen=True, kw_only=True)
class PaperReleased(DomainEvent):
    """The letter of guarantee is no longer needed and binds nobody; `basis` says why."""

    name: ClassVar[str] = "deposit.paper_released"
    paper: UUID
    basis: str


@dataclass(frozen=True, kw_only=True)
class DepositLocked(DomainEvent):
    """At the opening the verdict was fixed as the hall shows it."""

    name: ClassVar[str] = "deposit.locked"
    verdict: str
    codes: list[str]


@dataclass(frozen=True, kw_only=True)
class DepositFrozen(DomainEvent):
    """The deposit is held while a case runs; `document` is the decision that says so."""

    name: ClassVar[str] = "deposit.frozen"
    basis: str
    document: UUID
    review_at: datetime


@dataclass(frozen=True, kw_only=True)
class DepositUnfrozen(DomainEvent):
    """The case ended and the deposit is free to be refunded."""

    name: ClassVar[str] = "deposit.unfrozen"
    basis: str


@dataclass(frozen=True, kw_only=True)
class PaymentOrdered(DomainEvent):
    """An order to pay was prepared. `purpose` is REFUND or FORFEIT, `basis` the reason in law."""

    name: ClassVar[str] = "payment.ordered"
    instruction: UUID
    purpose: str
    basis: str
    amount_fen: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentSubmitted(DomainEvent):
    """The first person put the order forward; `content_sha` is what was signed."""

    name: ClassVar[str] = "payment.submitted"
    content_sha: str
    signature: UUID | None


@dataclass(frozen=True, kw_only=True)
class PaymentApproved(DomainEvent):
    """The second person approved exactly the content that was put forward."""

    name: ClassVar[str] = "payment.approved"
    content_sha: str
    signature: UUID | None


@dataclass(frozen=True, kw_only=True)
class PaymentReleased(DomainEvent):
    """A third person released an order above the threshold."""

    name: ClassVar[str] = "payment.released"
    content_sha: str
    signature: UUID | None


@dataclass(frozen=True, kw_only=True)
class PaymentCancelled(DomainEvent):
    """The order was taken back before anything left; the money is where it was."""

    name: ClassVar[str] = "payment.cancelled"
    instruction: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class PaymentQueued(DomainEvent):
    """The order waits to leave on `bank_day`; `wire_sha` is the hash of its bytes."""

    name: ClassVar[str] = "payment.queued"
    bank_day: date
    wire_sha: str


@dataclass(frozen=True, kw_only=True)
class PaymentSent(DomainEvent):
    """The order was claimed for its one sending; committed before the call to the bank."""

    name: ClassVar[str] = "payment.sent"
    wire_sha: str


@dataclass(frozen=True, kw_only=True)
class PaymentAnswered(DomainEvent):
    """The bank's word, or its silence, moved the order to `state`."""

    name: ClassVar[str] = "payment.answered"
    instruction: UUID
    state: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class PaymentDone(DomainEvent):
    """The bank paid: principal and interest, under its own reference."""

    name: ClassVar[str] = "payment.done"
    instruction: UUID
    purpose: str
    amount_fen: int
    interest_fen: int
    bank_ref: str


@dataclass(frozen=True, kw_only=True)
class PaymentReturned(DomainEvent):
    """A payment came back (退汇); the money is owed again."""

    name: ClassVar[str] = "payment.returned"
    instruction: UUID
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class BreakOpened(DomainEvent):
    """Something does not agree with the bank and waits for people."""

    name: ClassVar[str] = "bank.break_opened"
    kind: str
    critical: bool


@dataclass(frozen=True, kw_only=True)
class BreakResolved(DomainEvent):
    """People settled a break."""

    name: ClassVar[str] = "bank.break_resolved"
    kind: str
    resolution: str


@dataclass(frozen=True, kw_only=True)
class BankStopped(DomainEvent):
    """Nothing is sent to this bank any more."""

    name: ClassVar[str] = "bank.stopped"
    bank: str
    why: str


@dataclass(frozen=True, kw_only=True)
class BankStarted(DomainEvent):
    """Sending to this bank goes on."""

    name: ClassVar[str] = "bank.started"
    bank: str


@dataclass(frozen=True, kw_only=True)
class ProposalMade(DomainEvent):
    """One person proposed an act on `subject` that needs another's word; nothing has moved yet."""

    name: ClassVar[str] = "finance.proposed"
    kind: str
    subject: str
    content_sha: str
    signature: UUID | None


@dataclass(frozen=True, kw_only=True)
class ProposalDecided(DomainEvent):
    """The proposal of that content was confirmed and carried out, refused, or taken back."""

    name: ClassVar[str] = "finance.decided"
    kind: str
    outcome: str
    content_sha: str
    signature: UUID | None
