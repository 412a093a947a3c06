"""Before the hour nobody is told that anybody paid; afterwards finance is told all of it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.templatetags import hp
from audit.models import Event
from bank_escrow import sealed, selectors, services
from bank_escrow.domain.matching import PayerIdentity
from bank_escrow.models import Break, Deposit
from bank_escrow.selectors.breaks import breaks
from bank_escrow.services.breaks import open_break
from core import clock
from tests import people
from tests.bank_escrow.lots import CUTOFF, HENGZHU, PINGJIANG, REQUIRED, Lot

CANARY = PayerIdentity(name="金丝雀路桥（苏州）有限公司", basic_account="9988776655443322")
DOORS = (
    "/finance",
    "/finance/refunds",
    "/finance/breaks",
    "/finance/banks",
    "/finance/payees",
    "/finance/proposals",
)


@pytest.fixture
def still(lot, monkeypatch):
    """Nothing moves by itself: one clock, one command id."""
    same = uuid4()
    monkeypatch.setattr(clock, "now", lambda: lot.bank.now)
    monkeypatch.setattr(hp, "uuid4", lambda: same)
    return lot


def watch(client, address: str, who) -> tuple[int, bytes, list[str], str]:
    people.sign_in(client, who)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    body = re.sub(rb'csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"', b"", answer.content)
    escrow = [query["sql"] for query in asked if "bank_escrow" in query["sql"]]
    return answer.status_code, body, escrow, str(answer.headers.get("Content-Type"))


class TestASealedLot:
    @pytest.mark.parametrize("address", DOORS)
    @pytest.mark.parametrize("who", [people.chen, people.feng])
    def test_looks_the_same_for_none_one_and_several_payers(self, still, client, address, who):
        opened, sealed_lot = still, Lot(still.bank)
        party = opened.paid_deposit()
        opened.bank.now = CUTOFF
        services.lock(reference=opened.reference, now=CUTOFF)
        services.unseal(reference=opened.reference, basis="OPENED", now=CUTOFF)
        services.move_cutoff(
            reference=sealed_lot.reference, cutoff_at=CUTOFF + timedelta(days=1), now=CUTOFF
        )
        opened.order(party)
        opened.tick()
        seen = []
        for payers in range(4):
            if payers:
                sealed_lot.paid_deposit(CANARY, fen=REQUIRED + payers)
            seen.append(watch(client, address, who()))
        assert seen[0][0] in {200, 403}
        assert seen[1:] == seen[:1] * 3

    def test_answers_every_question_as_if_nobody_had_paid(self, lot):
        party = lot.paid_deposit(CANARY)
        assert selectors.verdicts(lot.reference) == ()
        assert selectors.verdict_of(lot.reference, party) is None
        assert selectors.refund_progress(lot.reference) == ()
        lot.open()
        (verdict,) = selectors.verdicts(lot.reference)
        assert (verdict.party, verdict.verdict, verdict.held_fen) == (party, "LOCKED", REQUIRED)

    def test_hides_its_journal_behind_the_page_of_a_wrong_address(self, still, client):
        party = still.paid_deposit(CANARY)
        people.sign_in(client, people.chen())
        address = f"/finance/deposits/{still.deposit(party).id}"
        assert client.get(address).status_code == 404
        still.open()
        assert client.get(address).status_code == 200

    def test_hides_orders_of_withdrawals(self, still, client):
        party = still.paid_deposit(CANARY)
        services.return_before_opening(
            reference=still.reference,
            party=party,
            actor="sun",
            signature_id=None,
            now=still.bank.now,
        )
        people.sign_in(client, people.chen())
        order = still.deposit(party).instructions.get()
        answer = client.post(
            f"/finance/refunds/{order.id}/cancel", {"command_id": str(uuid4()), "why": "x"}
        )
        assert answer.status_code == 404
        assert CANARY.name not in client.get("/finance/refunds").content.decode()

    def test_rings_for_nobody(self, lot):
        people.chen()
        party = lot.paid_deposit(CANARY)
        lot.bank.faults += ["NOT_SENT"] * 9
        services.return_before_opening(
            reference=lot.reference, party=party, actor="sun", signature_id=None, now=lot.bank.now
        )
        lot.bank.now += timedelta(days=4)
        lot.tick()
        assert people.chen().inbox.count() == 0


class TestABreak:
    """What does not agree is shown when its lot has opened; before that it has an id."""

    @pytest.fixture
    def sealed_lot(self, still):
        """A lot still sealed, beside one that has opened."""
        later = Lot(still.bank)
        services.move_cutoff(
            reference=later.reference, cutoff_at=CUTOFF + timedelta(days=1), now=still.bank.now
        )
        later.paid_deposit(CANARY)
        still.paid_deposit()
        still.open()
        return later

    def _found(self, lot, source, kind=Break.Kind.CONTRADICTION) -> str:
        found = open_break(
            bank="gusu", kind=kind, source_id=source, critical=False, now=lot.bank.now
        )
        return str(found.pk)

    def _listed(self, lot) -> tuple[set[str], set[str]]:
        """The ids of breaks that are shown, and of those that are not yet."""
        listed = breaks(lot.bank.now)
        return {str(row.id) for row in listed.still_open}, {str(pk) for pk in listed.veiled}

    def test_of_a_sealed_payment_is_veiled_until_its_lot_opens(self, sealed_lot):
        credit = Deposit.objects.get(requirement__reference=sealed_lot.reference).credits.get()
        found = self._found(sealed_lot, credit.pk)
        assert self._listed(sealed_lot) == (set(), {found})
        sealed_lot.open(CUTOFF + timedelta(days=1))
        assert self._listed(sealed_lot) == ({found}, set())

    def test_of_a_withdrawal_is_veiled_like_one_of_nobody(self, sealed_lot):
        deposit = Deposit.objects.get(requirement__reference=sealed_lot.reference)
        (order,) = services.return_before_opening(
            reference=sealed_lot.reference,
            party=deposit.party,
            actor="sun",
            signature_id=None,
            now=sealed_lot.bank.now,
        )
        found = {self._found(sealed_lot, source) for source in (order.pk, uuid4())}
        assert self._listed(sealed_lot) == (set(), found)

    def test_of_an_opened_lot_is_shown_beside_a_sealed_one(self, still, sealed_lot):
        (order,) = still.order()
        found = self._found(still, order.pk)
        assert self._listed(still) == ({found}, set())

    def test_of_our_own_books_is_nobody_s_lot(self, sealed_lot):
        found = self._found(sealed_lot, uuid4(), Break.Kind.LEDGER)
        assert self._listed(sealed_lot) == ({found}, set())

    def test_is_the_same_page_whatever_it_is_about(self, sealed_lot, client):
        same, chen = uuid4(), people.chen()
        credit = Deposit.objects.get(requirement__reference=sealed_lot.reference).credits.get()
        seen = []
        for source, kind in (
            (credit.pk, Break.Kind.CURRENCY),
            (uuid4(), Break.Kind.UNKNOWN_DEBIT),
        ):
            before = transaction.savepoint()
            Break.objects.create(
                id=same,
                bank_id="gusu",
                kind=kind,
                critical=False,
                source_id=source,
                facts={"amount_fen": REQUIRED},
                owner="finance",
                opened_at=sealed_lot.bank.now - timedelta(hours=len(seen)),
            )
            seen.append([watch(client, door, chen) for door in DOORS])
            transaction.savepoint_rollback(before)
        assert str(same).encode() in seen[0][DOORS.index("/finance/breaks")][1]
        assert seen[0] == seen[1]


class TestARow:
    def test_holds_no_name_and_no_account_in_clear(self, lot):
        party = lot.paid_deposit(CANARY)
        lot.bank.transfer(lot.join(CANARY)[1], 1, name=CANARY.name, from_account="9988776655443322")
        lot.tick()
        services.return_before_opening(
            reference=lot.reference, party=party, actor="sun", signature_id=None, now=lot.bank.now
        )
        lot.bank.now += timedelta(minutes=1)
        lot.tick()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            )
            tables = [name for (name,) in cursor.fetchall()]
            dump = ""
            for table in tables:
                cursor.execute(f'SELECT t::text FROM "{table}" AS t')
                dump += "\n".join(row for (row,) in cursor.fetchall())
        for canary in (CANARY.name, "金丝雀", CANARY.basic_account):
            assert canary not in dump
            assert canary.encode().hex() not in dump
        assert lot.reference.hex in dump.replace("-", "")

    def test_takes_as_much_room_for_a_long_name_as_for_a_short_one(self, lot):
        lot.join(CANARY)
        lot.join(PayerIdentity(name="甲", basic_account="1"))
        sizes = {len(bytes(deposit.payer_sealed)) for deposit in Deposit.objects.all()}
        assert len(sizes) == 1

    def test_moved_to_another_row_does_not_open(self, lot):
        one, two = lot.join(CANARY)[0], lot.join(HENGZHU)[0]
        first, second = lot.deposit(one), lot.deposit(two)
        second.payer_sealed = first.payer_sealed
        with pytest.raises(InvalidTag):
            sealed.identity(second)


class TestAnEvent:
    def test_names_no_payer(self, lot):
        lot.paid_deposit(CANARY)
        lot.open()
        bodies = str(list(Event.objects.values_list("body", flat=True)))
        assert "deposit" in str(list(Event.objects.values_list("stream", flat=True)))
        assert "金丝雀" not in bodies
        assert CANARY.basic_account not in bodies


class TestTheBidder:
    def test_sees_its_own_line_move(self, lot):
        party, number = lot.join()
        asked = {"reference": lot.reference, "party": party}
        state = selectors.deposit_state(**asked)
        assert (state.account_number, state.received, state.matched) == (number, False, False)
        lot.bank.transfer(number, REQUIRED - 100)
        lot.tick()
        state = selectors.deposit_state(**asked)
        assert (state.received, state.matched, state.missing_fen) == (True, False, 100)
        assert [str(reason.what) for reason in state.reasons] == ["到账金额不足"]
        lot.bank.transfer(number, 100)
        lot.bank.now += timedelta(minutes=1)
        lot.tick()
        assert selectors.deposit_state(**asked).matched

    def test_is_told_what_is_wrong_in_words(self, lot):
        party, number = lot.join()
        lot.bank.transfer(number, REQUIRED, name="苏州恒筑（姑苏）")
        lot.tick()
        state = selectors.deposit_state(reference=lot.reference, party=party)
        assert str(state.reasons[0].what) == "付款户名与投标人不一致"
        assert state.payments[0].payer_name == "苏州恒筑（姑苏）"

    def test_sees_nothing_of_another(self, lot):
        lot.paid_deposit(CANARY)
        party, _ = lot.join(PINGJIANG)
        state = selectors.deposit_state(reference=lot.reference, party=party)
        assert (state.state, state.payments) == ("UNPAID", ())

    def test_of_a_lot_without_deposit_sees_none(self, lot):
        assert selectors.deposit_state(reference=uuid4(), party=uuid4()) is None

    def test_follows_its_refund_to_the_account(self, lot):
        lot.approved_refund()
        party = Deposit.objects.get().party
        step = selectors.deposit_state(reference=lot.reference, party=party).refunds[0]
        assert (step.state, step.marks) == ("APPROVED", 2)
        lot.tick()
        (progress,) = selectors.refund_progress(lot.reference)
        assert (progress.status, progress.steps[0].marks) == ("REFUNDED", 4)


class TestTheHall:
    def test_is_told_when_two_bidders_were_paid_for_from_one_account(self, lot):
        one = lot.paid_deposit(HENGZHU)
        two, number = lot.join(PINGJIANG)
        lot.bank.transfer(number, REQUIRED, name=PINGJIANG.name, from_account=HENGZHU.basic_account)
        three = lot.paid_deposit(CANARY)
        lot.open()
        shared = {v.party: v.shares_account_with for v in selectors.verdicts(lot.reference)}
        assert shared == {one: (two,), two: (one,), three: ()}
