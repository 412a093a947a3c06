"""The opening record as data: what is read out, confirmed, signed and hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.events import moment
from sealing import canonical
from trading.models import Opening, OpeningSeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One bidder of the record; figures are None where the bid stayed sealed."""

    seat: int
    name: str
    members: Sequence[str]
    received_at: str
    security: dict[str, Any]
    state: str
    code: str
    attribution: str
    price_fen: int | None
    duration_days: int | None
    quality: str | None
    manager: str | None
    form_sha256: str | None


def rows(opening: Opening) -> list[Row]:
    """Return the record's rows in seat order."""
    seats = opening.seats.select_related("organisation", "bid__line").order_by("number")
    return [_row(seat) for seat in seats]


def line(row: Row) -> dict[str, Any]:
    """Return what the hall's big screen shows of a row."""
    return {
        "seat": row.seat,
        "state": row.state,
        "code": row.code,
        "price_fen": row.price_fen,
        "duration_days": row.duration_days,
        "quality": row.quality,
        "manager": row.manager,
    }


def body(opening: Opening) -> dict[str, Any]:
    """Return the whole record as JSON: what bidders confirm and staff sign."""
    lot = opening.lot
    return {
        "v": 1,
        "kind": "opening-record",
        "tender": lot.tender.code,
        "lot": lot.code,
        "title": f"{lot.tender.title} {lot.title}",
        "deadline_at": moment(lot.deadline_at) if lot.deadline_at else None,
        "started_at": moment(opening.started_at) if opening.started_at else None,
        "decrypt_periods": opening.decrypt_periods,
        "ceiling_fen": lot.ceiling_fen,
        "rows": [
            {
                "seat": row.seat,
                "name": row.name,
                "members": list(row.members),
                "received_at": row.received_at,
                "security": row.security,
                "state": row.state,
                "code": row.code,
                "attribution": row.attribution,
                "price_fen": row.price_fen,
                "duration_days": row.duration_days,
                "quality": row.quality,
                "manager": row.manager,
                "form_sha256": row.form_sha256,
            }
            for row in rows(opening)
        ],
        "objections": [
            {
                "seat": objection.party.seat.number,
                "text": objection.text,
                "at": moment(objection.at),
                "answer": objection.answer,
            }
            for objection in opening.objections.select_related("party__seat")
        ],
    }


def digest(opening: Opening) -> str:
    """Return the SHA-256 of the record's canonical JSON, in hex."""
    return hashlib.sha256(canonical.dumps(body(opening))).hexdigest()


def _row(seat: OpeningSeat) -> Row:
    bid = seat.bid
    # What a panel or an unpacked package says of an opened bid later is not of this record.
    read = getattr(bid, "line", None)
    return Row(
        seat=seat.number,
        name=seat.organisation.name,
        members=tuple(member["name"] for member in seat.members),
        received_at=moment(bid.received_at),
        security=dict(seat.security),
        state="OPENED" if read else bid.state,
        code="" if read else bid.state_code,
        attribution=bid.attribution,
        price_fen=read.price_fen if read else None,
        duration_days=read.duration_days if read else None,
        quality=read.quality if read else None,
        manager=read.manager if read else None,
        form_sha256=read.form_sha256 if read else None,
    )
