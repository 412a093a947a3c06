"""What the law would say to a formula while it is being written.

Faults are for the author: they name the article and block publication. They do not stop the
reckoning of a case that already happened, which must come out as it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.decimals import write
from core.formulas.criteria import Criteria
from core.formulas.errors import BadFormula
from core.formulas.params import Params
from core.formulas.scores import OutlierRule
from core.law import AMOUNTS, Article, Rule, Statute

_AVERAGES = ("m1", "m2", "m3", "m4", "m5", "reasonable_low")
_PRICE_RULE = Article(Statute.MOF87, 55)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A code for the words, the place, the facts, and the article if one decides."""

    code: str
    pointer: str
    facts: Mapping[str, str] = field(default_factory=dict)
    article: Article | None = None

    def body(self) -> dict[str, Any]:
        """Return the fault as JSON values."""
        return {
            "code": self.code,
            "pointer": self.pointer,
            "facts": dict(self.facts),
            "article": str(self.article) if self.article else None,
        }


def authoring_faults(
    *,
    track: str,
    category: str,
    procedure: str,
    on: date,
    method: str,
    weight: Decimal,
    params: Mapping[str, object],
    criteria: Criteria | None,
    outlier_rule: OutlierRule | None,
) -> tuple[Fault, ...]:
    """Return everything unlawful or uneven in a lot's formula and rules on a day."""
    where = {"track": track, "category": category, "procedure": procedure}
    found: list[Fault] = []
    if track == "G" and method in _AVERAGES:
        found.append(Fault(code="AVERAGE_IN_G", pointer="/formula/method", article=_PRICE_RULE))
    found += _outside("weight", "/formula/weight", _share(weight, criteria), on=on, where=where)
    found += _deductions(params, on=on, where=where)
    if track == "G" and outlier_rule is not None:
        found.append(Fault(code="OUTLIER_IN_G", pointer="/rules/outlier_rule", article=_PRICE_RULE))
    uneven = criteria.uneven() if criteria is not None else ()
    found += [
        Fault(code="PARTS_DIFFER", pointer="/rules/criteria", facts={"criterion": item.key})
        for item in uneven
    ]
    return tuple(found)


def _share(weight: Decimal, criteria: Criteria | None) -> Decimal:
    """Return the price's part of all points; a hundred where no criteria are given."""
    tops = [item.maximum for item in criteria.items if item.part_of is None] if criteria else []
    return weight / (sum(tops, Decimal(0)) or Decimal(100))


def _deductions(
    params: Mapping[str, object], *, on: date, where: Mapping[str, str]
) -> Iterator[Fault]:
    reader = Params({name: params[name] for name in params if name != "draw"}, "/formula/params")
    for name in ("small_deduction", "domestic_deduction"):
        if name not in params:
            continue
        try:
            rate = reader.optional_fraction(name)
        except BadFormula:
            continue  # reading the formula itself says so
        yield from _outside(name, f"/formula/params/{name}", rate, on=on, where=where)


_LIMITS = {
    "weight": ("price_weight_least", "price_weight_most"),
    "small_deduction": ("small_deduction_least", "small_deduction_most"),
    "domestic_deduction": ("domestic_deduction", "domestic_deduction"),
}


def _outside(
    what: str, pointer: str, value: Decimal, *, on: date, where: Mapping[str, str]
) -> Iterator[Fault]:
    least, most = (AMOUNTS[name].find(on=on, **where) for name in _LIMITS[what])
    if least is not None and value < least.value:
        yield _limit(f"{what.upper()}_BELOW_LAW", pointer, value, least)
    if most is not None and value > most.value:
        yield _limit(f"{what.upper()}_ABOVE_LAW", pointer, value, most)


def _limit(code: str, pointer: str, value: Decimal, rule: Rule) -> Fault:
    facts = {"value": write(value), "limit": write(Decimal(rule.value))}
    return Fault(code=code, pointer=pointer, facts=facts, article=rule.article)
