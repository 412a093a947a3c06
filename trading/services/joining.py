"""A firm joins one or more lots of a tender, alone or as lead of a consortium."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Organisation, Person
from audit.services import record
from trading.events.bids import LotJoined
from trading.models import Lot, Party
from trading.policies.bids import may_join
from trading.selectors.streams import party_stream
from trading.services import parties


def join(
    *,
    lots: Sequence[Lot],
    organisation: Organisation,
    person: Person,
    contact: str,
    phone: str,
    members: Sequence[parties.Member],
    now: datetime,
) -> list[Party]:
    """Give the firm a party in each lot; joining again returns the party it has.

    That a named member already bids alone (TBR Art. 37) is not said here: the answer would tell a
    rival who takes part. It is found when the list is published.
    """
    joined = []
    with transaction.atomic():
        for lot in lots:
            may_join(lot=lot, organisation=organisation, members=members, now=now).or_raise()
            try:
                with transaction.atomic():
                    party = parties.make(
                        lot=lot,
                        organisation=organisation,
                        contact=contact,
                        phone=phone,
                        members=members,
                        now=now,
                    )
            except IntegrityError:
                known = parties.find(lot_id=lot.pk, organisation_id=organisation.pk)
                assert known is not None
                joined.append(known)
                continue
            record(
                stream=party_stream(party),
                event=LotJoined(consortium=bool(members)),
                actor=parties.hand_of(party, person_id=person.pk),
                now=now,
            )
            joined.append(party)
    return joined
