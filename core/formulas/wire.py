"""Cases read from JSON and outcomes written to it; the shapes stand in `core.formulas.__main__`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.decimals import DecimalError, half_up, read, write
from core.formulas.case import Case, Outcome, Rules
from core.formulas.criteria import Criteria, Criterion, Kind
from core.formulas.errors import BadFormula
from core.formulas.pricing import PricedBid
from core.formulas.ranking import check_tie_rule
from core.formulas.scores import OutlierRule, Score
from core.formulas.working import Line

_CLAIMS = ("small_business", "domestic")
_FIRST_CATEGORY = {"T": "works", "G": "goods"}


def read_case(body: object) -> Case:
    """Read a case, or refuse with the JSON pointer of the fault."""
    case = _object(body, "", must={"track", "formula", "bids"}, may=_CASE_MAY)
    track = _one_of(case["track"], "/track", ("T", "G", "A", "SUB", "ENV"))
    formula = _object(case["formula"], "/formula", must={"method", "weight", "params"})
    params = formula["params"]
    if not isinstance(params, Mapping):
        raise BadFormula("/formula/params", "an object is wanted")
    rules = case.get("rules")
    return Case(
        track=track,
        category=_text(case.get("category") or _FIRST_CATEGORY.get(track, "goods"), "/category"),
        procedure=_text(case.get("procedure", "open_tender"), "/procedure"),
        on=_day(case["date"], "/date") if case.get("date") is not None else None,
        method=_text(formula["method"], "/formula/method"),
        weight=_decimal(formula["weight"], "/formula/weight"),
        params=params,
        ceiling_fen=_ceiling(case.get("ceiling_fen")),
        bids=tuple(_bid(item, pointer) for item, pointer in _list(case["bids"], "/bids")),
        rejected=dict(
            _review(item, pointer) for item, pointer in _list(case.get("reviews"), "/reviews")
        ),
        rules=_rules(rules) if rules is not None else None,
        scores=tuple(
            _score(item, pointer) for item, pointer in _list(case.get("scores"), "/scores")
        ),
        draws=tuple(
            tuple(_text(key, f"{pointer}/{number}") for number, key in enumerate(item))
            if isinstance(item, list)
            else _refuse(pointer, "a list of bid keys is wanted")
            for item, pointer in _list(case.get("draws"), "/draws")
        ),
    )


_CASE_MAY = {
    "category",
    "procedure",
    "date",
    "ceiling_fen",
    "rules",
    "scores",
    "reviews",
    "draws",
}


def write_outcome(outcome: Outcome) -> dict[str, Any]:
    """Write an outcome as JSON values."""
    benchmark = outcome.pricing.benchmark_fen
    ranking = outcome.ranking
    return {
        "method": outcome.case.method,
        "benchmark": write(benchmark.scaleb(-2), places=2) if benchmark is not None else None,
        "benchmark_fen": write(benchmark) if benchmark is not None else None,
        "working": _lines(outcome.pricing.working),
        "bids": [_bid_out(outcome, bid) for bid in outcome.case.bids],
        "candidates": list(outcome.candidates),
        "first": ranking.first if ranking is not None else None,
        "pending_draws": [list(tie) for tie in ranking.pending] if ranking is not None else [],
        "faults": [fault.body() for fault in outcome.faults],
    }


def _bid_out(outcome: Outcome, bid: PricedBid) -> dict[str, Any]:
    price, result = outcome.price(bid.key), outcome.results.get(bid.key)
    code = outcome.rejected.get(bid.key)
    dev = price.deviation if price is not None else None
    return {
        "key": bid.key,
        "status": "valid" if code is None else "rejected",
        "code": code,
        "deviation": write(half_up(dev, 12), places=4) if dev is not None else None,
        "price_evaluated_fen": int(half_up(price.evaluated_fen, 0)) if price else None,
        "price_score": write(price.score, places=2) if price else None,
        "scores": {
            leaf: write(value, places=2)
            for leaf, value in (result.leaves if result else {}).items()
        },
        "total": write(result.total, places=2) if result else None,
        "rank": outcome.rank(bid.key),
        "working": _lines((*(price.working if price else ()), *(result.working if result else ()))),
    }


def _lines(lines: tuple[Line, ...]) -> list[dict[str, str]]:
    return [line.body() for line in lines]


def _bid(body: object, pointer: str) -> PricedBid:
    bid = _object(body, pointer, must={"key", "price_fen"}, may={"claims"})
    claims = _object(bid.get("claims") or {}, f"{pointer}/claims", may=set(_CLAIMS))
    for name, value in claims.items():
        if not isinstance(value, bool):
            raise BadFormula(f"{pointer}/claims/{name}", "true or false is wanted")
    return PricedBid(
        key=_text(bid["key"], f"{pointer}/key"),
        price_fen=_whole(bid["price_fen"], f"{pointer}/price_fen"),
        claims=claims,
    )


def _review(body: object, pointer: str) -> tuple[str, str]:
    review = _object(
        body, pointer, must={"bid", "verdict", "code"}, may={"clause", "fact", "against"}
    )
    _one_of(review["verdict"], f"{pointer}/verdict", ("reject",))
    return _text(review["bid"], f"{pointer}/bid"), _text(review["code"], f"{pointer}/code")


def _rules(body: object) -> Rules:
    rules = _object(
        body, "/rules", must={"criteria"}, may={"outlier_rule", "tie_rule", "candidates"}
    )
    ties = tuple(
        _text(item, pointer) for item, pointer in _list(rules.get("tie_rule"), "/rules/tie_rule")
    )
    check_tie_rule(ties)
    outlier = rules.get("outlier_rule")
    candidates = rules.get("candidates")
    return Rules(
        criteria=Criteria(
            tuple(
                _criterion(item, pointer)
                for item, pointer in _list(rules["criteria"], "/rules/criteria")
            )
        ),
        outlier_rule=_outlier(outlier) if outlier is not None else None,
        tie_rule=ties,
        candidates=3 if candidates is None else _whole(candidates, "/rules/candidates"),
    )


def _criterion(body: object, pointer: str) -> Criterion:
    item = _object(body, pointer, must={"key", "title", "max", "kind"}, may={"step", "part_of"})
    step, parent = item.get("step"), item.get("part_of")
    return Criterion(
        key=_text(item["key"], f"{pointer}/key"),
        title=_text(item["title"], f"{pointer}/title"),
        maximum=_decimal(item["max"], f"{pointer}/max"),
        kind=Kind(_one_of(item["kind"], f"{pointer}/kind", tuple(Kind))),
        step=_decimal(step, f"{pointer}/step") if step is not None else None,
        part_of=_text(parent, f"{pointer}/part_of") if parent is not None else None,
    )


def _outlier(body: object) -> OutlierRule:
    names = ("drop_high", "drop_low", "from_members")
    rule = _object(body, "/rules/outlier_rule", must=set(names))
    high, low, members = (_whole(rule[name], f"/rules/outlier_rule/{name}") for name in names)
    return OutlierRule(drop_high=high, drop_low=low, from_members=members)


def _score(body: object, pointer: str) -> Score:
    names = ("member", "bid", "criterion")
    score = _object(body, pointer, must={*names, "score"})
    member, bid, criterion = (_text(score[name], f"{pointer}/{name}") for name in names)
    return Score(
        member=member,
        bid=bid,
        criterion=criterion,
        value=_decimal(score["score"], f"{pointer}/score"),
        pointer=pointer,
    )


def _ceiling(value: object) -> int | None:
    return None if value is None else _whole(value, "/ceiling_fen")


def _object(
    body: object, pointer: str, *, must: set[str] | None = None, may: set[str] | None = None
) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadFormula(pointer, "an object is wanted")
    must, may = must or set(), may or set()
    for name in sorted(must - set(body)):
        raise BadFormula(f"{pointer}/{name}", "is missing")
    for name in sorted(set(body) - must - may):
        raise BadFormula(f"{pointer}/{name}", "is not known here")
    return body


def _list(body: object, pointer: str) -> list[tuple[Any, str]]:
    if body is None:
        return []
    if not isinstance(body, list):
        raise BadFormula(pointer, "a list is wanted")
    return [(item, f"{pointer}/{number}") for number, item in enumerate(body)]


def _text(value: object, pointer: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadFormula(pointer, "a text is wanted")
    return value


def _one_of(value: object, pointer: str, wanted: tuple[str, ...]) -> str:
    if value not in wanted:
        raise BadFormula(pointer, f"one of {', '.join(wanted)} is wanted")
    return str(value)


def _whole(value: object, pointer: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadFormula(pointer, "a whole number from 0 is wanted")
    return value


def _decimal(value: object, pointer: str) -> Decimal:
    try:
        return read(value)
    except DecimalError as error:
        raise BadFormula(pointer, str(error)) from error


def _day(value: object, pointer: str) -> date:
    try:
        return date.fromisoformat(_text(value, pointer))
    except ValueError as error:
        raise BadFormula(pointer, "a day is written YYYY-MM-DD") from error


def _refuse(pointer: str, message: str) -> tuple[str, ...]:
    raise BadFormula(pointer, message)
