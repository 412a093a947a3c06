"""The panel of one lot: qualification, draw, invitations, review, scores, signed report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from stories.door import Act, Refused, Session
from stories.play import LotPart, Play, Step
from stories.story import Lot, Member
from stories.troubles import BadStory, CannotRun

_QUALIFICATION = Act(
    "trading:qualification", "/tenders/{tender}/lots/{lot}/qualification", "approve"
)
_EVALUATE = Act("trading:evaluate", "/tenders/{tender}/lots/{lot}/evaluate")
_REPRESENTATIVE = Act("evaluation:representative", "/tenders/{tender}/lots/{lot}/representative")
_COMMIT = Act("evaluation:draw-commit", "/desk/draw/{lot}/commit")
_DRAW = Act("evaluation:draw-hold", "/desk/draw/{draw}/draw")
_ACCEPT = Act("evaluation:answer", "/expert/invitations/{seat}/answer")
_CHECK_IN = Act("evaluation:check-in", "/eval/{panel}/seats/{seat}/check-in")
_DECLARE = Act("evaluation:declare", "/eval/{panel}/declare", "approve")
_LEADER = Act("evaluation:leader", "/eval/{panel}/leader")
_CRITERIA_READ = Act("evaluation:criteria-read", "/eval/{panel}/criteria-read")
_REVIEW = Act("evaluation:review", "/eval/{panel}/review")
_CLOSE_REVIEW = Act("evaluation:review-close", "/eval/{panel}/review/close")
_SCORE = Act("evaluation:score", "/eval/{panel}/score")
_LOCK = Act("evaluation:lock", "/eval/{panel}/lock", "approve")
_SUMMARY = Act("evaluation:summary", "/eval/{panel}/summary")
_SIGN = Act("evaluation:sign", "/eval/{panel}/sign", "report")

_PATIENCE = 60.0
_NO_ENTROPY_YET = "S-012"


def steps(play: Play, lot: Lot) -> Iterator[Step]:
    """Take a lot from its opening record to the panel's report, or to its failure."""
    part = play.lots[lot.key]

    def step(name: str, do: Callable[..., None], *args: Any) -> Step:
        return Step(name=f"{name}/{lot.key}", do=partial(do, play, lot, part, *args))

    if play.story.tender.legal_track == "G":
        yield step("qualification", _qualify)
        if _failed(play, lot, part):
            return
    yield step("representatives", _name_representatives)
    yield step("draw-commit", _commit)
    yield step("draw", _draw)
    for member in play.story.members:
        yield step(f"accept/{member.key}", _accept, member)
    yield step("evaluate", _hand_over)
    for act in (_check_in, _declare, _elect, _read_criteria, _review):
        for member in play.story.members:
            yield step(f"{act.__name__.strip('_')}/{member.key}", act, member)
    yield step("review-close", _close_review)
    if _room(play, part)["panel"]["state"] == "SCORING":
        for member in play.story.members:
            yield step(f"score/{member.key}", _score, member)
        for member in play.story.members:
            yield step(f"lock/{member.key}", _lock, member)
        yield step("summary", _sum_up)
    for member in play.story.members:
        yield step(f"sign/{member.key}", _sign, member)
    yield step("papers", _keep_papers)
    _failed(play, lot, part)


def _failed(play: Play, lot: Lot, part: LotPart) -> bool:
    """Look whether the lot has ended without an award, and remember its code."""
    tender = play.cast.host.read(f"/tenders/{play.tender}.json")
    row = next(one for one in tender["lots"] if one["id"] == part.id)
    part.failed = row["state_code"] if row["state"] == "FAILED" else None
    return part.failed is not None


def _qualify(play: Play, lot: Lot, part: LotPart) -> None:
    """Let every opened bidder pass: a story rejects in the panel's review."""
    bids = [seat for seat in _opened_bids(play, lot)]
    reviews = [{"bid": bid, "passed": True, "clause": "", "fact": ""} for bid in bids]
    play.cast.host.act(_QUALIFICATION, {"reviews": reviews}, tender=play.tender, lot=part.id)


def _opened_bids(play: Play, lot: Lot) -> list[str]:
    opened = []
    for bid in play.story.bids_of(lot.key):
        live = play.parts[bid.key].live
        if live is None:
            continue
        mine = play.cast.firm(bid.bidder).read(f"/bids/{play.lots[lot.key].id}.json")
        if mine["bid"] and mine["bid"]["state"] == "OPENED":
            opened.append(live.bid)
    return opened


def _name_representatives(play: Play, lot: Lot, part: LotPart) -> None:
    for member in play.story.members:
        if member.role == "representative":
            fields = {
                "username": play.cast.username(member.key),
                "specialty": member.specialty,
                "site": member.site,
            }
            play.cast.host.act(_REPRESENTATIVE, fields, tender=play.tender, lot=part.id)


def _commit(play: Play, lot: Lot, part: LotPart) -> None:
    experts = [member for member in play.story.members if member.role == "expert"]
    wanted = [
        {"specialty": specialty, "site": site, "count": count}
        for (specialty, site), count in Counter(
            (member.specialty, member.site) for member in experts
        ).items()
    ]
    fields = {"wanted": wanted, "meets_at": play.system.now.isoformat(), "hours": 4}
    try:
        part.draw = play.cast.staff("jiang").act(_COMMIT, fields, lot=part.id)["draw"]
    except Refused as refused:
        raise BadStory("/panel", str(refused)) from refused


def _draw(play: Play, lot: Lot, part: LotPart) -> None:
    """Draw as soon as the log has a checkpoint that came after the commitment."""
    del lot
    limit = time.monotonic() + _PATIENCE
    while True:
        try:
            part.panel = play.cast.staff("jiang").act(_DRAW, draw=part.draw)["panel"]
        except Refused as refused:
            if refused.code != _NO_ENTROPY_YET or time.monotonic() > limit:
                raise
            time.sleep(0.5)
        else:
            return


def _accept(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    del lot, part
    if member.role == "expert":
        session = play.cast.member(member.key)
        for seat in session.read("/expert.json")["invitations"]:
            if seat["state"] == "NOTIFIED":
                session.act(_ACCEPT, {"accept": "1", "reason": ""}, seat=seat["seat"])


def _hand_over(play: Play, lot: Lot, part: LotPart) -> None:
    del lot
    play.cast.host.act(_EVALUATE, tender=play.tender, lot=part.id)


def _check_in(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    del lot
    seat = _seat_of(play.cast.member(member.key), part)
    door = play.cast.staff("jiang", member.site)
    door.act(_CHECK_IN, panel=part.panel, seat=seat)


def _declare(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    del lot
    session = play.cast.member(member.key)
    bidders = session.read(f"/eval/{part.panel}.json")["bidders"]
    answers = [{"party": row["party"], "related": False, "reason": ""} for row in bidders]
    session.act(_DECLARE, {"answers": answers}, panel=part.panel)


def _elect(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    del lot
    leader = next(one for one in play.story.members if one.key == play.story.leader)
    session = play.cast.member(member.key)
    seats = session.read(f"/eval/{part.panel}.json")["seats"]
    seat = next(row["seat"] for row in seats if row["name"] == leader.name)
    session.act(_LEADER, {"seat": seat}, panel=part.panel)


def _read_criteria(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    del lot
    play.cast.member(member.key).act(_CRITERIA_READ, panel=part.panel)


def _review(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    """Vote on every bid: as the story says, as the figures demand, else in favour."""
    session = play.cast.member(member.key)
    state = session.read(f"/eval/{part.panel}.json")
    proposed = {row["bid"]: row for row in state["proposals"]}
    for row in state["bids"]:
        key = _key_of(play, lot, row["bid"])
        review, found = play.story.reviews.get(key), proposed.get(row["bid"])
        fields: dict[str, object] = {"bid": row["bid"], "passed": "1"}
        if found is not None:
            fields = _rejecting(row["bid"], found["code"], found["clause"], found["fact"])
        if review is not None and member.key not in review.against:
            fields = _rejecting(row["bid"], review.code, review.clause, review.fact)
        session.act(_REVIEW, fields, panel=part.panel)


def _rejecting(bid: str, code: str, clause: str, fact: str) -> dict[str, object]:
    return {"bid": bid, "passed": "0", "code": code, "clause": clause, "fact": fact}


def _close_review(play: Play, lot: Lot, part: LotPart) -> None:
    del lot
    play.cast.member(play.story.leader).act(_CLOSE_REVIEW, panel=part.panel)


def _score(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    session = play.cast.member(member.key)
    state = session.read(f"/eval/{part.panel}.json")
    passed = {row["bid"] for row in state["decisions"] if row["passed"]}
    for bid in passed:
        key = _key_of(play, lot, bid)
        for criterion in lot.scored:
            value = play.story.scores.get((member.key, key, criterion))
            if value is None:
                why = f"{member.key} gives {key} no score for {criterion}, and the bid is valid"
                raise BadStory("/scores", why)
            fields = {"bid": bid, "criterion": criterion, "value": value, "note": "按评分标准评定"}
            session.act(_SCORE, fields, panel=part.panel)


def _lock(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    del lot
    session = play.cast.member(member.key)
    digest = session.read(f"/eval/{part.panel}.json")["me"]["scores_sha256"]
    session.act(_LOCK, {"scores_sha256": digest}, panel=part.panel)


def _sum_up(play: Play, lot: Lot, part: LotPart) -> None:
    """Sum up; a tie that only a draw decides waits for the log's next checkpoint."""
    del lot
    limit = time.monotonic() + _PATIENCE
    while True:
        try:
            play.cast.member(play.story.leader).act(_SUMMARY, panel=part.panel)
        except Refused as refused:
            if refused.code != _NO_ENTROPY_YET or time.monotonic() > limit:
                raise BadStory("/scores", str(refused)) from refused
            time.sleep(0.5)
        else:
            return


def _sign(play: Play, lot: Lot, part: LotPart, member: Member) -> None:
    del lot
    session = play.cast.member(member.key)
    report = session.read(f"/eval/{part.panel}.json")["report"]
    dissent = play.story.dissents.get(member.key, "")
    fields = {
        "agrees": "0" if dissent else "1",
        "opinion": dissent,
        "report_sha256": report["report_sha256"],
    }
    session.act(_SIGN, fields, panel=part.panel)


def _keep_papers(play: Play, lot: Lot, part: LotPart) -> None:
    host, panel = play.cast.host, part.panel
    play.keep(f"report-{lot.key}", f"report-{lot.key}.pdf", host.fetch(f"/eval/{panel}/report.pdf"))
    play.keep(
        f"score-sheets-{lot.key}",
        f"score-sheets-{lot.key}.pdf",
        host.fetch(f"/eval/{panel}/score-sheets.pdf"),
    )
    part.case = host.read(f"/eval/{panel}/case.json")


def _room(play: Play, part: LotPart) -> dict[str, Any]:
    return play.cast.member(play.story.leader).read(f"/eval/{part.panel}.json")


def _seat_of(session: Session, part: LotPart) -> str:
    seat: str = session.read(f"/eval/{part.panel}.json")["me"]["seat"]
    return seat


def _key_of(play: Play, lot: Lot, bid: str) -> str:
    for one in play.story.bids_of(lot.key):
        live = play.parts[one.key].live
        if live is not None and live.bid == bid:
            return one.key
    raise CannotRun(f"the panel has a bid nobody submitted: {bid}")
