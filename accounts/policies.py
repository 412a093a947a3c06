"""Who may do what to accounts."""

from __future__ import annotations

from accounts.web.signed_in import SignedIn
from core.verdicts import ALLOWED, Verdict, refuse


def may_manage(who: SignedIn) -> Verdict:
    """Allow the managers of an organisation to change its data and its people."""
    return ALLOWED if who.organisation is not None and who.manages else refuse("A-405")
