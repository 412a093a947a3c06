"""Which streams may be read by a supervisor at any time, and which only after the opening.

A stream for the public, for staff, a panel's room and the access of staff tell nothing about
bidders; every other stream does by its mere existence. One that belongs to a party of a lot opens
with the result of that lot; of the others only an app above can say when, and names them itself
(`audit.selectors.sources`): those of deposits and orders, when the escrow was told that it opened.
"""

from __future__ import annotations

import re

OPEN = r"(tender|lot)/[^/]+/(public|staff)|panel/[^/]+/room|access"
PARTY = r"lot/[^/]+/party/[^/]+"
LOT = r"lot/[^/]+/.+"


def is_open(stream: str) -> bool:
    """Whether a stream's existence and content are no secret of any bidder."""
    return re.fullmatch(OPEN, stream) is not None


def party_lot(stream: str) -> str | None:
    """Return the lot to whose party a stream belongs."""
    return stream.split("/")[1] if re.fullmatch(PARTY, stream) else None


def lot_of(stream: str) -> str | None:
    """Return the lot that a stream is of, whoever may read it."""
    return stream.split("/")[1] if re.fullmatch(LOT, stream) else None
