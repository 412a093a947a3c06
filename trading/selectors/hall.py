"""The hall as one viewer may see it now: the snapshot the live events continue.

Before the list every viewer gets the same bytes but for its own part: no number, no names, no
presence, no empty places from which anything could be counted (design rule 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit import selectors as audit
from core.events import moment
from trading.models import Bid, HallMessage, Opening, Party, RecordAnswer, SignIn
from trading.policies.opening import names_are_public
from trading.selectors.streams import lot_public, lot_staff, party_stream
from trading.services.opening import record_sheet

_READ = frozenset({"READ_OUT", "OBJECTION", "CONFIRM", "SIGN", "END"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: a bidder's party, the host's side or an overseer, or the public."""

    party: Party | None = None
    is_staff: bool = False


def streams(opening: Opening, viewer: Viewer) -> list[str]:
    """Name the streams this viewer's socket follows."""
    names = [lot_public(opening.lot)]
    if viewer.is_staff:
        names.append(lot_staff(opening.lot))
    if viewer.party is not None:
        names.append(party_stream(viewer.party))
    return names


def snapshot(opening: Opening, viewer: Viewer) -> dict[str, Any]:
    """Return state and stream positions; call inside one REPEATABLE READ transaction."""
    heads = audit.heads(streams(opening, viewer))
    return {
        "epoch": 1,
        "streams": {name: head.seq for name, head in heads.items()},
        "state": _state(opening, viewer),
    }


def _state(opening: Opening, viewer: Viewer) -> dict[str, Any]:
    lot = opening.lot
    state: dict[str, Any] = {
        "lot": {
            "id": str(lot.pk),
            "code": lot.code,
            "title": f"{lot.tender.title} {lot.title}",
            "state": lot.state,
            "state_code": lot.state_code,
            "deadline_at": moment(lot.deadline_at) if lot.deadline_at else None,
            "ceiling_fen": lot.ceiling_fen if opening.stage in _READ else None,
        },
        "stages": opening.stages,
        "stage": opening.stage,
        "ends_at": _ends_at(opening),
        "suspended": opening.suspension_reason if opening.suspended_at else None,
        "staff": opening.staff,
        "seats": [],
        "objections": _objections(opening),
        "record_hash": opening.record_hash,
        "record_sha256": opening.record_sha256,
        "messages": _messages(opening, viewer),
        "me": _me(opening, viewer),
    }
    if names_are_public(opening.stage) and opening.stage != "FAILED":
        state["seats"] = _seats(opening)
    if viewer.is_staff and opening.stage == "COUNT_CHECK":
        state["count"] = _live(opening)
    return state


def _ends_at(opening: Opening) -> str | None:
    ends = {
        "DECRYPT_BIDDER": opening.decrypt_ends_at,
        "OBJECTION": opening.objection_ends_at,
        "CONFIRM": opening.confirm_ends_at,
    }.get(opening.stage)
    return moment(ends) if ends else None


def _seats(opening: Opening) -> list[dict[str, Any]]:
    signed = set(
        SignIn.objects.filter(party__lot_id=opening.lot_id).values_list("party_id", flat=True)
    )
    answers = dict(
        RecordAnswer.objects.filter(party__lot_id=opening.lot_id).values_list("party_id", "answer")
    )
    read = opening.stage in _READ
    seats = []
    for seat, row in zip(
        opening.seats.select_related("organisation").order_by("number"),
        record_sheet.rows(opening),
        strict=True,
    ):
        seats.append(
            {
                "seat": seat.number,
                "name": row.name,
                "short_name": seat.organisation.short_name or row.name[:6],
                "members": list(row.members),
                "received_at": row.received_at,
                "signed_in": seat.party_id in signed,
                "security": row.security,
                # What was opened is not told one by one: it appears for all together.
                "state": _shown_state(row.state, opening.stage),
                "code": row.code,
                "attribution": row.attribution,
                "price_fen": row.price_fen if read else None,
                "duration_days": row.duration_days if read else None,
                "quality": row.quality if read else None,
                "manager": row.manager if read else None,
                "answer": answers.get(seat.party_id),
            }
        )
    return seats


def _shown_state(state: str, stage: str) -> str:
    return "RELEASED" if state == "OPENED" and stage == "DECRYPT_TENDERER" else state


def _objections(opening: Opening) -> list[dict[str, Any]]:
    return [
        {
            "id": str(objection.pk),
            "seat": objection.party.seat.number,
            "text": objection.text,
            "at": moment(objection.at),
            "answer": objection.answer,
        }
        for objection in opening.objections.select_related("party__seat")
    ]


def _messages(opening: Opening, viewer: Viewer) -> list[dict[str, Any]]:
    shown = HallMessage.objects.filter(opening=opening, party__isnull=True)
    if viewer.party is not None:
        shown = shown | HallMessage.objects.filter(opening=opening, party=viewer.party)
    return [
        {
            "id": str(message.pk),
            "by_host": message.by_host,
            "mine": message.party_id is not None,
            "text": message.text,
            "at": moment(message.at),
        }
        for message in shown.order_by("at")
    ]


def _me(opening: Opening, viewer: Viewer) -> dict[str, Any] | None:
    party = viewer.party
    if party is None:
        return None
    bid = (
        Bid.objects.filter(party=party)
        .exclude(state__in=["WITHDRAWN", "SUPERSEDED"])
        .select_related("seat", "line")
        .first()
    )
    seat = getattr(bid, "seat", None) if bid else None
    read = getattr(bid, "line", None) if bid and opening.stage in _READ else None
    sign_in = SignIn.objects.filter(party=party).first()
    answer = RecordAnswer.objects.filter(party=party).first()
    return {
        "party": str(party.pk),
        "signed_in_at": moment(sign_in.at) if sign_in else None,
        "bid": str(bid.pk) if bid else None,
        "bid_state": _shown_state(bid.state, opening.stage) if bid else None,
        "seat": seat.number if seat else None,
        "price_fen": read.price_fen if read else None,
        "answer": answer.answer if answer else None,
    }


def _live(opening: Opening) -> int:
    return (
        Bid.objects.filter(lot_id=opening.lot_id)
        .exclude(state__in=["WITHDRAWN", "SUPERSEDED"])
        .count()
    )
