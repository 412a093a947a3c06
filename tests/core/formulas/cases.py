"""Cases the formula tests start from; each call gives a fresh one to spoil."""

from __future__ import annotations

from decimal import Decimal

from core.formulas import evaluate, read_case, write_outcome

WAN = 1_000_000
SEVEN = [9_800_000, 9_500_000, 9_300_000, 9_650_000, 9_420_000, 9_100_000, 9_750_000]
TRIM = {"from": 7, "high": 1, "low": 1}


def works(*, prices=SEVEN, method="m1", weight="100", ceiling=10_000_000, **params):
    """A works lot by its yuan prices; keys are a, b, c …"""
    given = {"K": "0.97", "E1": "0.9", "E2": "0.6", "trim": dict(TRIM)} if method == "m1" else {}
    return {
        "track": "T",
        "formula": {"method": method, "weight": weight, "params": given | params},
        "ceiling_fen": ceiling * 100 if ceiling is not None else None,
        "bids": bids([price * 100 for price in prices]),
    }


def m2(**params):
    shape = {"K1": "0.97", "Q1": "0.65", "K2": "0.92", "Q2": "0.35", "E1": "0.9", "E2": "0.6"}
    return works(method="m2", **(shape | {"trim": dict(TRIM)} | params))


def goods(*wan, weight="30", claims=None, **params):
    """A goods lot of government procurement by its prices in units of ten thousand."""
    return {
        "track": "G",
        "formula": {"method": "gov_lowest", "weight": weight, "params": params},
        "bids": bids([int(Decimal(price) * WAN) for price in wan], claims=claims or {}),
    }


def bids(fen, claims=None):
    return [
        {"key": key, "price_fen": price}
        | ({"claims": claims[key]} if claims and key in claims else {})
        for key, price in zip("abcdefghijklmnop", fen, strict=False)
    ]


def scored(case, sheet, *, criteria=None, **rules):
    """Add rules and scores: sheet maps a bid to {criterion: one score a member}."""
    weight = case["formula"]["weight"]
    tree = criteria or [
        {"key": "tech", "title": "技术", "max": "60", "kind": "judged"},
        {"key": "firm", "title": "业绩", "max": "10", "kind": "objective"},
    ]
    case["rules"] = {
        "criteria": [*tree, {"key": "price", "title": "报价", "max": weight, "kind": "price"}],
        **rules,
    }
    case["scores"] = [
        {"member": f"m{number}", "bid": bid, "criterion": criterion, "score": score}
        for bid, row in sheet.items()
        for criterion, values in row.items()
        for number, score in enumerate(values)
    ]
    return case


def answer(case):
    return write_outcome(evaluate(read_case(case)))


def column(case, name):
    """One field of the answer by bid key."""
    return {bid["key"]: bid[name] for bid in answer(case)["bids"]}
