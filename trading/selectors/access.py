"""Load and check in one call: a view gets a row only if the person may do this act to it.

What is missing and what is not theirs look the same wherever existence is a secret.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from accounts.models import Organisation, Role
from accounts.web import SignedIn
from core.verdicts import Refusal
from trading.models import Lot, Opening, Party, Tender
from trading.policies.opening import may_host
from trading.services import parties


def tender_of_side(who: SignedIn, tender_id: UUID) -> Tender:
    """Return a tender of the person's own organisation, as tenderer or agency; 404 otherwise."""
    firm = who.organisation
    found = Tender.objects.select_related("procuring_entity", "agency", "centre").filter(
        pk=tender_id
    )
    tender = found.first()
    if tender is None or firm is None or not is_of_side(tender, firm):
        raise Http404
    return tender


def is_of_side(tender: Tender, firm: Organisation | None) -> bool:
    """Tell whether the firm is the tenderer or its agency."""
    return firm is not None and firm.pk in {tender.procuring_entity_id, tender.agency_id}


def published_tender(tender_id: UUID) -> Tender:
    """Return a tender the public may know of; 404 for drafts."""
    tender = (
        Tender.objects.select_related("procuring_entity", "agency", "centre")
        .filter(pk=tender_id)
        .exclude(state__in=["DRAFT", "DISCARDED"])
        .first()
    )
    if tender is None:
        raise Http404
    return tender


def lot_of_side(who: SignedIn, tender_id: UUID, lot_id: UUID) -> Lot:
    """Return a lot of a tender of the person's own side; 404 otherwise."""
    tender = tender_of_side(who, tender_id)
    lot = Lot.objects.filter(pk=lot_id, tender=tender).first()
    if lot is None:
        raise Http404
    lot.tender = tender
    return lot


def published_lot(lot_id: UUID) -> Lot:
    """Return a lot the public may know of; 404 for drafts."""
    lot = (
        Lot.objects.select_related("tender__procuring_entity", "tender__agency")
        .filter(pk=lot_id)
        .exclude(state__in=["DRAFT", "DISCARDED"])
        .first()
    )
    if lot is None:
        raise Http404
    return lot


def own_party(who: SignedIn, lot_id: UUID) -> Party:
    """Return the person's firm's party in a lot; `B-040` when it has not joined."""
    lot = published_lot(lot_id)
    firm = who.organisation
    party = (
        parties.find(lot_id=lot_id, organisation_id=firm.pk)
        if firm is not None and who.has(Role.BIDDER)
        else None
    )
    if party is None:
        raise Refusal("B-040")
    party.lot = lot
    return party


def opening_to_host(who: SignedIn, lot_id: UUID) -> Opening:
    """Return an opening the person's side may run; `O-100` otherwise."""
    lot = published_lot(lot_id)
    opening = Opening.objects.select_related("lot__tender").get(pk=lot.pk)
    firm = who.organisation if who.has(Role.TENDERER, Role.AGENCY) else None
    may_host(
        tender=opening.lot.tender,
        opening=opening,
        organisation_id=firm.pk if firm else None,
        opening_centres=who.centres(Role.CENTRE_OPENING),
    ).or_raise()
    return opening
