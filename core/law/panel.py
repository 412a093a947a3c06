"""Counts the law fixes: bidders, candidates, members of the evaluation committee."""

from __future__ import annotations

from datetime import date

from core.law.rules import Evidence, Rule, Table, Unit, tables
from core.law.statutes import Article, Statute

_LARGE_BUDGET_FEN = 1_000 * 10_000 * 100


def _count(value: int, statute: Statute, number: int, tag: Evidence, **where: str) -> Rule:
    return Rule(
        value=value,
        unit=Unit.COUNT,
        article=Article(statute, number),
        tag=tag,
        valid_from=statute.since,
        where=where,
    )


COUNTS = tables(
    Table(
        "least_bidders",
        (
            _count(3, Statute.TBL, 28, Evidence.READ, track="T"),
            _count(3, Statute.GPL, 36, Evidence.READ, track="G"),
        ),
    ),
    Table("most_candidates", (_count(3, Statute.TBR, 53, Evidence.READ, track="T"),)),
    Table(
        "least_members",
        (
            _count(5, Statute.TBL, 37, Evidence.READ, track="T"),
            _count(3, Statute.CK214, 14, Evidence.KNOWN, track="G", procedure="consultation"),
            _count(3, Statute.MOF74, 7, Evidence.KNOWN, track="G", procedure="negotiation"),
            _count(3, Statute.MOF74, 7, Evidence.KNOWN, track="G", procedure="inquiry"),
            _count(7, Statute.MOF87, 47, Evidence.KNOWN, track="G", budget="large"),
            _count(5, Statute.MOF87, 47, Evidence.KNOWN, track="G"),
        ),
    ),
)


def least_members(*, track: str, procedure: str, budget_fen: int, on: date) -> Rule:
    """Return how many members a committee has at the least; the number is always odd."""
    budget = "large" if budget_fen >= _LARGE_BUDGET_FEN else "ordinary"
    return COUNTS["least_members"].get(on=on, track=track, procedure=procedure, budget=budget)


def least_experts(members: int) -> int:
    """Return how many of so many members are experts at the least: two thirds, rounded up."""
    return -(-2 * members // 3)
