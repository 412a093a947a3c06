"""A number from the law: its value, its article, its time, and how well we know it.

Rules stand in tables, looked up by what they are about and by the day that counts. Nothing here
is a guess: what we could not verify is configuration of the centre, not a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from core.law.statutes import Article


class Unit(StrEnum):
    """What a rule's value counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    FEN = "fen"
    FRACTION = "fraction"
    COUNT = "count"


class Evidence(StrEnum):
    """How the number is known: article read, well known, or read in a secondary source."""

    READ = "V"
    KNOWN = "M"
    SECONDARY = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One number of the law; `valid_to` is the first day it no longer holds."""

    value: int | Decimal
    unit: Unit
    article: Article
    tag: Evidence
    valid_from: date
    valid_to: date | None = None
    where: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", MappingProxyType(dict(self.where)))

    def holds(self, *, on: date, facts: Mapping[str, str]) -> bool:
        """Say whether the rule holds on a day and for these facts; silence means any."""
        if on < self.valid_from or (self.valid_to is not None and on >= self.valid_to):
            return False
        return all(facts.get(name) == wanted for name, wanted in self.where.items())


class NoRule(LookupError):  # noqa: N818 - said as it is
    """The law, as far as it is in the tables, says nothing about this."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rules about one number, the narrower case before the wider one."""

    name: str
    rules: tuple[Rule, ...]

    def find(self, *, on: date, **facts: str) -> Rule | None:
        """Return the first rule that holds, or nothing."""
        return next((rule for rule in self.rules if rule.holds(on=on, facts=facts)), None)

    def get(self, *, on: date, **facts: str) -> Rule:
        """Return the rule that holds, or raise `NoRule`."""
        rule = self.find(on=on, **facts)
        if rule is None:
            told = ", ".join(f"{name} {value}" for name, value in sorted(facts.items()))
            raise NoRule(f"{self.name}: no rule for {told} on {on}")
        return rule


def tables(*all_tables: Table) -> Mapping[str, Table]:
    """Index tables by name, refusing two of one name."""
    index: dict[str, Table] = {}
    for table in all_tables:
        if table.name in index:
            raise ValueError(f"two tables named {table.name}")
        index[table.name] = table
    return MappingProxyType(index)


def articles(known: Iterable[Table]) -> tuple[Article, ...]:
    """Return every article the tables cite, each once, for the documentation."""
    return tuple(dict.fromkeys(rule.article for table in known for rule in table.rules))
