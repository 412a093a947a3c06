"""Identifiers from the command line: `python -m core.identifiers < cases.json`.

Cases, and what `ok` holds:

    {"do": "is_credit_code", "code"}             true or false
    {"do": "make_credit_code", "body"}           the code: 17 characters and their check
    {"do": "make_firm_code", "region", "number"} the code of an invented firm
    {"do": "is_organisation_code", "code"}       true or false
    {"do": "organisation_check", "body"}         the ninth character
    {"do": "is_resident_id", "number"}           true or false
    {"do": "resident_check", "body"}             the eighteenth character
    {"do": "region", "code"}                     {"code", "zh", "en"} or null
    {"do": "tender_code", "centre", "serial"}    platform and serial
    {"do": "lot_code", "tender", "number"}       the tender's code and the lot's number
    {"do": "deal_code", "trade_class", "publisher", "day", "serial"}   with a stand-in check
    {"do": "is_deal_code", "code"}               true or false

A body no code can be made of answers `{"refused": sentence}`. Exit codes: 0, 2 bad input,
3 environment.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date

from core import door, identifiers


def _region(*, code: str) -> dict[str, str] | None:
    found = identifiers.region(code)
    return asdict(found) if found else None


def _tender_code(*, centre: str, serial: int) -> str:
    return identifiers.tender_code(identifiers.platform_code(centre), serial)


def _deal_code(*, trade_class: str, publisher: str, day: str, serial: int) -> str:
    return identifiers.deal_code(
        trade_class=trade_class, publisher=publisher, day=date.fromisoformat(day), serial=serial
    )


ACTS: door.Acts = {
    "is_credit_code": identifiers.is_credit_code,
    "make_credit_code": identifiers.make_credit_code,
    "make_firm_code": identifiers.make_firm_code,
    "is_organisation_code": identifiers.is_organisation_code,
    "organisation_check": identifiers.organisation_check,
    "is_resident_id": identifiers.is_resident_id,
    "resident_check": identifiers.resident_check,
    "region": _region,
    "tender_code": _tender_code,
    "lot_code": identifiers.lot_code,
    "deal_code": _deal_code,
    "is_deal_code": identifiers.is_deal_code,
}

if __name__ == "__main__":
    sys.exit(door.answer(ACTS, (identifiers.CodeError,)))
