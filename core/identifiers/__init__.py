"""Identifiers of firms, people, places, tenders and lots: checks and makers."""

from __future__ import annotations

from core.identifiers.codes import (
    COMMON_STYLE,
    CodeStyle,
    deal_code,
    is_deal_code,
    lot_code,
    platform_code,
    random_serial,
    tender_code,
)
from core.identifiers.credit import (
    CodeError,
    credit_check,
    is_credit_code,
    is_organisation_code,
    make_credit_code,
    make_firm_code,
    normal_credit_code,
    organisation_check,
)
from core.identifiers.regions import REGIONS, Region, region
from core.identifiers.resident import (
    born,
    is_resident_id,
    make_resident_id,
    masked,
    resident_check,
)

__all__ = [
    "COMMON_STYLE",
    "REGIONS",
    "CodeError",
    "CodeStyle",
    "Region",
    "born",
    "credit_check",
    "deal_code",
    "is_credit_code",
    "is_deal_code",
    "is_organisation_code",
    "is_resident_id",
    "lot_code",
    "make_credit_code",
    "make_firm_code",
    "make_resident_id",
    "masked",
    "normal_credit_code",
    "organisation_check",
    "platform_code",
    "random_serial",
    "region",
    "resident_check",
    "tender_code",
]
