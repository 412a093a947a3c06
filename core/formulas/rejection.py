"""Rejections that arithmetic alone decides."""

from __future__ import annotations

from enum import StrEnum


class Rejection(StrEnum):
    """Why a bid is out, by the list of TBR Art. 51."""

    FORM = "REJECT_FORM"
    CONSORTIUM = "REJECT_CONSORTIUM"
    QUALIFICATION = "REJECT_QUAL"
    MULTIPLE = "REJECT_MULTI"
    PRICE_LOW = "REJECT_PRICE_LOW"
    PRICE_HIGH = "REJECT_PRICE_HIGH"
    RESPONSIVENESS = "REJECT_RESPONSIVE"
    ILLEGAL = "REJECT_ILLEGAL"


def over_ceiling(price_fen: int, ceiling_fen: int | None) -> bool:
    """Say whether a price is above the ceiling; a price equal to it is fine."""
    return ceiling_fen is not None and price_fen > ceiling_fen
