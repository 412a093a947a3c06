"""A lot's formula from the command line: `python -m core.formulas < case.json`.

The case is one JSON object; everything but track, formula and bids may be left out. Decimals are
strings, prices integer fen:

    {"track": "T", "category": "works", "procedure": "open_tender", "date": "2026-11-23",
     "formula": {"method": "m1", "weight": "60",
                 "params": {"K": "0.97", "E1": "0.9", "E2": "0.6",
                            "trim": {"from": 7, "high": 1, "low": 1}}},
     "ceiling_fen": 1000000000,
     "bids": [{"key": "b1", "price_fen": 950000000,
               "claims": {"small_business": false, "domestic": false}}],
     "rules": {"criteria": [{"key", "title", "max", "kind", "step"?, "part_of"?}],
               "outlier_rule": {"drop_high", "drop_low", "from_members"} or null,
               "tie_rule": ["lower_price", "higher_technical", "draw"], "candidates": 3},
     "scores": [{"member", "bid", "criterion", "score"}],
     "reviews": [{"bid", "verdict": "reject", "code"}],
     "draws": [["b2", "b1"]]}

Methods: gov_lowest (params small_deduction?, domestic_deduction?), m1 (K, E1, E2, trim?),
m2 (K1, K2, Q1, Q2, E1, E2, trim?; needs ceiling_fen). `draws` holds the orders drawn for ties.

The answer:

    {"method", "benchmark": yuan or null, "benchmark_fen": fen as a decimal string or null,
     "working": [{"label", "expression", "value"}],
     "bids": [{"key", "status": "valid" | "rejected", "code", "deviation": percent or null,
               "price_evaluated_fen", "price_score", "scores": {criterion: panel result},
               "total", "rank", "working"}],
     "candidates": [keys], "first": the key to be awarded by rank or null,
     "pending_draws": [[tied keys]], "faults": [{"code", "pointer", "facts", "article"}]}

`total` and `rank` are null without rules and scores; `faults` (what the law says to the formula)
is empty without a date. Exit codes: 0; 2 bad input or a method not built, with the JSON pointer on
stderr; 3 the environment.
"""

from __future__ import annotations

import json
import sys

from core import door
from core.formulas.case import evaluate
from core.formulas.wire import read_case, write_outcome


def main() -> int:
    """Answer the case on standard input."""
    try:
        outcome = evaluate(read_case(door.read_json()))
        print(json.dumps(write_outcome(outcome), ensure_ascii=False))  # noqa: T201 - the door
    except door.BadInput as error:
        return door.say(error, door.BAD_INPUT)
    except OSError as error:
        return door.say(error, door.ENVIRONMENT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
