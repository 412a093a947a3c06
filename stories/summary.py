"""Write what became of a story by the story's own keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from stories.evidence import Verdicts
from stories.play import LotPart, Part, Play
from stories.story import Bid, Lot

_STATUS = {
    "UNOPENED": "unopened",
    "SEALED": "unopened",
    "UNRELEASED": "unreleased",
    "REJECTED": "rejected",
    "VALID": "valid",
    # A lot may end while nothing speaks against a bid that was opened.
    "RELEASED": "valid",
    "OPENED": "valid",
}
# A deposit's own states where the summary has a word for them.
_SECURITY = {
    "UNPAID": "UNPAID",
    "PARTIAL": "MISMATCH",
    "RECEIVED": "MISMATCH",
    "MISMATCH": "MISMATCH",
    "MATCHED": "LOCKED",
    "LOCKED": "LOCKED",
    "GUARANTEE": "GUARANTEE",
    "WAIVED": "WAIVED",
    "REFUNDING": "LOCKED",
    "FORFEITING": "LOCKED",
}


def summarise(play: Play, found: Verdicts, *, wall_seconds: float) -> dict[str, Any]:
    """Return the summary."""
    story = play.story
    return {
        "summary": 1,
        "title": story.title,
        "tender_code": play.tender_code,
        "centre": story.centre,
        "story_started_at": story.starts_at.isoformat(),
        "story_ended_at": play.system.now.isoformat(),
        "wall_seconds": round(wall_seconds, 1),
        "lots": [_lot(play, lot, play.lots[lot.key]) for lot in story.lots],
        "bids": [_bid(play, bid, play.parts[bid.key]) for bid in story.bids],
        "receipts_verified": found.receipts,
        "log_verified": found.log,
        "openings_verified": found.openings,
        "draws_verified": found.draws,
        "ranking_recomputed": found.ranking,
        "trial_balance_fen": found.trial_balance_fen,
        "files": dict(sorted(play.files.items())),
    }


def _lot(play: Play, lot: Lot, part: LotPart) -> dict[str, Any]:
    outcome = _outcome(part)
    keys = {
        live.bid: bid.key
        for bid in play.story.bids_of(lot.key)
        if (live := play.parts[bid.key].live) is not None
    }
    failed = part.failed is not None
    return {
        "key": lot.key,
        "status": "failed" if failed else "awarded",
        "code": part.failed,
        "benchmark_fen": outcome.get("benchmark_fen"),
        "drawn": {},
        "candidates": [] if failed else [keys[bid] for bid in outcome.get("candidates", ())],
        "winner": part.winner,
        "contract_fen": part.contract_fen,
    }


def _bid(play: Play, bid: Bid, part: Part) -> dict[str, Any]:
    lot = play.lot_of(bid)
    mine = play.cast.firm(bid.bidder).read(f"/bids/{lot.id}.json")
    found = mine["bid"] if part.live is not None else None
    seat = next((row for row in lot.seats if row["seat"] == part.seat), None)
    row = _row(lot, part)
    return {
        "key": bid.key,
        "lot": bid.lot,
        "status": _status(part, found),
        "code": part.refused if found is None else _code(found),
        "attribution": found["attribution"] if found else None,
        "received_at": _moment(found["received_at"]) if found else None,
        "receipt": found["receipt_id"] if found else None,
        "price_read_out_fen": seat["price_fen"] if seat else None,
        "price_corrected_fen": None,
        "price_evaluated_fen": row.get("price_evaluated_fen"),
        "scores": row.get("scores") or {},
        "price_score": row.get("price_score"),
        "total": row.get("total"),
        "rank": row.get("rank"),
        "answer_to_record": seat["answer"] if seat else None,
        "security": _security(mine["deposit"], seat),
    }


def _status(part: Part, found: Mapping[str, Any] | None) -> str:
    if found is not None:
        return _STATUS[found["state"]]
    return "withdrawn" if part.withdrawn and part.refused is None else "refused"


def _code(found: Mapping[str, Any]) -> str | None:
    return found["state_code"] or None


def _outcome(part: LotPart) -> Mapping[str, Any]:
    return (part.case or {}).get("outcome") or {}


def _row(lot: LotPart, part: Part) -> Mapping[str, Any]:
    """Return what the panel's result says of a bid."""
    for row in _outcome(lot).get("bids", ()):
        if part.live is not None and row["key"] == part.live.bid:
            found: Mapping[str, Any] = row
            return found
    return {}


def _security(deposit: Mapping[str, Any] | None, seat: Mapping[str, Any] | None) -> dict[str, Any]:
    if deposit is None:
        return {"status": "WAIVED", "code": None, "held_fen": 0, "refunded_fen": 0}
    shown = (seat or {}).get("security") or {}
    status = _SECURITY.get(deposit["state"], deposit["state"])
    code = None
    if shown.get("status") == "MISMATCH":
        # What the hall fixed stays the verdict, wherever the money has gone since.
        status, code = "MISMATCH", shown.get("code")
    paid = [row for row in deposit["refunds"] if row["state"] == "DONE"]
    refunded = sum(row["amount_fen"] for row in paid if row["purpose"] == "REFUND")
    forfeited = sum(row["amount_fen"] for row in paid if row["purpose"] == "FORFEIT")
    return {
        "status": status,
        "code": code,
        "held_fen": deposit["received_fen"] - refunded - forfeited,
        "refunded_fen": refunded,
        "interest_fen": sum(row["interest_fen"] for row in paid),
        "forfeited_fen": forfeited,
    }


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).isoformat()
