"""What happens to a panel. Unless said otherwise: on the panel's room stream.

Members appear by seat code, never by name, and no score stands in the room: staff and supervisors
read it while the panel works.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertsImported(DomainEvent):
    """So many people were put into the expert library; on the stream `access`."""

    name: ClassVar[str] = "experts.imported"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawCommitted(DomainEvent):
    """A lot's draw of this number was announced: seed and pool fixed, the log `log_size` long."""

    name: ClassVar[str] = "draw.committed"
    lot: UUID
    number: int
    wanted: Sequence[Mapping[str, Any]]
    commitment: str
    pool_sha256: str
    log_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawGivenUp(DomainEvent):
    """An announced draw was given up by a second person, unheld; also on the stream `access`."""

    name: ClassVar[str] = "draw.given_up"
    lot: UUID
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertsDrawn(DomainEvent):
    """The draw was held with the first checkpoint after its commitment."""

    name: ClassVar[str] = "draw.held"
    seed: str
    entropy: Mapping[str, Any]
    result_sha256: str
    seats: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatInvited(DomainEvent):
    """Somebody was given a seat: drawn, next in reserve, or named by the tenderer."""

    name: ClassVar[str] = "panel.invited"
    seat: str
    role: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeBarred(DomainEvent):
    """Somebody the tenderer had named acts for a bidder and was given no seat."""

    name: ClassVar[str] = "panel.barred"
    specialty: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAnswered(DomainEvent):
    """An invitation was accepted or declined."""

    name: ClassVar[str] = "panel.answered"
    seat: str
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveExhausted(DomainEvent):
    """Nobody is left in the drawn order for this specialty and site."""

    name: ClassVar[str] = "panel.short"
    specialty: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMoved(DomainEvent):
    """The panel went on to another state."""

    name: ClassVar[str] = "panel.state"
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn(DomainEvent):
    """A member's identity was checked at the site and the seat taken."""

    name: ClassVar[str] = "panel.checked_in"
    seat: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(DomainEvent):
    """A member signed the avoidance statement; what it says is not in the room."""

    name: ClassVar[str] = "panel.declared"
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatVacated(DomainEvent):
    """A member stepped aside and the next of the drawn order is invited; the reason is not told."""

    name: ClassVar[str] = "panel.vacated"
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderElected(DomainEvent):
    """All have voted and one leads; votes by seat code."""

    name: ClassVar[str] = "panel.leader"
    seat: str
    round: int
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderTied(DomainEvent):
    """The first round was tied; the second is among these seats."""

    name: ClassVar[str] = "panel.leader_tied"
    seats: Sequence[str]
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaRead(DomainEvent):
    """A member confirmed having read the method and the criteria."""

    name: ClassVar[str] = "panel.criteria_read"
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidReviewed(DomainEvent):
    """The preliminary review of one bid ended by majority."""

    name: ClassVar[str] = "review.decided"
    bid: UUID
    passed: bool
    code: str
    clause: str
    votes_for: int
    votes_against: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringStarted(DomainEvent):
    """Scoring began; the order of possible ties was committed to before the first score."""

    name: ClassVar[str] = "scoring.started"
    tie_commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSaved(DomainEvent):
    """A member saved a score; on that seat's own stream."""

    name: ClassVar[str] = "scoring.saved"
    bid: UUID
    criterion: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLocked(DomainEvent):
    """A member signed and locked all scores; the hash tells nothing of them."""

    name: ClassVar[str] = "scoring.locked"
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockBroken(DomainEvent):
    """A locked seat's scores are not what its member signed; also on the stream `access`."""

    name: ClassVar[str] = "scores.broken"
    panel: UUID
    seat: str
    lock_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocksLifted(DomainEvent):
    """Members differ on facts; the leader had the locks lifted to correct them before signing."""

    name: ClassVar[str] = "scoring.reopened"
    differences: Sequence[Mapping[str, str]]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarised(DomainEvent):
    """The formulas gave the result; its case is filed under this hash."""

    name: ClassVar[str] = "panel.summarised"
    case_sha256: str
    tie_drawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSigned(DomainEvent):
    """A member signed the report, agreeing or with a dissent."""

    name: ClassVar[str] = "report.signed"
    seat: str
    agrees: bool
    by_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDelivered(DomainEvent):
    """The report is signed by all and went to the tenderer."""

    name: ClassVar[str] = "report.delivered"
    report_sha256: str
    dissents: int
