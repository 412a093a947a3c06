"""Who may come to finance's desk, and how it is reached."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.models import Role
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import Proposal
from tests import people
from tests.bank_escrow import hands
from tests.bank_escrow.fake_bank import BANK
from tests.bank_escrow.test_desk_pages import page


class TestADoor:
    WATCHED = ("/finance/breaks", "/finance/proposals")

    @pytest.mark.parametrize(
        "address", ["/finance/breaks", "/finance/banks", "/finance/payees", "/finance/proposals"]
    )
    def test_is_for_finance(self, bank, client, address):
        seen = {}
        for role, who in people.everyone().items():
            people.sign_in(client, who)
            seen[role] = client.get(address).status_code
        let_in = {role for role, status in seen.items() if status == 200}
        watching = {Role.SUPERVISOR} if address in self.WATCHED else set()
        assert let_in == {Role.FINANCE} | watching
        client.logout()
        assert client.get(address).status_code == 302

    @pytest.mark.parametrize("act", ["confirm", "refuse", "withdraw"])
    def test_to_an_act_is_shut_to_others(self, lot, client, act):
        proposal = hands.proposed(lot, Kind.STOP_BANK, BANK)
        for role, who in people.everyone().items():
            if role != Role.FINANCE:
                people.sign_in(client, who)
                form = {"command_id": str(uuid4()), "why": "x"}
                answer = client.post(f"/finance/proposals/{proposal.pk}/{act}", form)
                assert answer.status_code == 403, role
        proposal.refresh_from_db()
        assert proposal.state == Proposal.State.WAITING

    def test_is_linked_from_the_monitor(self, lot, client):
        shown = page(client, "/finance")
        for address in ("refunds", "breaks", "banks", "payees", "proposals"):
            assert f'href="/finance/{address}"' in shown
