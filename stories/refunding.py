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
# Banks close their day at 23:00; in the morning the statement is there and orders are taken.
_MORNING = 9
_HOME = frozenset({"REFUNDED", "FORFEITED", "WAIVED", "UNPAID", "FROZEN"})


def steps(play: Play) -> Iterator[Step]:
    """Sign what is due and go from day to day until the money is home."""
    if not any(lot.bid_security_fen for lot in play.story.lots):
        return
    for day in range(_MOST_DAYS):
        yield Step(name=f"refunds/{day}/prepare", do=partial(_sign, play, _SUBMIT, "chen"))
        yield Step(name=f"refunds/{day}/approve", do=partial(_sign, play, _APPROVE, "he"))
        yield Step(name=f"refunds/{day}/morning", do=play.system.settle, at=_next_morning(play))
        if set(_states(play).values()) <= _HOME:
            return
    raise CannotRun(f"deposits are not home after {_MOST_DAYS} days: {_states(play)}")


def _sign(play: Play, act: Act, who: str) -> None:
    """Sign every order that waits for this hand, as the page shows them."""
    session = play.cast.staff(who)
    page = session.fetch("/finance/refunds").decode("utf-8")
    form = re.search(_FORM.format(address=re.escape(act.address)), page, re.DOTALL)
    orders = _ORDER.findall(form.group()) if form else []
    if orders:
        one_or_more = orders[0] if len(orders) == 1 else Repeated(tuple(orders))
        session.act(act, {"order": one_or_more})
        play.system.settle()  # what two have signed leaves today


def _next_morning(play: Play) -> datetime:
    return at(local_day(play.system.now) + timedelta(days=1), _MORNING)


def _states(play: Play) -> dict[str, str]:
    """Return how far each deposit is that was asked for."""
    return {
        bid.key: play.cast.firm(bid.bidder).read(f"/bids/{play.lot_of(bid).id}.json")["deposit"][
            "state"
        ]
        for bid in play.story.bids
        if play.parts[bid.key].account
    }
