"""Sign in to the hall, and publish the list: the moment bidders get names and seats."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Organisation, Person
from audit.services import record, record_all
from bank_escrow import selectors as escrow
from bank_escrow.services import unseal
from core.events import DomainEvent, moment
from core.verdicts import Refusal
from trading.events.opening import (
    Counted,
    DepositsShown,
    Listed,
    PartiesSeated,
    SeatGiven,
    SignedIn,
)
from trading.models import Bid, Opening, OpeningSeat, Party, SignIn
from trading.policies.opening import names_are_public
from trading.selectors.streams import lot_public, lot_staff, party_stream
from trading.services import parties, refunding
from trading.services.opening.state import locked

MINIMUM_BIDS = 3  # TBL Art. 28; MOF87 Art. 41


def sign_in(*, party: Party, person: Person, now: datetime) -> SignIn:
    """Sign a bidder's delegate in; only the party itself sees it before the list."""
    opening = locked(party.lot_id)
    if opening.stage == "LOBBY" or names_are_public(opening.stage):
        raise Refusal("O-121")
    known = SignIn.objects.filter(party=party).first()
    if known is not None:
        return known
    hand = parties.hand_of(party, person_id=person.pk)
    made = SignIn.objects.create(id=uuid4(), party=party, hand=hand, at=now)
    record(stream=party_stream(party), event=SignedIn(), actor=hand, now=now)
    return made


def live_bids(lot_id: UUID) -> list[Bid]:
    """Return the bids that stand at the deadline, in the order they arrived."""
    return list(
        Bid.objects.filter(lot_id=lot_id)
        .exclude(state__in=["WITHDRAWN", "SUPERSEDED"])
        .select_related("party")
        .order_by("received_at", "pk")
    )


def count(opening: Opening, *, actor: str, now: datetime) -> int:
    """Count the bids for the host; nobody else learns the number yet."""
    number = len(live_bids(opening.lot_id))
    if number >= MINIMUM_BIDS:
        record(stream=lot_staff(opening.lot), event=Counted(count=number), actor=actor, now=now)
    return number


def publish_list(opening: Opening, *, actor: str, now: datetime) -> list[OpeningSeat]:
    """Give every bidder a seat and a name, in the order of receipt."""
    seats = []
    signed_in = set(
        SignIn.objects.filter(party__lot_id=opening.lot_id).values_list("party_id", flat=True)
    )
    shown = []
    own: list[tuple[str, DomainEvent]] = []
    for number, bid in enumerate(live_bids(opening.lot_id), start=1):
        identity = parties.identify(bid.party)
        firm = Organisation.objects.get(pk=identity.organisation)
        seat = OpeningSeat.objects.create(
            party=bid.party,
            opening=opening,
            number=number,
            organisation=firm,
            members=[{"name": m.name, "share_pct": m.share_pct} for m in identity.members],
            bid=bid,
        )
        seats.append(seat)
        shown.append(
            {
                "seat": number,
                "name": firm.name,
                "short_name": firm.short_name or firm.name[:6],
                "members": [member.name for member in identity.members],
                "received_at": moment(bid.received_at),
                "signed_in": bid.party_id in signed_in,
            }
        )
        own.append((party_stream(bid.party), SeatGiven(seat=number, bid=bid.pk)))
    if opening.lot.bid_security_fen:
        unseal(reference=opening.lot_id, basis="LISTED", now=now)
        refunding.after_list(lot=opening.lot, actor=actor, now=now)
    parties_seated = PartiesSeated(parties={str(seat.party_id): seat.number for seat in seats})
    told = [
        (lot_public(opening.lot), Listed(seats=shown)),
        (lot_staff(opening.lot), parties_seated),
        *own,
    ]
    record_all(told, actor=actor, now=now)
    return seats


def show_deposits(opening: Opening, *, actor: str, now: datetime) -> None:
    """Show each bidder's security as the bank's books have it (TBR Art. 26)."""
    asked = opening.lot.bid_security_fen > 0
    known = escrow.verdicts(opening.lot_id) if asked else ()
    verdicts = {row.party: row for row in known}
    shown = []
    for seat in opening.seats.select_related("party"):
        verdict = verdicts.get(seat.party_id)
        unpaid = "UNPAID" if asked else "NONE"
        seat.security = {
            "status": verdict.verdict if verdict else unpaid,
            "code": verdict.code if verdict else None,
        }
        seat.save(update_fields=["security"])
        shown.append({"seat": seat.number, **seat.security})
    record(
        stream=lot_public(opening.lot), event=DepositsShown(deposits=shown), actor=actor, now=now
    )
