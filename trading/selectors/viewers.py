"""Decide as what a person looks into a hall."""

from __future__ import annotations

from accounts.models import Role
from accounts.web import SignedIn
from trading.models import Opening
from trading.policies.opening import may_host
from trading.selectors.hall import Viewer
from trading.services import parties

_OVERSEERS = (Role.SUPERVISOR, Role.WITNESS)


def viewer_of(who: SignedIn | None, opening: Opening) -> Viewer:
    """Return the viewer; somebody without a part in the lot sees what the public sees."""
    if who is None:
        return Viewer()
    tender = opening.lot.tender
    firm = who.organisation if who.has(Role.TENDERER, Role.AGENCY) else None
    hosts = may_host(
        tender=tender,
        opening=opening,
        organisation_id=firm.pk if firm else None,
        opening_centres=who.centres(Role.CENTRE_OPENING),
    )
    oversees = tender.centre_id in who.centres(*_OVERSEERS)
    party = None
    if who.organisation is not None and who.has(Role.BIDDER):
        party = parties.find(lot_id=opening.lot_id, organisation_id=who.organisation.pk)
    return Viewer(party=party, is_staff=bool(hosts) or oversees)
