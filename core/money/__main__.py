"""Money from the command line: `python -m core.money < cases.json`.

Cases (`fen` an integer), and what `ok` holds:

    {"do": "parse_yuan", "text"}        fen
    {"do": "yuan", "fen"}               "33,663,580.16"
    {"do": "plain_yuan", "fen"}         "33663580.16"
    {"do": "wan", "fen"}                "3,366.36"
    {"do": "uppercase", "fen"}          the capitals as we print them
    {"do": "uppercase_forms", "fen"}    every form the bank rules allow, ours first
    {"do": "says", "text", "fen"}       true when these capitals name this amount
    {"do": "spoken", "fen"}             the words a host reads aloud

An amount that cannot be read or written answers `{"refused": sentence}`. Exit codes: 0, 2 bad
input, 3 environment.
"""

from __future__ import annotations

import sys

from core import door, money

ACTS: door.Acts = {
    "parse_yuan": money.parse_yuan,
    "yuan": money.yuan,
    "plain_yuan": money.plain_yuan,
    "wan": money.wan,
    "uppercase": money.uppercase,
    "uppercase_forms": money.uppercase_forms,
    "says": money.says,
    "spoken": money.spoken,
}

if __name__ == "__main__":
    sys.exit(door.answer(ACTS, (money.MoneyError,)))
