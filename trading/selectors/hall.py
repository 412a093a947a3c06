"""The hall as one viewer may see it now: the snapshot the live events continue.

Before the list every viewer gets the same bytes but for its own part: no number, no names, no
presence, no empty places from which anything could be counted (design rule 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audit import selectors as audit
from core.events import moment
from trading.models import Bid, HallMessage, Opening, Party, RecordAnswer, Share, SignIn
from trading.policies.opening import names_are_public
from trading.selectors.streams import lot_public, lot_staff, party_stream, tender_public
from trading.services.opening import record_sheet

EPOCH = 1  # raised when a database is restored: all that clients know of it is void then
_READ = frozenset({"READ_OUT", "OBJECTION", "CONFIRM", "SIGN", "END"})
_OPENED_LATER = frozenset({"OPENED", "VALID", "REJECTED"})  # what a panel decides is not told here
_UNPUBLISHED = ("DRAFT", "DISCARDED")
_GONE = ("WITHDRAWN", "SUPERSEDED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: a bidder's party, the host's side or an overseer, or the public."""

    party: Party | None = None
    is_staff: bool = False


def find(lot: UUID) -> Opening | None:
    """Return the opening of a published lot."""
    openings = Opening.objects.select_related("lot__tender").exclude(lot__state__in=_UNPUBLISHED)
    return openings.filter(pk=lot).first()


def streams(opening: Opening, viewer: Viewer) -> list[str]:
    """Name the streams this viewer's socket follows."""
    names = [lot_public(opening.lot), tender_public(opening.lot.tender)]
    if viewer.is_staff:
        names.append(lot_staff(opening.lot))
    if viewer.party is not None:
        names.append(party_stream(viewer.party))
    return names


def snapshot(opening: Opening, viewer: Viewer) -> dict[str, Any]:
    """Return state and stream positions; call inside one REPEATABLE READ transaction."""
    heads = audit.heads(streams(opening, viewer))
    return {
        "epoch": EPOCH,
        "streams": {name: head.seq for name, head in heads.items()},
        "state": state(opening, viewer),
    }


def state(opening: Opening, viewer: Viewer) -> dict[str, Any]:
    """Return what the viewer may know now; every change of it is told by one of their streams."""
    lot = opening.lot
    told: dict[str, Any] = {
        "lot": {
            "id": str(lot.pk),
            "code": lot.code,
            "title": f"{lot.tender.title} {lot.title}".strip(),
            "deadline_at": moment(lot.deadline_at) if lot.deadline_at else None,
            "ceiling_fen": lot.ceiling_fen if opening.stage in _READ else None,
        },
        "stages": opening.stages,
        "stage": opening.stage,
        "closed": lot.closed_at is not None,
        "failed": lot.state_code if opening.stage == "FAILED" else None,
        "ends_at": _ends_at(opening),
        "suspended": opening.suspension_reason if opening.suspended_at else None,
        "staff": opening.staff,
        "seats": _seats(opening) if names_are_public(opening.stage) else [],
        "host_released": is_host_released(opening),
        "objections": _objections(opening),
        "record_hash": opening.record_hash,
        "record_sha256": opening.record_sha256,
        "published": opening.document is not None,
        "messages": _messages(opening, viewer),
        "me": _me(opening, viewer),
    }
    if viewer.is_staff:
        told["count"] = _live(opening) if _is_counted(opening) else None
        told["parties"] = _parties(opening)
    return told


def _ends_at(opening: Opening) -> str | None:
    ends = {
        "DECRYPT_BIDDER": opening.decrypt_ends_at,
        "OBJECTION": opening.objection_ends_at,
        "CONFIRM": opening.confirm_ends_at,
    }.get(opening.stage)
    return moment(ends) if ends else None


def is_host_released(opening: Opening) -> bool:
    """Tell whether the host's shares are here: from then on nothing of the window changes."""
    return Share.objects.filter(
        bid__lot_id=opening.lot_id, label="host", valid=True
    ).exists() and names_are_public(opening.stage)


def _seats(opening: Opening) -> list[dict[str, Any]]:
    """Return the list; a lot that failed before it has none, and says no number."""
    signed = set(
        SignIn.objects.filter(party__lot_id=opening.lot_id).values_list("party_id", flat=True)
    )
    answers = dict(
        RecordAnswer.objects.filter(party__lot_id=opening.lot_id).values_list("party_id", "answer")
    )
    read = opening.stage in _READ
    seats = []
    for seat, row in zip(
        opening.seats.select_related("organisation", "bid").order_by("number"),
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
                "state": _shown_state(row.state, opening.stage),
                "code": shown_code(seat.bid),
                "attribution": row.attribution,
                "price_fen": row.price_fen if read else None,
                "duration_days": row.duration_days if read else None,
                "quality": row.quality if read else None,
                "manager": row.manager if read else None,
                "answer": answers.get(seat.party_id),
            }
        )
    return seats


def _shown_state(bid_state: str, stage: str) -> str:
    """Return what the hall may know: what was opened appears for all bidders together."""
    if bid_state in _OPENED_LATER:
        return "RELEASED" if stage == "DECRYPT_TENDERER" else "OPENED"
    return bid_state


def shown_code(bid: Bid) -> str:
    """Return why a bid stays sealed, or that a share was tried in vain and may be tried again."""
    if bid.state == "UNRELEASED":
        return bid.state_code
    tried = bid.state == "SEALED" and bid.shares.filter(label="bidder", valid=False).exists()
    return "WRONG_KEY" if tried else ""


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
    shown = HallMessage.objects.filter(opening=opening)
    if not viewer.is_staff:
        mine = viewer.party.pk if viewer.party else None
        shown = shown.filter(party__isnull=True) | shown.filter(party=mine)
    return [
        {
            "id": str(message.pk),
            "by_host": message.by_host,
            "private": message.party_id is not None,
            "party": str(message.party_id) if viewer.is_staff and message.party_id else None,
            "text": message.text,
            "at": moment(message.at),
        }
        for message in shown.order_by("at", "pk")
    ]


def _parties(opening: Opening) -> dict[str, int]:
    """Return the seat of each party, so that the host knows who calls."""
    return {str(seat.party_id): seat.number for seat in opening.seats.all()}


def _me(opening: Opening, viewer: Viewer) -> dict[str, Any] | None:
    """Return what is only the viewer's: the rest of its bid stands at its seat, for all to see."""
    party = viewer.party
    if party is None:
        return None
    bid = Bid.objects.filter(party=party).exclude(state__in=_GONE).first()
    sign_in = SignIn.objects.filter(party=party).first()
    seat = opening.seats.filter(party=party).first()
    return {
        "party": str(party.pk),
        "signed_in_at": moment(sign_in.at) if sign_in else None,
        "bid": str(bid.pk) if bid else None,
        "seat": seat.number if seat else None,
    }


def _is_counted(opening: Opening) -> bool:
    """Tell whether the desk was told the number; of fewer than three nobody is."""
    if opening.stage == "FAILED":
        # A terminated lot tells its number only if the list did.
        listed = opening.lot.state_code != "TERMINATED" or opening.seats.exists()
        return opening.lot.state_code != "FAILED_LT3" and listed
    return bool(opening.stages.index(opening.stage) >= opening.stages.index("COUNT_CHECK"))


def _live(opening: Opening) -> int:
    return Bid.objects.filter(lot_id=opening.lot_id).exclude(state__in=_GONE).count()
