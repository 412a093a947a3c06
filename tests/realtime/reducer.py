"""The Python twin of `frontend/hall/reducer.ts`, as small as the tests need it."""

from __future__ import annotations

import copy
from typing import Any

UNREAD: dict[str, Any] = {
    "security": {},
    "state": "SEALED",
    "code": "",
    "attribution": "",
    "price_fen": None,
    "duration_days": None,
    "quality": None,
    "manager": None,
    "answer": None,
}
LINE = ("price_fen", "duration_days", "quality", "manager")


def reduce(state, frame):  # noqa: C901, PLR0912, PLR0915 - one case an event
    """Return the state after one more frame."""
    state, body, name = copy.deepcopy(state), frame["b"], frame["e"]
    me = state["me"] if state["me"] is not None else {}
    seats = {seat["seat"]: seat for seat in state["seats"]}

    def at_seat(**facts):
        seats[body["seat"]].update(facts)

    def hear(**facts):
        state["messages"].append(facts)
        state["messages"].sort(key=lambda told: (told["at"], told["id"]))

    match name:
        case "tender.amended" | "tender.resumed":
            state["lot"]["deadline_at"] = body["deadline_at"]
        case "lot.closed":
            state["closed"] = True
        case "bid.received" if me:
            me["bid"] = body["bid"]
        case "bid.withdrawn" if me:
            me["bid"] = None
        case "hall.stage":
            state.update(stage=body["stage"], ends_at=body["ends_at"])
        case "hall.staff":
            state["staff"] = body["staff"]
        case "hall.signed_in":
            me["signed_in_at"] = frame["at"]
        case "hall.counted":
            state["count"] = body["count"]
        case "hall.listed":
            state["seats"] = [UNREAD | seat for seat in body["seats"]]
        case "hall.seat":
            me.update(body)
        case "hall.parties":
            state["parties"] = body["parties"]
        case "hall.deposits":
            for told in body["deposits"]:
                security = {key: told[key] for key in ("status", "code")}
                seats[told["seat"]]["security"] = security
        case "hall.released":
            at_seat(state="RELEASED", code="")
        case "hall.release_failed":
            at_seat(code=body["code"])
        case "hall.extended":
            state["ends_at"] = body["ends_at"]
        case "hall.reopened":
            state.update(stage="DECRYPT_BIDDER", ends_at=body["ends_at"])
            for told in body["seats"]:
                seats[told["seat"]].update(state="SEALED", code=told["code"], attribution="")
        case "hall.lapsed":
            at_seat(state="UNRELEASED", code=body["code"], attribution=body["attribution"])
        case "hall.host_released":
            state["host_released"] = True
        case "hall.opened":
            for seat in seats.values():
                seat["state"] = "OPENED" if seat["state"] == "RELEASED" else seat["state"]
        case "hall.read_out":
            state["lot"]["ceiling_fen"] = body["ceiling_fen"]
            for line in body["lines"]:
                seats[line["seat"]].update({key: line[key] for key in LINE})
        case "hall.objection":
            made = {key: body[key] for key in ("seat", "text")}
            made |= {"id": body["objection"], "at": frame["at"], "answer": ""}
            state["objections"].append(made)
        case "hall.objection_answered":
            for objection in state["objections"]:
                if objection["id"] == body["objection"]:
                    objection["answer"] = body["answer"]
        case "hall.record":
            state["record_hash"] = body["record_hash"]
        case "hall.answered":
            at_seat(answer=body["answer"])
        case "hall.suspended":
            state["suspended"] = body["reason"]
        case "hall.resumed":
            state.update(suspended=None, ends_at=body["ends_at"])
        case "hall.message" | "hall.call":
            hear(
                id=body["message"],
                by_host=body["by_host"],
                private=name == "hall.call" or not frame["s"].endswith("/public"),
                party=body.get("party"),
                text=body["text"],
                at=frame["at"],
            )
        case "hall.ended":
            state["record_sha256"] = body["record_sha256"]
        case "hall.failed":
            for seat in state["seats"]:
                if seat["state"] in {"SEALED", "RELEASED"}:
                    seat.update(state="UNOPENED", code="")
            state.update(stage="FAILED", failed=body["code"], suspended=None, ends_at=None)
        case "hall.document":
            state["published"] = True
    return state
