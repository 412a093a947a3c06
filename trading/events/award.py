"""From the opening to the contract; public facts on the lot's public stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationReviewed(DomainEvent):
    """Track G: the purchaser reviewed qualifications (MOF87 Art. 44); on the staff stream."""

    name: ClassVar[str] = "lot.qualified"
    passed: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationStarted(DomainEvent):
    """The lot was handed to its panel; evaluation is secret from here on."""

    name: ClassVar[str] = "lot.evaluating"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived(DomainEvent):
    """The panel's signed report reached the tenderer; on the staff stream."""

    name: ClassVar[str] = "lot.reported"
    report_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesPublished(DomainEvent):
    """The candidates were published (TBR Art. 54); objections until `ends_at`."""

    name: ClassVar[str] = "lot.candidates"
    notice: UUID
    candidates: Sequence[Mapping[str, Any]]
    ends_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WinnerDetermined(DomainEvent):
    """The tenderer determined the winner; on the staff stream until the notice."""

    name: ClassVar[str] = "lot.awarded"
    bid: UUID
    rank: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardNotified(DomainEvent):
    """Winner and losers were told together, and the result was published."""

    name: ClassVar[str] = "lot.notified"
    notice: UUID
    winner: str
    price_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRecorded(DomainEvent):
    """The signed contract was recorded."""

    name: ClassVar[str] = "lot.contracted"
    notice: UUID
    signed_on: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFailed(DomainEvent):
    """The lot ended without an award after its opening."""

    name: ClassVar[str] = "lot.failed"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultObjected(DomainEvent):
    """Somebody objected to the result (异议) or challenged it (质疑); on the staff stream."""

    name: ClassVar[str] = "lot.objected"
    objection: UUID
    due_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultObjectionAnswered(DomainEvent):
    """An objection to the result was answered; on the staff stream."""

    name: ClassVar[str] = "lot.objection_answered"
    objection: UUID
