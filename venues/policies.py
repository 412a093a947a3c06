"""Who may do what with a centre's rooms and days."""

from __future__ import annotations

from accounts.models import Role
from accounts.web import SignedIn
from core.verdicts import ALLOWED, Verdict, refuse
from venues.models import Booking

KEEPERS = (Role.CENTRE_OPENING, Role.CENTRE_EVALUATION)


def may_keep(who: SignedIn, *, centre: str) -> Verdict:
    """Allow the staff of a centre to keep its rooms and days."""
    return ALLOWED if centre in who.centres(*KEEPERS) else refuse("V-016", centre=centre)


def may_release(who: SignedIn, *, booking: Booking) -> Verdict:
    """Allow staff to give back what staff hold; an opening's room goes with its deadline."""
    kept = may_keep(who, centre=booking.room.centre_id)
    if not kept:
        return kept
    return ALLOWED if booking.purpose == Booking.Purpose.HOLD else refuse("V-015")
