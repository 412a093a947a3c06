"""Numbers from the law in dated tables: periods, amounts, counts, and the dates they lead to."""

from __future__ import annotations

from core.law.amounts import AMOUNTS, Cap, must_tender, security_cap
from core.law.citations import in_english
from core.law.panel import COUNTS, least_experts, least_members
from core.law.periods import PERIODS
from core.law.rules import Evidence, NoRule, Rule, Table, Unit, articles
from core.law.statutes import Article, Statute
from core.law.timeline import (
    Earliest,
    EarliestMoment,
    earliest_deadline_after_amendment,
    earliest_deadline_day,
    first_day_after,
    last_day,
)

__all__ = [
    "AMOUNTS",
    "COUNTS",
    "PERIODS",
    "Article",
    "Cap",
    "Earliest",
    "EarliestMoment",
    "Evidence",
    "NoRule",
    "Rule",
    "Statute",
    "Table",
    "Unit",
    "articles",
    "earliest_deadline_after_amendment",
    "earliest_deadline_day",
    "first_day_after",
    "in_english",
    "last_day",
    "least_experts",
    "least_members",
    "must_tender",
    "security_cap",
]
