"""The panel of one lot: qualification, draw, invitations, review, scores, signed report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from stories.door import Act, Refused
from stories.play import Issued, LotPart, Play, Step
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
    return Sitting(play=play, lot=lot, part=play.lots[lot.key]).steps()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One lot's panel at work."""

    play: Play
    lot: Lot
    part: LotPart

    def steps(self) -> Iterator[Step]:
        """Give the steps; how far they go depends on what the panel finds."""
        if self.play.story.tender.legal_track == "G":
            yield self._step("qualification", self._qualify)
            if self._has_failed():
                return
        yield self._step("representatives", self._name_representatives)
        yield self._step("draw-commit", self._commit)
        yield self._step("draw", self._draw)
        yield from self._each("accept", self._accept)
        yield self._step("evaluate", self._hand_over)
        yield from self._each("check-in", self._check_in)
        yield from self._each("declare", self._declare)
        yield from self._each("elect", self._elect)
        yield from self._each("criteria", self._read_criteria)
        yield from self._each("review", self._review)
        yield self._step("review-close", self._close_review)
        if self._room()["panel"]["state"] == "SCORING":
            yield from self._each("score", self._score)
            yield from self._each("lock", self._lock)
            yield self._step("summary", self._sum_up)
        yield from self._each("sign", self._sign)
        yield self._step("papers", self._keep_papers)
        self._has_failed()

    def _step(self, name: str, do: Callable[[], None]) -> Step:
        return Step(name=f"{name}/{self.lot.key}", do=do)

    def _each(self, name: str, do: Callable[[Member], None]) -> Iterator[Step]:
        for member in self.play.story.members:
            yield Step(name=f"{name}/{self.lot.key}/{member.key}", do=partial(do, member))

    def _has_failed(self) -> bool:
        """Look whether the lot has ended without an award, and remember its code."""
        tender = self.play.cast.host.read(f"/tenders/{self.play.tender}.json")
        row = next(one for one in tender["lots"] if one["id"] == self.part.id)
        self.part.failed = row["state_code"] if row["state"] == "FAILED" else None
        return self.part.failed is not None

    # -- before the panel meets

    def _qualify(self) -> None:
        """Let every opened bidder pass: a story rejects in the panel's review."""
        reviews = [
            {"bid": bid, "passed": True, "clause": "", "fact": ""} for bid in self._opened_bids()
        ]
        where = {"tender": self.play.tender, "lot": self.part.id}
        self.play.cast.host.act(_QUALIFICATION, {"reviews": reviews}, files=None, **where)

    def _opened_bids(self) -> list[str]:
        opened = []
        for bid in self.play.story.bids_of(self.lot.key):
            live = self.play.parts[bid.key].live
            if live is not None:
                mine = self.play.cast.firm(bid.bidder).read(f"/bids/{self.part.id}.json")["bid"]
                if mine["state"] == "OPENED":
                    opened.append(live.bid)
        return opened

    def _name_representatives(self) -> None:
        for member in self.play.story.members:
            if member.role == "representative":
                fields = {
                    "username": self.play.cast.username(member.key),
                    "specialty": member.specialty,
                    "site": member.site,
                }
                self.play.cast.host.act(
                    _REPRESENTATIVE, fields, tender=self.play.tender, lot=self.part.id
                )

    def _commit(self) -> None:
        """Ask for as many of each specialty and site as the story's library holds."""
        experts = [one for one in self.play.story.members if one.role == "expert"]
        counted = Counter((one.specialty, one.site) for one in experts)
        wanted = [
            {"specialty": specialty, "site": site, "count": count}
            for (specialty, site), count in counted.items()
        ]
        meets_at = self.play.system.now.isoformat()
        fields = {"wanted": wanted, "meets_at": meets_at, "hours": 4}
        try:
            reply = self.play.cast.staff("jiang").act(_COMMIT, fields, lot=self.part.id)
        except Refused as refused:
            raise BadStory("/panel", str(refused)) from refused
        self.part.draw = reply["draw"]

    def _draw(self) -> None:
        """Draw as soon as the log has a checkpoint that came after the commitment."""
        staff = self.play.cast.staff("jiang")
        reply = _with_entropy(lambda: staff.act(_DRAW, draw=self.part.draw))
        self.part.panel = reply["panel"]

    def _accept(self, member: Member) -> None:
        if member.role == "expert":
            session = self.play.cast.member(member.key)
            for seat in session.read("/expert.json")["invitations"]:
                if seat["state"] == "NOTIFIED":
                    session.act(_ACCEPT, {"accept": "1", "reason": ""}, seat=seat["seat"])

    def _hand_over(self) -> None:
        self.play.cast.host.act(_EVALUATE, tender=self.play.tender, lot=self.part.id)

    # -- in the room

    def _check_in(self, member: Member) -> None:
        seat = self._room(member)["me"]["seat"]
        door = self.play.cast.staff("jiang", member.site)
        door.act(_CHECK_IN, panel=self.part.panel, seat=seat)

    def _declare(self, member: Member) -> None:
        bidders = self._room(member)["bidders"]
        answers = [{"party": row["party"], "related": False, "reason": ""} for row in bidders]
        self._act(member, _DECLARE, {"answers": answers})

    def _elect(self, member: Member) -> None:
        leader = next(one for one in self.play.story.members if one.key == self.play.story.leader)
        seats = self._room(member)["seats"]
        seat = next(row["seat"] for row in seats if row["name"] == leader.name)
        self._act(member, _LEADER, {"seat": seat})

    def _read_criteria(self, member: Member) -> None:
        self._act(member, _CRITERIA_READ, {})

    def _review(self, member: Member) -> None:
        """Vote on every bid: as the story says, as the figures demand, else in favour."""
        room = self._room(member)
        proposed = {row["bid"]: row for row in room["proposals"]}
        for row in room["bids"]:
            review = self.play.story.reviews.get(self._key_of(row["bid"]))
            found = proposed.get(row["bid"])
            fields: dict[str, object] = {"bid": row["bid"], "passed": "1"}
            if found is not None:
                fields = _rejecting(row["bid"], found["code"], found["clause"], found["fact"])
            if review is not None and member.key not in review.against:
                fields = _rejecting(row["bid"], review.code, review.clause, review.fact)
            self._act(member, _REVIEW, fields)

    def _close_review(self) -> None:
        self.play.cast.member(self.play.story.leader).act(_CLOSE_REVIEW, panel=self.part.panel)

    def _score(self, member: Member) -> None:
        for row in self._room(member)["decisions"]:
            if not row["passed"]:
                continue
            key = self._key_of(row["bid"])
            for criterion in self.lot.scored:
                value = self.play.story.scores.get((member.key, key, criterion))
                if value is None:
                    why = f"{member.key} gives the valid bid {key} no score for {criterion}"
                    raise BadStory("/scores", why)
                note = "按评分标准评定"
                fields = {"bid": row["bid"], "criterion": criterion, "value": value, "note": note}
                self._act(member, _SCORE, fields)

    def _lock(self, member: Member) -> None:
        digest = self._room(member)["me"]["scores_sha256"]
        self._act(member, _LOCK, {"scores_sha256": digest})

    def _sum_up(self) -> None:
        """Sum up; a tie that only a draw decides waits for the log's next checkpoint."""
        leader = self.play.cast.member(self.play.story.leader)
        try:
            _with_entropy(lambda: leader.act(_SUMMARY, panel=self.part.panel))
        except Refused as refused:
            raise BadStory("/scores", str(refused)) from refused

    def _sign(self, member: Member) -> None:
        dissent = self.play.story.dissents.get(member.key, "")
        fields = {
            "agrees": "0" if dissent else "1",
            "opinion": dissent,
            "report_sha256": self._room(member)["report"]["report_sha256"],
        }
        self._act(member, _SIGN, fields)

    def _keep_papers(self) -> None:
        host, panel, key = self.play.cast.host, self.part.panel, self.lot.key
        for name in ("report", "score-sheets"):
            address = f"/eval/{panel}/{name}.pdf"
            paper = Issued(name=f"{name}-{key}", address=address, is_public=False)
            self.play.issued.append(paper)
        self.part.case = host.read(f"/eval/{panel}/case.json")

    def _act(self, member: Member, act: Act, fields: dict[str, object]) -> None:
        self.play.cast.member(member.key).act(act, fields, panel=self.part.panel)

    def _room(self, member: Member | None = None) -> dict[str, Any]:
        """Return the room as a member sees it; the leader, unless one is named."""
        key = member.key if member else self.play.story.leader
        return self.play.cast.member(key).read(f"/eval/{self.part.panel}.json")

    def _key_of(self, bid: str) -> str:
        for one in self.play.story.bids_of(self.lot.key):
            live = self.play.parts[one.key].live
            if live is not None and live.bid == bid:
                return one.key
        raise CannotRun(f"the panel has a bid nobody submitted: {bid}")


def _rejecting(bid: str, code: str, clause: str, fact: str) -> dict[str, object]:
    return {"bid": bid, "passed": "0", "code": code, "clause": clause, "fact": fact}


def _with_entropy(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Try an act again until the log has the checkpoint a draw stirs in."""
    limit = time.monotonic() + _PATIENCE
    while True:
        try:
            return act()
        except Refused as refused:
            if refused.code != _NO_ENTROPY_YET or time.monotonic() > limit:
                raise
            time.sleep(0.5)
