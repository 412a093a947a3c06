"""What each procedure of each legal track means, as data with its articles.

A value from law lies in `core.law`; this table only says which stages and choices a procedure
has. A later procedure is one more row, never a subclass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.law import Article, Statute


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRules:
    """One row: who reviews what, what is published, which formulas may be chosen."""

    track: str
    procedure: str
    methods: Sequence[str]
    # MOF87 Art. 44: in track G the purchaser reviews qualification before the panel meets.
    purchaser_reviews_qualification: bool
    # TBR Art. 54: candidates are published in track T; in G the result is published directly.
    publishes_candidates: bool
    most_candidates: int
    minimum_bids: int
    basis: Article


PROCEDURES: Mapping[tuple[str, str], ProcedureRules] = {
    (row.track, row.procedure): row
    for row in (
        ProcedureRules(
            track="T",
            procedure="open_tender",
            methods=("m1", "m2", "gov_lowest"),
            purchaser_reviews_qualification=False,
            publishes_candidates=True,
            most_candidates=3,  # TBR Art. 53
            minimum_bids=3,
            basis=Article(Statute.TBL, 28),
        ),
        ProcedureRules(
            track="G",
            procedure="open_tender",
            # MOF87 Art. 55: the lowest price sets the mark; averages are unlawful here.
            methods=("gov_lowest",),
            purchaser_reviews_qualification=True,
            publishes_candidates=False,
            most_candidates=3,
            minimum_bids=3,
            basis=Article(Statute.GPL, 36),
        ),
    )
}


def rules_of(track: str, procedure: str) -> ProcedureRules:
    """Return the row; KeyError for a procedure this system does not run."""
    return PROCEDURES[track, procedure]
