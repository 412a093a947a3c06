"""Letters of guarantee and waivers: for their bidder, and for others once a lot is unsealed.

For a sealed lot the tenderer's side is answered as if nobody had brought anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.functional import Promise

from bank_escrow import sealed
from bank_escrow.domain.names import normalised
from bank_escrow.domain.papers import Letter
from bank_escrow.models import Deposit, Paper
from bank_escrow.words import GROUNDS, ISSUERS, PAPER_REASONS
from core.verdicts import Text

_GONE = (Paper.State.REPLACED, Paper.State.TAKEN_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperState:
    """A paper in place of money, with what its check found."""

    id: UUID
    kind: str
    state: str
    handed_in_at: datetime
    has_file: bool
    # Of a letter of guarantee.
    number: str
    issuer: str
    issuer_kind: str | Promise
    amount_fen: int
    valid_to: date | None
    # Of a claim to be waived.
    ground: str | Promise
    claim_clause: str
    # Of the check.
    checked_at: datetime | None
    clause: str
    fact: str
    ended_at: datetime | None

    @property
    def chip(self) -> str:
        """Name the chip of the state."""
        return f"paper.{self.state}"

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter of guarantee."""
        return self.kind == Paper.Kind.GUARANTEE


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPaper:
    """A paper of an unsealed lot, for the tenderer's side to look at."""

    party: UUID
    paper: PaperState
    required_fen: int
    reasons: tuple[Text, ...]
    # Another bidder of this lot brought the same letter.
    number_repeats: bool


def papers(reference: UUID) -> tuple[OpenedPaper, ...]:
    """Return the papers of an unsealed lot, in the order of their random parties."""
    rows = [(row, _state(row, row.deposit)) for row in _unsealed(reference)]
    used = Counter(_mark(paper) for _, paper in rows if paper.is_letter)
    return tuple(
        OpenedPaper(
            party=row.deposit.party,
            paper=paper,
            required_fen=row.deposit.requirement.amount_fen,
            reasons=reasons_of(row.deposit.codes),
            number_repeats=paper.is_letter and used[_mark(paper)] > 1,
        )
        for row, paper in rows
    )


def opened_paper_file(reference: UUID, paper: UUID) -> bytes | None:
    """Return the file of an unsealed lot's paper; None where there is nothing to see."""
    row = Paper.objects.filter(
        pk=paper,
        deposit__requirement__reference=reference,
        deposit__requirement__unsealed_at__isnull=False,
    ).first()
    return _file(row)


def own_paper_file(*, reference: UUID, party: UUID) -> bytes | None:
    """Return the file a bidder brought itself."""
    found = Paper.objects.filter(deposit__requirement__reference=reference, deposit__party=party)
    return _file(found.exclude(state__in=_GONE).first())


def paper_of(deposit: Deposit) -> PaperState | None:
    """Return the paper that stands in a deposit's place."""
    row = deposit.papers.defer("file_sealed").exclude(state__in=_GONE).first()
    return None if row is None else _state(row, deposit)


def reasons_of(codes: Sequence[str]) -> tuple[Text, ...]:
    """Return the words of what is wrong with a paper."""
    return tuple(PAPER_REASONS[code] for code in codes)


def _unsealed(reference: UUID) -> list[Paper]:
    rows = Paper.objects.filter(
        deposit__requirement__reference=reference,
        deposit__requirement__unsealed_at__isnull=False,
    ).exclude(state__in=_GONE)
    found = rows.defer("file_sealed").select_related("deposit__requirement")
    return list(found.order_by("deposit__party"))


def _file(row: Paper | None) -> bytes | None:
    return None if row is None else sealed.paper_file(row) or None


def _mark(paper: PaperState) -> tuple[str, str]:
    return normalised(paper.issuer), normalised(paper.number)


def _state(row: Paper, deposit: Deposit) -> PaperState:
    says = sealed.paper(row, deposit)
    letter = says if isinstance(says, Letter) else None
    claim = None if isinstance(says, Letter) else says
    return PaperState(
        id=row.pk,
        kind=row.kind,
        state=row.state,
        handed_in_at=row.handed_in_at,
        has_file=Paper.objects.filter(pk=row.pk, file_sealed__isnull=False).exists(),
        number=letter.number if letter else "",
        issuer=letter.issuer if letter else "",
        issuer_kind=ISSUERS[letter.issuer_kind] if letter else "",
        amount_fen=letter.amount_fen if letter else 0,
        valid_to=letter.valid_to if letter else None,
        ground=GROUNDS[claim.ground] if claim else "",
        claim_clause=claim.clause if claim else "",
        checked_at=row.checked_at,
        clause=row.clause,
        fact=row.fact,
        ended_at=row.ended_at,
    )
