"""The opening of one lot: bidders and host in the hall, from the deadline to the signed record."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sealing import header as headers
from sealing.encoding import b64u, unb64u
from sealing.shares import release as unbox
from stories.authoring import host_key_of
from stories.door import Act, Session
from stories.follow import Follower
from stories.play import Issued, LotPart, Play, Step
from stories.story import Bid, Lot
from stories.troubles import CannotRun

_SIGN_IN = Act("trading:hall-sign-in", "/hall/{lot}/sign-in")
_STAFF = Act("trading:desk-staff", "/desk/open/{lot}/staff")
_ADVANCE = Act("trading:desk-advance", "/desk/open/{lot}/advance")
_RELEASE = Act("trading:hall-release", "/hall/{lot}/release", "release")
_HOST_RELEASE = Act("trading:hall-host-release", "/hall/{lot}/host-release", "host-release")
_OBJECT = Act("trading:hall-object", "/hall/{lot}/object", "objection")
_ANSWER = Act("trading:hall-answer", "/hall/{lot}/objections/{objection}/answer")
_CONFIRM = Act("trading:hall-confirm", "/hall/{lot}/confirm", "confirm")
_SIGN_RECORD = Act("trading:desk-sign-record", "/desk/open/{lot}/sign-record", "sign-record")

#: The opening begins this long after the deadline; what comes by then is already too late.
AFTER_DEADLINE = timedelta(seconds=5)
_BEFORE_DEADLINE = timedelta(minutes=30)
_PATIENCE = 120.0
_TIMED = frozenset({"DECRYPT_BIDDER", "OBJECTION", "CONFIRM"})
_OVER = frozenset({"END", "FAILED"})
_RELEASES = frozenset({"none", "short_deposit"})


def sign_ins(play: Play) -> Iterator[Step]:
    """Bidders come to the hall half an hour before the deadline."""
    at = play.story.tender.last_deadline - _BEFORE_DEADLINE
    for bid in play.story.bids:
        yield Step(name=f"sign-in/{bid.key}", do=partial(_sign_in, play, bid), at=at)


def steps(play: Play, lot: Lot) -> Iterator[Step]:
    """Press the host's button until the opening is over, doing what each stage is for."""
    part = play.lots[lot.key]
    opens = play.story.tender.last_deadline + AFTER_DEADLINE
    yield Step(name=f"enter/{lot.key}", do=partial(_enter, play, part), at=opens)
    follower = Follower(play.system.url, lot=part.id, cookies=play.cast.host.cookies)
    with follower:
        while (stage := _stage(play, part)) not in _OVER:
            yield from _stage_steps(play, lot, part, stage)
        follower.check(upto=_snapshot(play, part)["streams"])
    state = _snapshot(play, part)["state"]
    part.seats = state["seats"]
    for bid in _live(play, lot):
        play.parts[bid.key].seat = state["parties"].get(play.parts[bid.key].party)
    if stage == "FAILED":
        part.failed = state["failed"]
        return
    part.failed = None
    yield Step(name=f"evidence/{lot.key}", do=partial(_evidence, play, lot, part))


def _stage_steps(play: Play, lot: Lot, part: LotPart, stage: str) -> Iterator[Step]:
    if stage in _ENDS_BY_ITSELF:
        do = partial(_ENDS_BY_ITSELF[stage], play, part)
        yield Step(name=f"{stage}/{lot.key}", do=do)
        return
    yield from _acts_of_bidders(play, lot, part, stage)
    yield Step(
        name=f"advance/{lot.key}/{stage}",
        do=partial(_advance, play, part, stage),
        at=_waits_until(play, lot, part, stage),
    )


def _acts_of_bidders(play: Play, lot: Lot, part: LotPart, stage: str) -> Iterator[Step]:
    live = _live(play, lot)
    match stage:
        case "DECRYPT_BIDDER":
            acting, do = [bid for bid in live if bid.fault != "no_release"], _release
        case "OBJECTION":
            acting, do = [bid for bid in live if bid.answer_to_record == "object"], _object
        case "CONFIRM":
            part.record_hash = _snapshot(play, part)["state"]["record_hash"]
            confirming = [bid for bid in live if bid.answer_to_record == "confirm"]
            acting, do = [bid for bid in confirming if _opened(play, bid, part)], _confirm
        case _:
            return
    for bid in acting:
        yield Step(name=f"{do.__name__.strip('_')}/{bid.key}", do=partial(do, play, bid, part))


def _waits_until(play: Play, lot: Lot, part: LotPart, stage: str) -> datetime | None:
    """Return the end of the stage's timer where the host has to wait for it."""
    if stage not in _TIMED:
        return None
    state = _snapshot(play, part)["state"]
    waits = {
        "DECRYPT_BIDDER": any(seat["state"] == "SEALED" for seat in state["seats"])
        or any(bid.fault not in _RELEASES for bid in _live(play, lot)),
        "OBJECTION": True,
        "CONFIRM": any(
            bid.answer_to_record != "confirm" and _opened(play, bid, part)
            for bid in _live(play, lot)
        ),
    }[stage]
    return datetime.fromisoformat(state["ends_at"]) if waits else None


def _sign_in(play: Play, bid: Bid) -> None:
    """Sign in whoever has a bid in; others have no seat to come to."""
    if play.parts[bid.key].live is None and bid.fault not in {"late", "malformed"}:
        return
    lot = play.lot_of(bid)
    _until(lambda: _stage(play, lot) != "LOBBY", "the lobby opens")
    play.cast.firm(bid.bidder).act(_SIGN_IN, lot=lot.id)


def _enter(play: Play, part: LotPart) -> None:
    _until(lambda: _snapshot(play, part)["state"]["closed"], "the close")
    fields = {"host": "赵主持", "recorder": "钱记录", "supervisor": "冯正", "witness": "沈明"}
    play.cast.host.act(_STAFF, fields, lot=part.id)


def _advance(play: Play, part: LotPart, stage: str) -> None:
    if _stage(play, part) == stage:  # the clock may have ended a stage whose time is up
        play.cast.host.act(_ADVANCE, {"expected_stage": stage}, lot=part.id)


def _release(play: Play, bid: Bid, part: LotPart) -> None:
    session, own = play.cast.firm(bid.bidder), play.parts[bid.key]
    if play.browser is not None and bid.key == play.at_browser:
        play.browser.release(part.id)
        return
    (box,) = session.read(f"/bids/{part.id}/sealed")["bids"]
    share = unbox(headers.parse(unb64u(box["header"])), label="bidder", key=own.key).secret
    if bid.fault == "wrong_key":
        share = secrets.token_bytes(len(share))
    fields = {"bid": box["ctx"]["bid"], "share": b64u(share)}
    valid = session.act(_RELEASE, fields, lot=part.id)["valid"]
    if valid is (bid.fault == "wrong_key"):
        raise CannotRun(f"the share of {bid.key} was judged {valid}")


def _host_release(play: Play, part: LotPart) -> None:
    host, key = play.cast.host, host_key_of(play)
    boxes = host.read(f"/hall/{part.id}/boxes")["bids"]
    shares = {
        box["ctx"]["bid"]: b64u(
            unbox(headers.parse(unb64u(box["header"])), label="host", key=key).secret
        )
        for box in boxes
    }
    if shares:
        host.act(_HOST_RELEASE, {"shares": shares}, lot=part.id)
    _until(lambda: _stage(play, part) != "DECRYPT_TENDERER", "the bids are opened")


def _sign_record(play: Play, part: LotPart) -> None:
    fields = {"record_sha256": part.record_hash}
    play.cast.host.act(_SIGN_RECORD, fields, lot=part.id)


_ENDS_BY_ITSELF = {"DECRYPT_TENDERER": _host_release, "SIGN": _sign_record}


def _object(play: Play, bid: Bid, part: LotPart) -> None:
    made = play.cast.firm(bid.bidder).act(_OBJECT, {"text": bid.objection}, lot=part.id)
    fields = {"answer": "经核对，开标程序符合招标文件规定，记录在案。"}
    play.cast.host.act(_ANSWER, fields, lot=part.id, objection=made["objection"])


def _confirm(play: Play, bid: Bid, part: LotPart) -> None:
    fields = {"record_sha256": part.record_hash}
    play.cast.firm(bid.bidder).act(_CONFIRM, fields, lot=part.id)


def _evidence(play: Play, lot: Lot, part: LotPart) -> None:
    """Wait until the opening's evidence is published, and keep it."""
    with Session(play.system.url) as visitor:
        _until(lambda: _published(visitor, part), "the evidence of the opening")
        part.opening = visitor.read(f"/openings/{part.id}/opening.json")
        for name, address, path in (
            ("opening", "opening.json", f"opening-{lot.key}.json"),
            ("opening-checkpoint", "checkpoint.txt", f"opening-{lot.key}.checkpoint.txt"),
        ):
            found = visitor.fetch(f"/openings/{part.id}/{address}")
            play.keep(f"{name}-{lot.key}", path, found)
    record = f"/openings/{part.id}/record.pdf"
    play.issued.append(Issued(name=f"opening-record-{lot.key}", address=record, is_public=True))


def _published(visitor: Session, part: LotPart) -> bool:
    return visitor.exists(f"/openings/{part.id}/opening.json")


def _live(play: Play, lot: Lot) -> list[Bid]:
    return [bid for bid in play.story.bids_of(lot.key) if play.parts[bid.key].live is not None]


def _opened(play: Play, bid: Bid, part: LotPart) -> bool:
    state = _snapshot(play, part)["state"]
    seat = state["parties"].get(play.parts[bid.key].party)
    return any(row["seat"] == seat and row["state"] == "OPENED" for row in state["seats"])


def _stage(play: Play, part: LotPart) -> str:
    stage: str = _snapshot(play, part)["state"]["stage"]
    return stage


def _snapshot(play: Play, part: LotPart) -> dict[str, Any]:
    return play.cast.host.read(f"/hall/{part.id}/snapshot")


def _until(holds: Any, what: str) -> None:
    limit = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > limit:
            raise CannotRun(f"waited in vain: {what}")
        time.sleep(0.2)
