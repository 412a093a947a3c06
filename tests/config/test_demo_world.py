"""The demo's world: everything in it happened, and it happened once."""

from __future__ import annotations

from datetime import UTC
from io import StringIO
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.management import CommandError, call_command
from django.db.models import Count

import core.clock
from accounts.models import Role
from audit.models import Command, Event
from audit.services.keys import log_key
from audit.services.verify import verify_all
from bank_escrow.models import Deposit, Instruction
from bank_escrow.services.check import check, trial_balance_fen
from config.demo_world import plans
from config.demo_world.shelf import PASSPHRASE, PIN
from evaluation.models import Seat
from sealing import header as headers
from sealing import keys, splitting
from sealing.shares import release as unbox
from tests import demo_world
from trading.models import Bid, Lot, Opening, Tender

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(settings, tmp_path):
    """A run folder with a story clock, an authority and a bank in memory; `load` loads it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with demo_world.stage(tmp_path) as bank:

        def load():
            out = StringIO()
            call_command("demo_world", stdout=out)
            return out.getvalue()

        yield SimpleNamespace(load=load, run=tmp_path, bank=bank)


def lot_of(plan_key):
    plan = next(plan for plan in plans.PLANS if plan.key == plan_key)
    return Lot.objects.select_related("tender").get(tender__title=plan.title)


# One loading serves all these questions: it makes a city's two months.
class TestTheDemoWorld:
    def test_has_a_tender_at_every_stage_and_everything_in_it_proves(self, demo):
        card = demo.load()
        self._every_stage_is_there()
        self._money_is_whole()
        self._evidence_holds()
        self._nothing_lies_in_the_future()
        self._people_can_come_in(demo, card)
        self._keys_on_the_shelf_open_the_hall(demo)
        self._a_second_loading_changes_nothing(demo, card)

    def _every_stage_is_there(self):
        states = {plan.key: lot_of(plan.key).state for plan in plans.PLANS}
        assert states == {
            "contracted": "CONTRACTED",
            "notified": "NOTICE_SENT",
            "awarded": "AWARDED",
            "failed": "FAILED",
            "candidates": "CANDIDATES_PUBLISHED",
            "evaluating": "EVALUATING",
            "opened": "OPENED",
            "hall": "OPENING",
            "lobby": "SUBMISSION",
            "bidding": "SUBMISSION",
            "supplies": "SUBMISSION",
            "suspended": "SUSPENDED",
            "draft-works": "DRAFT",
            "draft-goods": "DRAFT",
        }
        assert Opening.objects.get(pk=lot_of("hall").pk).stage == "DECRYPT_BIDDER"
        assert Opening.objects.get(pk=lot_of("lobby").pk).stage == "SIGN_IN"
        assert lot_of("failed").state_code == "FAILED_LT3"
        assert {"T", "G"} == set(
            Tender.objects.exclude(state="DRAFT").values_list("legal_track", flat=True)
        )

    def _money_is_whole(self):
        assert trial_balance_fen() == 0
        assert [answer.code for answer in check() if not answer.holds] == []
        orders = Instruction.objects.filter(deposit__requirement__reference=lot_of("contracted").pk)
        counted = dict(orders.values_list("state").annotate(n=Count("id")))
        # Two left, one waits for its second hand, one for its first.
        assert counted == {"DONE": 2, "SUBMITTED": 1, "DRAFT": 1}
        unsealed = Deposit.objects.filter(requirement__unsealed_at__isnull=False)
        assert set(unsealed.values_list("verdict", flat=True)) == {"LOCKED"}

    def _evidence_holds(self):
        assert verify_all(log_key=log_key(), known=[]).valid
        ended = Opening.objects.filter(ended_at__isnull=False).exclude(stage="FAILED")
        assert ended.count() == 6
        assert not ended.filter(document__isnull=True).exists()

    def _nothing_lies_in_the_future(self):
        newest = Event.objects.order_by("-at").values_list("at", flat=True)[0]
        assert plans.FOUNDED.astimezone(UTC) < newest
        # The clock runs on while the last step is taken.
        assert (newest - plans.NOW).total_seconds() < 120

    def _people_can_come_in(self, demo, card):
        for username in ("root", "zhao", "qian", "sun", "yang", "jiang", "shen", "chen", "feng"):
            assert f"  {username} " in card
            assert pkcs12.load_pkcs12(
                (demo.run / "certs" / f"{username}.p12").read_bytes(), PIN.encode()
            ).key
            out = StringIO()
            call_command("demo_code", username, stdout=out, stderr=StringIO())
            assert len(out.getvalue().strip()) == 6
        assert len(Role.values) == 10
        invited = Seat.objects.filter(panel__lot=lot_of("opened"), state="NOTIFIED")
        assert invited.count() == 5
        assert f"  {invited[0].person.username} " in card

    def _keys_on_the_shelf_open_the_hall(self, demo):
        bid = Bid.objects.get(lot=lot_of("hall"), state="SEALED", seat__number=1)
        header = headers.parse(bid.header.encode())
        own = (demo.run / "keys" / "hall-sun.key.json").read_bytes()
        assert unbox(header, label="bidder", key=keys.unwrap(own, passphrase=PASSPHRASE)).secret
        one, three = (
            splitting.unwrap(
                (demo.run / "keys" / f"hall-{number}.holder.json").read_bytes(),
                passphrase=PASSPHRASE,
            )
            for number in (1, 3)
        )
        assert unbox(header, label="host", key=splitting.combine(one, three)).secret

    def _a_second_loading_changes_nothing(self, demo, card):
        before = Event.objects.count(), Command.objects.count(), core.clock.now()
        again = demo.load()
        assert again == card
        assert (Event.objects.count(), Command.objects.count()) == before[:2]
        assert core.clock.now() >= before[2]


class TestTheCommands:
    def test_are_refused_in_a_city(self, demo, settings):
        settings.MODE = "city"
        with pytest.raises(CommandError):
            demo.load()
        with pytest.raises(CommandError):
            call_command("demo_code", "sun")

    def test_begin_anew_after_a_load_that_was_broken_off(self, demo):
        from tests import worlds

        worlds.drafted()
        with pytest.raises(CommandError, match="--fresh"):
            demo.load()
