"""Check one lot before publication: money, criteria, formula, ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.decimals import read as read_decimal
from core.door import BadInput
from core.formulas import (
    Criteria,
    Criterion,
    Kind,
    OutlierRule,
    authoring_faults,
    check_tie_rule,
    read_formula,
)
from core.law import security_cap
from trading.domain.procedures import rules_of

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPlan:
    """A lot as its author wrote it; criteria as in the story's schema."""

    track: str
    procedure: str
    category: str
    estimate_fen: int
    ceiling_fen: int | None
    bid_security_fen: int
    price_formula: Mapping[str, Any]
    criteria: Sequence[Mapping[str, Any]]
    outlier_rule: Mapping[str, int] | None
    tie_rule: Sequence[str]
    candidates_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFault:
    """What is wrong with a lot: code, place, facts for the sentence, article if one decides."""

    code: str
    pointer: str
    facts: Mapping[str, object] = field(default_factory=dict)
    article: str = ""


def check(plan: LotPlan, *, on: date) -> list[LotFault]:
    """Return everything that stands against publishing the lot on a day."""
    found = [*_money(plan, on), *_rules(plan)]
    try:
        criteria = read_criteria(plan.criteria)
        weight = read_decimal(str(plan.price_formula["weight"]))
        read_formula(plan.price_formula["method"], dict(plan.price_formula.get("params", {})))
        check_tie_rule(list(plan.tie_rule))
        outliers = OutlierRule(**plan.outlier_rule) if plan.outlier_rule else None
    except BadInput as error:
        return [
            *found,
            LotFault(code="BAD_INPUT", pointer=error.pointer, facts={"why": str(error)}),
        ]
    except KeyError as error:
        return [*found, LotFault(code="NO_FORMULA", pointer=f"/price_formula/{error.args[0]}")]
    found += _sums(criteria, weight)
    found += [
        LotFault(
            code=fault.code,
            pointer=fault.pointer,
            facts=dict(fault.facts),
            article=str(fault.article) if fault.article else "",
        )
        for fault in authoring_faults(
            track=plan.track,
            category=plan.category,
            procedure=plan.procedure,
            on=on,
            method=str(plan.price_formula["method"]),
            weight=weight,
            params=dict(plan.price_formula.get("params", {})),
            criteria=criteria,
            outlier_rule=outliers,
        )
    ]
    return found


def read_criteria(rows: Sequence[Mapping[str, Any]]) -> Criteria:
    """Read a criteria tree; BadInput names the place of what is wrong."""
    return Criteria(
        tuple(
            Criterion(
                key=str(row["key"]),
                title=str(row["title"]),
                maximum=read_decimal(str(row["max"])),
                kind=Kind(row["kind"]),
                step=read_decimal(str(row["step"])) if row.get("step") else None,
                part_of=row.get("part_of") or None,
            )
            for row in rows
        )
    )


def _money(plan: LotPlan, on: date) -> list[LotFault]:
    found = []
    # In government procurement the estimate is the disclosed budget (GPR Art. 30), which the cap of
    # Art. 33 counts from; a ceiling below it is the buyer's choice.
    cap = security_cap(plan.estimate_fen, track=plan.track, category=plan.category, on=on)
    if cap is not None and plan.bid_security_fen > cap.fen:
        found.append(
            LotFault(
                code="SECURITY_ABOVE_CAP",
                pointer="/bid_security_fen",
                facts={"cap_fen": cap.fen, "given_fen": plan.bid_security_fen},
                article=str(cap.rules[0].article),
            )
        )
    if plan.estimate_fen <= 0:
        found.append(LotFault(code="NO_ESTIMATE", pointer="/estimate_fen"))
    return found


def _rules(plan: LotPlan) -> list[LotFault]:
    rules = rules_of(plan.track, plan.procedure)
    found = []
    if plan.price_formula.get("method") not in rules.methods:
        found.append(
            LotFault(
                code="METHOD_NOT_OPEN",
                pointer="/price_formula/method",
                facts={"method": plan.price_formula.get("method")},
            )
        )
    if not 1 <= plan.candidates_count <= rules.most_candidates:
        found.append(
            LotFault(
                code="CANDIDATES",
                pointer="/candidates",
                facts={"most": rules.most_candidates},
            )
        )
    return found


def _sums(criteria: Criteria, weight: Decimal) -> list[LotFault]:
    found = []
    total = sum((item.maximum for item in criteria.items if item.part_of is None), start=Decimal(0))
    if total != _HUNDRED:
        found.append(LotFault(code="NOT_HUNDRED", pointer="/criteria", facts={"total": total}))
    prices = [item for item in criteria.items if item.kind is Kind.PRICE]
    if len(prices) != 1:
        found.append(LotFault(code="ONE_PRICE", pointer="/criteria"))
    elif prices[0].maximum != weight:
        found.append(
            LotFault(
                code="WEIGHT_DIFFERS",
                pointer="/price_formula/weight",
                facts={"weight": weight, "max": prices[0].maximum},
            )
        )
    return found
