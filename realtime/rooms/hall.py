"""The opening hall of a lot, open to everybody from the notice on: each sees its own part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.web import SignedIn
from realtime.admission import Admission
from trading.selectors import hall
from trading.selectors.viewers import viewer_of


def admit(who: SignedIn | None, arguments: Mapping[str, Any]) -> Admission | None:
    """Return the streams of this viewer; None for a lot that is not published."""
    opening = hall.find(arguments["lot"])
    if opening is None:
        return None
    viewer = viewer_of(who, opening)
    return Admission(streams=tuple(hall.streams(opening, viewer)), epoch=hall.EPOCH)
