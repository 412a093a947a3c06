"""A bidder's security for its bid: money, a letter of guarantee, or the claim that none is owed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from stories import papers
from stories.door import Act, Attached, Refused
from stories.play import LotPart, Play, Step
from stories.story import Bid, Story
from stories.troubles import BadStory, CannotRun

_DEPOSIT = Act("trading:bid-deposit", "/bids/{lot}/deposit")
_GUARANTEE = Act("trading:bid-guarantee", "/bids/{lot}/deposit/guarantee")
_WAIVER = Act("trading:bid-waiver", "/bids/{lot}/deposit/waiver")
_CHECK = Act(
    "trading:security-check", "/tenders/{tender}/lots/{lot}/securities/{paper}/check", "approve"
)

_BEFORE = timedelta(hours=2)
_PATIENCE, _LOOK = 60.0, 0.2  # for the bank's word to come
_ISSUER = "苏州姑苏银行平江支行"
_CLAUSE = "投标人须知 3.4.1"
# Letters run longer than they must, as issuers write them: an addendum may move the deadline.
_MARGIN = timedelta(days=365)
_PAPER = re.compile(r'action="[^"]*/securities/([0-9a-f-]{36})/check"')


def ask_for_account(play: Play, bid: Bid) -> None:
    """Ask where to pay, if money it is to be."""
    if _is_asked(play, bid) and bid.security.form == "transfer":
        session, lot = play.cast.firm(bid.bidder), play.lot_of(bid).id
        deposit = session.act(_DEPOSIT, {"form": "transfer"}, lot=lot)
        play.parts[bid.key].account = deposit["account"]


def steps(play: Play, bid: Bid) -> Iterator[Step]:
    """Give the security at its moment; an amount of nothing is no security."""
    if not _is_asked(play, bid) or bid.security.amount_fen == 0:
        return
    do = {"transfer": _pay, "guarantee": _bring_letter, "waived": _claim}[bid.security.form]
    yield Step(name=f"pay/{bid.key}", do=partial(do, play, bid), at=_at(play.story, bid))


def check(play: Play, part: LotPart) -> None:
    """Accept every paper of a lot whose bidders are announced, as the tenderer's side does."""
    where = f"/tenders/{play.tender}/lots/{part.id}/securities"
    page = play.cast.host.fetch(where).decode("utf-8")
    for paper in _PAPER.findall(page):
        fields = {"accepted": "1", "clause": "", "fact": ""}
        play.cast.host.act(_CHECK, fields, tender=play.tender, lot=part.id, paper=paper)


def has_papers(play: Play, lot: str) -> bool:
    """Say whether a bidder of this lot gives something else than money."""
    return any(
        _is_asked(play, bid) and bid.security.form != "transfer" for bid in play.story.bids_of(lot)
    )


def _is_asked(play: Play, bid: Bid) -> bool:
    return play.lot(bid.lot).bid_security_fen > 0


def _at(story: Story, bid: Bid) -> datetime:
    if bid.security.booked_at is not None:
        return bid.security.booked_at
    first = min([bid.submitted_at, *(one.at for one in bid.earlier), story.tender.last_deadline])
    return max(first - _BEFORE, story.tender.documents_issued_at)


def _amount(play: Play, bid: Bid) -> int:
    if bid.security.amount_fen is not None:
        return bid.security.amount_fen
    asked = play.lot(bid.lot).bid_security_fen
    return asked - 1 if bid.fault == "short_deposit" else asked


def _pay(play: Play, bid: Bid) -> None:
    firm, part = play.story.firms[bid.bidder], play.parts[bid.key]
    if not part.account:
        raise CannotRun(f"{bid.key} was given no account to pay into")
    play.system.pay(
        name=bid.security.payer_name or firm.name,
        account=bid.security.payer_account or firm.basic_account,
        to=part.account,
        amount_fen=_amount(play, bid),
        transfer=f"{play.system.stack.port}-{bid.key}",
    )
    session, lot = play.cast.firm(bid.bidder), play.lot_of(bid).id
    limit = time.monotonic() + _PATIENCE
    while session.read(f"/bids/{lot}.json")["deposit"]["state"] == "UNPAID":
        if time.monotonic() > limit:
            raise CannotRun(f"the payment of {bid.key} was not seen")
        time.sleep(_LOOK)


def _bring_letter(play: Play, bid: Bid) -> None:
    session, lot = play.cast.firm(bid.bidder), play.lot_of(bid)
    until = session.read(f"/bids/{lot.id}.json")["deposit"]["letter_until"]
    valid_to = date.fromisoformat(until) + _MARGIN
    number, amount = f"BH-{play.story.seed:04d}-{bid.key.upper()}", _amount(play, bid)
    office = play.story.firms[play.story.tender.procuring_entity]
    letter = papers.plain(
        title="投标保函",
        lines=[
            f"编号：{number}",
            f"受益人：{office.name}",
            f"申请人：{bid.security.payer_name or play.story.firms[bid.bidder].name}",
            f"标段编号：{lot.code}",
            f"担保金额：人民币 {amount // 100}.{amount % 100:02d} 元",
            f"本保函见索即付、不可撤销，有效期至 {valid_to.isoformat()}。",
            _ISSUER,
        ],
    )
    fields = {
        "issuer_kind": "BANK",
        "issuer": _ISSUER,
        "number": number,
        "amount_fen": amount,
        "valid_to": valid_to.isoformat(),
    }
    _hand_in(play, bid, _GUARANTEE, fields, {"file": Attached(name="保函.pdf", content=letter)})


def _claim(play: Play, bid: Bid) -> None:
    small = play.story.firms[bid.bidder].small_business
    fields = {"ground": "SMALL_BUSINESS" if small else "DOCUMENTS", "clause": _CLAUSE}
    _hand_in(play, bid, _WAIVER, fields, {})


def _hand_in(
    play: Play, bid: Bid, act: Act, fields: Mapping[str, object], files: Mapping[str, Attached]
) -> None:
    session = play.cast.firm(bid.bidder)
    try:
        session.act(act, fields, files=files, lot=play.lot_of(bid).id)
    except Refused as refused:
        # A paper that comes too late is not taken, and the bidder owes its security.
        if _at(play.story, bid) < play.story.tender.last_deadline:
            where = f"/bids/{play.story.bids.index(bid)}/security"
            raise BadStory(where, str(refused)) from refused
