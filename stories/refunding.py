"""The deposits' way home: finance signs twice, the bank pays, statements close the days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from core.zone import at, local_day
from stories.door import Act, Repeated
from stories.play import Play, Step
from stories.troubles import CannotRun

_SUBMIT = Act("bank_escrow:submit", "/finance/refunds/submit", "refund")
_APPROVE = Act("bank_escrow:approve", "/finance/refunds/approve", "refund")
_RELEASE = Act("bank_escrow:release", "/finance/refunds/release", "refund")

_ORDER = re.compile(r'name="order"[^>]*value="([0-9a-f-]{36}:[0-9a-f]{64})"')
_FORM = r'<form[^>]*action="{address}".*?</form>'
_MOST_DAYS = 30
# Banks close their day at 23:00; half an hour later yesterday's statement is there.
_STATEMENT = (23, 30)
_HOME = frozenset({"REFUNDED", "FORFEITED", "WAIVED", "UNPAID", "FROZEN"})


def steps(play: Play) -> Iterator[Step]:
    """Sign what is due and go from day to day until the money is home."""
    if not any(lot.bid_security_fen for lot in play.story.lots):
        return
    for day in range(_MOST_DAYS):
        yield Step(name=f"refunds/{day}/prepare", do=partial(_sign, play, _SUBMIT, "chen"))
        yield Step(name=f"refunds/{day}/approve", do=partial(_sign, play, _APPROVE, "he"))
        yield Step(name=f"refunds/{day}/statement", do=play.system.settle, at=_next_close(play))
        if _all_home(play):
            return
    raise CannotRun(f"deposits are not home after {_MOST_DAYS} days")


def _sign(play: Play, act: Act, who: str) -> None:
    """Sign every order that waits for this hand, as the page shows them."""
    session = play.cast.staff(who)
    page = session.fetch("/finance/refunds").decode("utf-8")
    form = re.search(_FORM.format(address=re.escape(act.address)), page, re.DOTALL)
    orders = _ORDER.findall(form.group()) if form else []
    if orders:
        one_or_more = orders[0] if len(orders) == 1 else Repeated(tuple(orders))
        session.act(act, {"order": one_or_more})


def _next_close(play: Play) -> datetime:
    day = local_day(play.system.now)
    close = at(day, *_STATEMENT)
    return close if close > play.system.now else at(day + timedelta(days=1), *_STATEMENT)


def _all_home(play: Play) -> bool:
    for bid in play.story.bids:
        if not play.parts[bid.key].account:
            continue
        deposit = play.cast.firm(bid.bidder).read(f"/bids/{play.lot_of(bid).id}.json")["deposit"]
        if deposit["state"] not in _HOME:
            return False
    return True
