"""Finance's pages: who may come in, who may sign what, and what stands on them."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

from accounts.models import Role, Signature, Todo
from bank_escrow import services
from bank_escrow.management.commands import check_ledger
from bank_escrow.models import Bank, Instruction, RefundGround
from bank_escrow.services.check import Answer
from bank_escrow.services.grounds import order_on
from bank_escrow.services.wanted import KEY, tell_hands
from core import clock
from core.verdicts import Refusal
from tests import people
from tests.accounts.authority import Authority, bound
from tests.signing import signed_form


def on_ground(lot, *parties, basis=services.Basis.CONTRACT):
    """An event of the law gives these bidders their money back."""
    now = lot.bank.now
    return services.order_refunds(
        reference=lot.reference, parties=set(parties), basis=basis, since=now, now=now
    )


def prepare(client, ground):
    """Finance prepares again on a ground."""
    return client.post(
        "/finance/refunds/prepare",
        {"command_id": str(uuid4()), "ground": str(ground)},
        headers={"Accept": "application/json"},
    )


@pytest.fixture
def desk(lot, monkeypatch, settings, tmp_path, client):
    """A lot with a refund to sign, and two persons with certificates."""
    authority = Authority()
    party = lot.paid_deposit()
    lot.open()
    (order,) = on_ground(lot, party)
    monkeypatch.setattr(clock, "now", lambda: lot.bank.now)
    authority.trust(settings, tmp_path, at=lot.bank.now)
    holders = {}
    for who in (people.chen(), people.he()):
        holders[who.pk] = authority.issue_for(who, not_before=people.LONG_AGO, days=3650)
        bound(holders[who.pk], who, now=lot.bank.now)

    def sign(name, who, chosen, **changes):
        people.sign_in(client, who)
        act, fields = f"bank_escrow:{name}", {"order": chosen} if chosen else {}
        return client.post(
            f"/finance/refunds/{name}",
            signed_form(holders[who.pk], act, fields, purpose="refund") | changes,
            headers={"Accept": "application/json"},
        )

    sign.order = order
    sign.chosen = f"{order.id}:{order.content_sha}"
    return sign


class TestAnAct:
    def test_of_two_persons_sends_the_money(self, desk, lot):
        assert desk("submit", people.chen(), desk.chosen).status_code == 200
        assert desk("approve", people.he(), desk.chosen).status_code == 200
        lot.tick()
        order = Instruction.objects.get()
        assert order.state == Instruction.State.DONE
        signed = Signature.objects.get(pk=order.checker_signature)
        assert (signed.person, signed.purpose) == (people.he(), "refund")

    def test_of_one_person_twice_is_refused_in_words(self, desk):
        desk("submit", people.chen(), desk.chosen)
        answer = desk("approve", people.chen(), desk.chosen)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "M-201"

    def test_without_a_signature_is_refused(self, desk):
        answer = desk("submit", people.chen(), desk.chosen, signature="")
        assert answer.json()["error"]["code"] == "A-201"
        assert Instruction.objects.get().state == Instruction.State.DRAFT

    def test_on_other_content_than_was_shown_is_refused(self, desk):
        answer = desk("submit", people.chen(), f"{desk.order.id}:{'0' * 64}")
        assert answer.status_code == 422

    def test_on_nothing_says_that_nothing_was_chosen(self, desk):
        answer = desk("submit", people.chen(), "")
        assert answer.json()["error"]["code"] == "M-208"

    def test_prepares_what_no_order_is_about(self, desk, lot, client):
        services.cancel(instruction_id=desk.order.id, why="x", actor="chen", now=lot.bank.now)
        (ground,) = RefundGround.objects.all()
        people.sign_in(client, people.chen())
        assert "合同已签订（2026-11-23），1 笔" in client.get("/finance/refunds").content.decode()
        answer = prepare(client, ground.pk)
        assert answer.status_code == 200
        (made,) = answer.json()["orders"]
        order = Instruction.objects.get(pk=UUID(made))
        assert (order.with_interest, str(order.due_at.date())) == (True, "2026-11-30")
        assert str(ground.pk) not in client.get("/finance/refunds").content.decode()

    def test_prepares_nothing_on_a_ground_that_did_not_come_to_pass(self, desk, lot, client):
        services.cancel(instruction_id=desk.order.id, why="x", actor="chen", now=lot.bank.now)
        people.sign_in(client, people.chen())
        for ground in (uuid4(), "", lot.reference):
            assert prepare(client, ground).status_code == 422
        assert not Instruction.objects.exclude(pk=desk.order.pk).exists()

    def test_is_sent_back_by_the_second_person(self, desk, client):
        desk("submit", people.chen(), desk.chosen)
        people.sign_in(client, people.he())
        answer = client.post(
            f"/finance/refunds/{desk.order.id}/refuse",
            {"command_id": str(uuid4()), "why": "收款人有误"},
        )
        assert answer.status_code == 303
        assert Instruction.objects.get().state == Instruction.State.CANCELLED


class TestAGround:
    def test_told_twice_is_one_and_orders_once(self, lot):
        party = lot.paid_deposit()
        lot.open()
        assert len(on_ground(lot, party)) == 1
        assert on_ground(lot, party) == []
        assert RefundGround.objects.count() == 1

    def test_gives_nothing_to_whom_it_does_not_name(self, lot):
        loser, winner = lot.paid_deposit(), lot.paid_deposit()
        lot.open()
        (order,) = on_ground(lot, loser)
        assert order.deposit.party == loser != winner
        services.cancel(instruction_id=order.pk, why="x", actor="chen", now=lot.bank.now)
        (again,) = order_on(ground_id=RefundGround.objects.get().pk, actor="chen", now=lot.bank.now)
        assert again.deposit.party == loser

    def test_of_nobody_is_none(self, lot):
        lot.paid_deposit()
        lot.open()
        assert on_ground(lot) == []
        assert not RefundGround.objects.exists()

    def test_is_none_while_the_lot_is_sealed(self, lot):
        party = lot.paid_deposit()
        with pytest.raises(Refusal) as refused:
            on_ground(lot, party)
        assert refused.value.reason.code == "M-101"


class TestTheLineAtTheDesk:
    def lines(self, who):
        open_lines = Todo.objects.filter(person=who, key=KEY, done_at__isnull=True)
        return list(open_lines.values_list("text", flat=True))

    def test_names_what_waits_for_the_own_hand_and_ends_with_it(self, desk, lot):
        tell_hands(lot.bank.now)
        one = ["办理退款：1 笔等您签名"]
        assert (self.lines(people.chen()), self.lines(people.he())) == (one, one)
        desk("submit", people.chen(), desk.chosen)
        tell_hands(lot.bank.now)
        assert (self.lines(people.chen()), self.lines(people.he())) == ([], one)
        desk("approve", people.he(), desk.chosen)
        tell_hands(lot.bank.now)
        assert (self.lines(people.chen()), self.lines(people.he())) == ([], [])


class TestAPage:
    def test_names_every_hand_and_its_time(self, desk, lot, client):
        desk("submit", people.chen(), desk.chosen)
        desk("approve", people.he(), desk.chosen)
        deposit = Instruction.objects.get().deposit_id
        for who in (people.chen(), people.feng()):
            people.sign_in(client, who)
            for address in ("/finance/refunds", f"/finance/deposits/{deposit}"):
                page = client.get(address).content.decode()
                for role, name in (("经办", people.chen().name), ("复核", people.he().name)):
                    assert f"{role} {name}" in page

    def test_is_read_only_for_the_supervisor(self, desk, client):
        people.sign_in(client, people.feng())
        page = client.get("/finance/refunds").content.decode()
        assert desk.order.serial in page
        assert "<form" not in page.split("<main")[1].split("</main")[0]
        answer = client.post("/finance/refunds/submit", {"command_id": str(uuid4())})
        assert answer.status_code == 403

    def test_marks_what_is_overdue(self, desk, lot, client):
        people.sign_in(client, people.chen())
        assert "已逾期" not in client.get("/finance/refunds").content.decode()
        lot.bank.now = desk.order.due_at
        assert "已逾期" in client.get("/finance/refunds").content.decode()

    def test_shows_what_waits_for_a_hand(self, desk, client):
        people.sign_in(client, people.chen())
        page = client.get("/finance/refunds").content.decode()
        assert "待提交" in page
        assert desk.chosen in page
        assert "1102****0506" in page
        assert "1102020301040506" not in page

    def test_shows_balances_and_the_lines_behind_them(self, desk, client, lot):
        people.sign_in(client, people.chen())
        page = client.get("/finance").content.decode()
        assert "¥500,000.00" in page
        journal = client.get(f"/finance/deposits/{desk.order.deposit_id}").content.decode()
        assert "计入保证金" in journal

    @pytest.mark.parametrize("address", ["/finance", "/finance/refunds"])
    def test_is_for_finance_and_supervision(self, bank, client, address):
        seen = {}
        for role, who in people.everyone().items():
            people.sign_in(client, who)
            seen[role] = client.get(address).status_code
        let_in = {role for role, status in seen.items() if status == 200}
        assert let_in == {Role.FINANCE, Role.SUPERVISOR}
        client.logout()
        assert client.get(address).status_code == 302


class TestCheckLedger:
    def test_prints_one_object_and_leaves_with_zero(self, desk, capsys):
        call_command("check_ledger")
        said = json.loads(capsys.readouterr().out)
        assert said["trial_balance_fen"] == 0
        assert {row["code"] for row in said["invariants"] if row["holds"]} >= {"I1", "I9", "I16"}

    def test_stops_every_bank_when_one_does_not_hold(self, desk, monkeypatch):
        broken = [Answer(code="I2", says="", broken=1)]
        monkeypatch.setattr(check_ledger, "check", lambda: broken)
        with pytest.raises(SystemExit, match="1"):
            call_command("check_ledger")
        assert Bank.objects.get().stopped_why == "LEDGER"
