"""The words of every refusal of trading: T tender side, B bids, K keys, O opening, W award."""

from __future__ import annotations

from core.verdicts import Text
from trading.refusals import award, bids, opening, tenders

TEXTS: dict[str, Text] = {**tenders.TEXTS, **bids.TEXTS, **opening.TEXTS, **award.TEXTS}
STATUSES: dict[str, int] = {**bids.STATUSES}
