"""Who a party is: the one place that seals and reads the tie between a bidder and its name.

Everything else names a bidder by the party's random id (design rule 5; TBL Art. 22: names and
number of bidders are secret before the opening).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from accounts.models import Organisation
from accounts.services import veil
from trading.models import Lot, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A consortium member as the lead named it."""

    name: str
    credit_code: str
    share_pct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A bidder with its name: only for its own pages, the bank and, after the list, the hall."""

    organisation: UUID
    contact: str
    phone: str
    members: Sequence[Member]


def make(
    *,
    lot: Lot,
    organisation: Organisation,
    contact: str,
    phone: str,
    members: Sequence[Member],
    now: datetime,
) -> Party:
    """Give a firm a party in a lot; IntegrityError on `blind` when it has one."""
    party = Party(id=uuid4(), lot=lot, blind=blind_of(lot.pk, organisation_id=organisation.pk))
    party.joined_at = now
    party.sealed = veil.seal(
        {
            "organisation": str(organisation.pk),
            "contact": contact,
            "phone": phone,
            "members": [
                {"name": m.name, "credit_code": m.credit_code, "share_pct": m.share_pct}
                for m in members
            ],
        },
        bound_to=party.pk,
    )
    party.save(force_insert=True)
    return party


def find(*, lot_id: UUID, organisation_id: UUID) -> Party | None:
    """Return the firm's own party in the lot, if it joined."""
    return Party.objects.filter(blind=blind_of(lot_id, organisation_id=organisation_id)).first()


def find_all(*, lot_ids: Sequence[UUID], organisation_id: UUID) -> dict[UUID, Party]:
    """Return the firm's own parties in these lots, by lot."""
    blinds = [blind_of(lot_id, organisation_id=organisation_id) for lot_id in lot_ids]
    return {party.lot_id: party for party in Party.objects.filter(blind__in=blinds)}


def of_lot(lot: Lot) -> list[Party]:
    """Return every party of a lot, for acts that must reach all of them."""
    return list(Party.objects.filter(lot=lot).order_by("pk"))


def identify(party: Party) -> Identity:
    """Read who a party is. InvalidTag if the row was tampered with or moved."""
    facts = veil.unseal(bytes(party.sealed), bound_to=party.pk)
    return Identity(
        organisation=UUID(facts["organisation"]),
        contact=facts["contact"],
        phone=facts["phone"],
        members=tuple(Member(**member) for member in facts["members"]),
    )


def seal_note(note: Mapping[str, Any], *, bound_to: UUID) -> bytes:
    """Seal another fact about a bidder (who asked a question) under the same key."""
    return veil.seal(note, bound_to=bound_to)


def open_note(sealed: bytes, *, bound_to: UUID) -> dict[str, Any]:
    """Read what `seal_note` sealed."""
    return veil.unseal(sealed, bound_to=bound_to)


def blind_of(subject: UUID, *, organisation_id: UUID) -> bytes:
    """Return the keyed hash by which a firm finds what it did to a subject (took a file)."""
    return veil.blind(subject, who=organisation_id)


def hand_of(party: Party, *, person_id: UUID) -> str:
    """Name who acts for a party: events keep this word, which tells one party's hands apart.

    The person's own id would lead from every sign-in to the lot; `veil.unmask` reads the word
    for whoever may look into the party's stream after the opening.
    """
    return veil.mask(person_id, within=party.pk)
