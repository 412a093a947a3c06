"""Give a bidder the account its bid security is to be paid into."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Organisation
from bank_escrow.services import IssuedAccount, PayerIdentity, issue_account
from trading.models import Party
from trading.policies.bids import is_open
from trading.services import parties


def issue(*, party: Party, now: datetime) -> IssuedAccount:
    """Return the account of this bidder for this lot; asking again gives the same one."""
    is_open(lot=party.lot, now=now).or_raise()
    identity = parties.identify(party)
    firm = Organisation.objects.get(pk=identity.organisation)
    members = Organisation.objects.filter(
        credit_code__in=[member.credit_code for member in identity.members]
    )
    return issue_account(
        reference=party.lot_id,
        party=party.pk,
        payer=PayerIdentity(
            name=firm.name,
            basic_account=firm.basic_account,
            members=tuple(
                PayerIdentity(name=row.name, basic_account=row.basic_account)
                for row in members.order_by("pk")
            ),
        ),
        now=now,
    )
