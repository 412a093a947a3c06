"""From the report to the contract: candidates, winner, notice, contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from core.zone import local_day
from stories import papers
from stories.door import Act, Attached, Refused
from stories.play import Issued, LotPart, Play, Step
from stories.story import Lot
from stories.troubles import BadStory

_CANDIDATES = Act("trading:candidates", "/tenders/{tender}/lots/{lot}/candidates", "publish")
_AWARD = Act("trading:award", "/tenders/{tender}/lots/{lot}/award", "award")
_NOTIFY = Act("trading:notify", "/tenders/{tender}/lots/{lot}/notify", "publish")
_CONTRACT = Act("trading:contract", "/tenders/{tender}/lots/{lot}/contract", "contract")

_TO_CONTRACT = timedelta(days=10)


def steps(play: Play) -> Iterator[Step]:
    """Award every lot that has candidates, all lots side by side."""
    lots = [lot for lot in play.story.lots if play.lots[lot.key].failed is None]
    ends: dict[str, datetime] = {}
    if play.story.tender.legal_track == "T":
        for lot in lots:
            do = partial(_publish_candidates, play, play.lots[lot.key], ends)
            yield Step(name=f"candidates/{lot.key}", do=do)
    for lot in lots:
        part = play.lots[lot.key]
        award = partial(_award, play, lot, part)
        yield Step(name=f"award/{lot.key}", do=award, at=ends.get(part.id))
        yield Step(name=f"notify/{lot.key}", do=partial(_notify, play, lot, part))
    due = play.system.now + _TO_CONTRACT
    for lot in lots:
        sign = partial(_contract, play, lot, play.lots[lot.key])
        yield Step(name=f"contract/{lot.key}", do=sign, at=due)


def _publish_candidates(play: Play, part: LotPart, ends: dict[str, datetime]) -> None:
    reply = play.cast.host.act(_CANDIDATES, tender=play.tender, lot=part.id)
    ends[part.id] = datetime.fromisoformat(reply["ends_at"])


def _award(play: Play, lot: Lot, part: LotPart) -> None:
    choice = play.story.awards.get(lot.key)
    live = play.parts[choice.bid].live if choice else None
    fields = {"bid": live.bid if live else "", "reason": choice.reason if choice else ""}
    try:
        reply = play.cast.host.act(_AWARD, fields, tender=play.tender, lot=part.id)
    except Refused as refused:
        raise BadStory(f"/award/{lot.key}", str(refused)) from refused
    for bid in play.story.bids_of(lot.key):
        own = play.parts[bid.key].live
        if own is not None and own.bid == reply["bid"]:
            part.winner = bid.key


def _notify(play: Play, lot: Lot, part: LotPart) -> None:
    play.cast.host.act(_NOTIFY, tender=play.tender, lot=part.id)
    address = f"/awards/{part.id}/award-notice.pdf"
    play.issued.append(Issued(name=f"award-notice-{lot.key}", address=address, is_public=True))


def _contract(play: Play, lot: Lot, part: LotPart) -> None:
    winner = next(bid for bid in play.story.bids if bid.key == part.winner)
    part.contract_fen = winner.price_fen
    name = play.story.firms[winner.bidder].name
    content = papers.plain(title="合同", lines=[f"{lot.title}合同，乙方：{name}。"])
    fields = {
        "signed_on": local_day(play.system.now).isoformat(),
        "amount_fen": part.contract_fen,
    }
    files = {"file": Attached(name="合同.pdf", content=content)}
    play.cast.host.act(_CONTRACT, fields, files=files, tender=play.tender, lot=part.id)
