"""Who has an interest in a lot: the sealed question of avoidance, answered yes or no.

It is asked only once the list of bidders is out (`policies.list_is_out`): before that an answer,
even a refusal, would tell who bids. Who is left out of a draw stays inside all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.models import Membership, Organisation, Person
from evaluation.domain.avoidance import Firm, names, tied
from evaluation.models import Expert
from trading.models import Bid, Lot
from trading.services import parties

_GONE = ("WITHDRAWN", "SUPERSEDED")


class Interests:
    """The firms with an interest in one lot, bidders included; only `touches` speaks of them."""

    def __init__(self, lot: Lot) -> None:
        firms, own = _firms(lot)
        self._names = names(firms)
        self._people = frozenset(
            Membership.objects.filter(organisation__in=own).values_list("person_id", flat=True)
        )

    def touches(self, expert: Expert) -> bool:
        """Tell whether an expert must not sit for this lot."""
        return expert.person_id in self._people or tied(
            [expert.employer, *expert.ties], firms=self._names
        )


def bids_for_one(person: Person, lot: Lot) -> bool:
    """Tell whether a person acts for one of the lot's bidders."""
    _, own = _firms(lot)
    side = {lot.tender.procuring_entity_id, lot.tender.agency_id}
    held = person.memberships.filter(organisation__in=own - side, ended_at__isnull=True)
    return held.exists()


def _firms(lot: Lot) -> tuple[list[Firm], set[UUID | None]]:
    tender = lot.tender
    firms = [_firm(tender.procuring_entity)]
    own: set[UUID | None] = {tender.procuring_entity_id, tender.agency_id}
    if tender.agency is not None:
        firms.append(_firm(tender.agency))
    bids = Bid.objects.select_related("party").filter(lot=lot).exclude(state__in=_GONE)
    identities = [parties.identify(bid.party) for bid in bids]
    firms += [
        Firm(name=member.name, credit_code=member.credit_code)
        for identity in identities
        for member in identity.members
    ]
    leads = Organisation.objects.filter(pk__in=[who.organisation for who in identities])
    codes = [firm.credit_code for firm in firms if firm.credit_code]
    partners = Organisation.objects.filter(credit_code__in=codes)
    firms += _each(leads)
    own |= {firm.pk for firm in (*leads, *partners)}
    return firms, own


def _each(organisations: Iterable[Organisation]) -> list[Firm]:
    return [_firm(organisation) for organisation in organisations]


def _firm(organisation: Organisation) -> Firm:
    return Firm(name=organisation.name, credit_code=organisation.credit_code)
