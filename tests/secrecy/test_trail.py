"""The audit trail gives nothing away before the hour, whatever a supervisor asks it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from audit.selectors.trail import may_read
from bank_escrow import services
from bank_escrow.models import Deposit, DepositRequirement, Instruction
from tests import people, worlds
from tests.bank_escrow.conftest import bank, lot
from tests.bank_escrow.lots import CUTOFF, PINGJIANG
from tests.secrecy import doors
from tests.secrecy.test_equality import own_files
from tests.secrecy.worlds import bidder, seeded, with_bidders
from trading.models import Party

__all__ = ["bank", "lot", "own_files"]

OBSERVED_AT = worlds.DEADLINE - timedelta(minutes=30)
MONEY = (
    "deposit.account_issued",
    "deposit.credit_received",
    "deposit.judged",
    "deposit.required",
    "payment.ordered",
)


def questions(world) -> list[dict[str, str]]:
    """Everything that could hit upon a bidder."""
    names = ("party.joined", "bid.received", "bid.withdrawn", "documents.downloaded", *MONEY)
    return [
        {"number": world.tender.code},
        {"number": world.lot.code},
        {"number": world.lot.code, "since": "2020-01-01T00:00:00"},
        {"person": "佚名0"},
        {"stream": f"lot/{world.lot.pk}/public"},
        {"stream": f"lot/{world.lot.pk}/staff"},
        {"stream": f"lot/{world.lot.pk}/party/{UUID(int=7)}"},
        *({"name": name} for name in names),
    ]


def asked(count: int, clock) -> list[doors.Seen]:
    clock.set(worlds.DRAFTED)
    with seeded("common"):
        world = worlds.published(security_fen=20_000_000)
        supervisor = people.feng()
        bidder(0)  # that a firm has an account here is no secret
    with seeded("bidders"):
        with_bidders(world, count)
        worlds.log_ticks(now=OBSERVED_AT)
    clock.set(OBSERVED_AT)
    cache.clear()
    seen = []
    with seeded("observers"):
        client = people.sign_in(Client(), supervisor)
        for question in questions(world):
            with seeded(f"question {question}"):
                query = "&".join(f"{key}={value}" for key, value in question.items())
                seen.append(doors.look(client, f"/audit?{query}"))
    return seen


@pytest.mark.django_db(transaction=True)
def test_no_question_tells_how_many_bid(clock, own_files):
    own_files(-1)
    asked(1, clock)  # keys and caches are made on first use
    answers = []
    for count in (0, 1, 5):
        own_files(count)
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        answers.append(asked(count, clock))
    assert all(page.status == 200 for page in answers[0])
    for somebody in answers[1:]:
        for nothing, page in zip(answers[0], somebody, strict=True):
            assert page.body == nothing.body
            assert page.statements == nothing.statements


@pytest.mark.django_db
class TestMoneyOfASealedLot:
    @pytest.fixture
    def look(self, client, clock, lot):
        clock.set(lot.bank.now)
        people.sign_in(client, people.feng())

        def look(**question):
            found = client.get("/audit", question).context
            return [(row.stream, row.name) for row in found["rows"]]

        return look

    def streams(self, lot):
        deposits = Deposit.objects.filter(requirement__reference=lot.reference)
        orders = Instruction.objects.filter(deposit__in=deposits)
        asked_for = DepositRequirement.objects.get(reference=lot.reference)
        return [
            f"account/{asked_for.pk}",
            *(f"deposit/{one.pk}" for one in deposits),
            *(f"instruction/{one.pk}" for one in orders),
        ]

    def test_looks_as_if_there_were_none(self, lot, look):
        lot.paid_deposit(PINGJIANG)
        hidden = self.streams(lot)
        assert len(hidden) == 2
        for stream in [*hidden, f"deposit/{uuid4()}"]:
            assert not may_read(stream)
            assert look(stream=stream) == []
        assert [name for name in MONEY if look(name=name)] == []

    def test_can_be_read_once_the_lot_is_unsealed(self, lot, look):
        party = lot.paid_deposit(PINGJIANG)
        lot.open()
        lot.order(party)
        lot.tick()
        shown = self.streams(lot)
        assert len(shown) == 3
        for stream in shown:
            assert may_read(stream)
            assert look(stream=stream)
        assert {name for name in MONEY if look(name=name)} == set(MONEY)

    def test_does_not_open_with_another_lot(self, lot, look):
        other = type(lot)(lot.bank)
        lot.paid_deposit(PINGJIANG)
        other.paid_deposit(PINGJIANG)
        other.bank.now = CUTOFF
        services.lock(reference=other.reference, now=CUTOFF)
        services.unseal(reference=other.reference, basis="OPENED", now=CUTOFF)
        assert [stream for stream in self.streams(lot) if may_read(stream)] == []
        assert all(may_read(stream) for stream in self.streams(other))

    def test_leaves_the_accounts_of_people_alone(self, lot, look):
        lot.open()
        for person in (people.sun(), people.wu(), people.chen()):
            assert not may_read(f"account/{person.pk}")


@pytest.mark.django_db
def test_a_bidders_hand_is_not_found_by_name_before_the_result(client, clock):
    world = worlds.published()
    person = bidder(0)
    worlds.submitted(world, person, price_fen=1, at=worlds.DEADLINE - timedelta(hours=5))
    clock.set(OBSERVED_AT)
    people.sign_in(client, people.feng())
    for question in ({"person": person.name}, {"actor": str(person.pk)}):
        assert client.get("/audit", question).context["rows"] == []
    party = Party.objects.get(lot=world.lot)
    assert not may_read(f"lot/{world.lot.pk}/party/{party.pk}")
