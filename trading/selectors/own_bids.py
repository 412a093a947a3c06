"""A bidder's own part in a lot: its bids, its deposit, what its client needs to seal."""

from __future__ import annotations

from typing import Any

from bank_escrow import selectors as escrow
from core.events import json_value
from trading.models import Bid, Party
from trading.selectors import tender_data
from trading.selectors.sealing import ENVELOPE, recipients

_GONE = frozenset({"WITHDRAWN", "SUPERSEDED"})


def own_part(party: Party) -> dict[str, Any]:
    """Return everything the bidder may know of its own part."""
    lot = party.lot
    issued = tender_data.issued_set(lot.tender)
    bids = list(Bid.objects.filter(party=party).order_by("-received_at"))
    live = next((bid for bid in bids if bid.state not in _GONE), None)
    host = recipients(party)
    return {
        "party": str(party.pk),
        "lot": str(lot.pk),
        "tender": str(lot.tender_id),
        "code": lot.code,
        "state": lot.state,
        "deadline_at": json_value(lot.deadline_at),
        "document_version": issued.version if issued else None,
        "deposit": deposit(party),
        "sealing": {
            "context": {
                "tender": str(lot.tender_id),
                "lot": str(lot.pk),
                "envelope": ENVELOPE,
                "bidder": str(party.pk),
                "deadline_id": str(lot.opening_id),
            },
            "host": {name: host[name] for name in ("kid", "suite", "public_key")},
            "max_bytes": host["max_bytes"],
        },
        "bid": _bid(live) if live else None,
        "bids": [_bid(bid) for bid in bids],
    }


def deposit(party: Party) -> dict[str, Any] | None:
    """Return where to pay and what came; None where the lot asks for nothing."""
    state = escrow.deposit_state(reference=party.lot_id, party=party.pk)
    if state is None:
        return None
    paper = state.paper
    return {
        "form": state.form.lower(),
        "state": state.state,
        "account": state.account_number,
        "holder": state.holder_name,
        "bank": state.bank_name,
        "amount_fen": state.required_fen,
        "received_fen": state.received_fen,
        "counted_fen": state.counted_fen,
        "missing_fen": state.missing_fen,
        "due_at": json_value(state.cutoff_at),
        "letter_until": state.letter_until.isoformat(),
        "from_basic_account": state.from_basic_account,
        "paper": None
        if paper is None
        else {
            "kind": paper.kind,
            "state": paper.state,
            "handed_in_at": json_value(paper.handed_in_at),
            "checked_at": json_value(paper.checked_at),
            "clause": paper.clause or None,
            "fact": paper.fact or None,
        },
        "reasons": [str(reason.what) for reason in state.reasons],
        "refunds": [
            {
                "state": step.state,
                "purpose": step.purpose,
                "amount_fen": step.amount_fen,
                "interest_fen": step.interest_fen,
                "due_at": json_value(step.due_at),
                "settled_at": json_value(step.settled_at),
            }
            for step in state.refunds
        ],
    }


def _bid(bid: Bid) -> dict[str, Any]:
    return {
        "id": str(bid.pk),
        "state": bid.state,
        "state_code": bid.state_code,
        "attribution": bid.attribution or None,
        "received_at": json_value(bid.received_at),
        "receipt_id": bid.receipt_id,
        "size": bid.size,
        "ct_root": bid.ct_root,
        "doc_version": bid.doc_version,
    }
