"""Finance's desk in the browser's terms: who may come in, what is shown, what is signed."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Signature
from bank_escrow import sealed
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import Bank, BankCredit, Break, Deposit, Instruction, Proposal, SubAccount
from bank_escrow.services import proposals
from bank_escrow.services.breaks import open_break, stop_bank
from core import clock
from tests import people
from tests.accounts.authority import Authority, bound
from tests.bank_escrow import hands
from tests.bank_escrow.fake_bank import BANK
from tests.bank_escrow.lots import REQUIRED
from tests.bank_escrow.test_proposals import absent
from tests.signing import act_body

JSON = {"Accept": "application/json"}


@pytest.fixture
def post(lot, monkeypatch, settings, tmp_path, client):
    """Two persons with certificates, each of whom posts signed forms."""
    authority = Authority()
    monkeypatch.setattr(clock, "now", lambda: lot.bank.now)
    authority.trust(settings, tmp_path, at=lot.bank.now)
    holders = {}
    for who in (people.chen(), people.he()):
        holders[who.pk] = authority.issue_for(who, not_before=people.LONG_AGO, days=3650)
        bound(holders[who.pk], who, now=lot.bank.now)

    def signed(who, path, act, fields, *, args=None, file=b"", accept=JSON, command="", **changes):
        people.sign_in(client, who)
        command = command or str(uuid4())
        said = dict(fields)
        if file:
            described = {"name": "letter.pdf", "size": len(file)}
            said["file"] = described | {"sha256": hashlib.sha256(file).hexdigest()}
        body = act_body(f"bank_escrow:{act}", said, args=args, command=command)
        form = {
            **fields,
            "command_id": command,
            "certificate": holders[who.pk].pem,
            "signature": holders[who.pk].sign(body, purpose="approve"),
        }
        if file:
            form["file"] = SimpleUploadedFile("letter.pdf", file, "application/pdf")
        return client.post(path, form | changes, headers=accept)

    return signed


def start(post, who=people.chen, command="", **changes):
    fields = {"kind": "START_BANK", "bank": BANK, "reason": "已与银行核对，差错查明"}
    return post(who(), "/finance/banks", "banks", fields | changes, command=command)


def confirm(post, reply, who=people.he, **changes):
    said = reply.json()
    pk = said["proposal"]
    return post(
        who(),
        f"/finance/proposals/{pk}/confirm",
        "confirm",
        {"content_sha": said["content_sha"]} | changes,
        args={"proposal": pk},
    )


def page(client, path, who=people.chen) -> str:
    people.sign_in(client, who())
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


class TestStartingABank:
    @pytest.fixture(autouse=True)
    def _stopped(self, lot):
        stop_bank(BANK, why="UNKNOWN_DEBIT", actor="system:escrow", now=lot.bank.now)

    def test_is_two_signed_acts_of_two_persons(self, post):
        proposed = start(post)
        assert proposed.status_code == 200
        assert Bank.objects.get().stopped_at is not None
        assert confirm(post, proposed).status_code == 200
        assert Bank.objects.get().stopped_at is None
        proposal = Proposal.objects.get()
        signed = [
            (mark.person, mark.purpose)
            for mark in (
                Signature.objects.get(pk=proposal.proposed_signature),
                Signature.objects.get(pk=proposal.decided_signature),
            )
        ]
        assert signed == [(people.chen(), "approve"), (people.he(), "approve")]

    def test_by_one_person_twice_is_refused_in_words(self, post):
        answer = confirm(post, start(post), who=people.chen)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "M-601"
        assert Bank.objects.get().stopped_at is not None

    def test_without_a_signature_is_refused(self, post):
        people.chen()
        answer = post(
            people.chen(),
            "/finance/banks",
            "banks",
            {"kind": "START_BANK", "bank": BANK, "reason": "x"},
            signature="",
        )
        assert answer.json()["error"]["code"] == "A-201"
        assert not Proposal.objects.exists()

    def test_with_a_signature_over_something_else_is_refused(self, post):
        answer = confirm(post, start(post), content_sha="0" * 64)
        assert answer.json()["error"]["code"] == "M-603"

    def test_sent_twice_is_done_once(self, post):
        command = str(uuid4())
        first, again = (start(post, command=command) for _ in range(2))
        assert (first.status_code, again.content) == (200, first.content)
        assert Proposal.objects.count() == 1
        other = start(post)
        assert other.json()["error"]["code"] == "M-604"

    def test_tells_a_missing_reason_beside_its_field(self, post):
        answer = start(post, reason="")
        assert answer.status_code == 422
        assert list(answer.json()["error"]["fields"]) == ["reason"]

    def test_is_drawn_again_with_what_was_wrong(self, post):
        fields = {"kind": "START_BANK", "bank": BANK, "reason": ""}
        answer = post(people.chen(), "/finance/banks", "banks", fields, accept={})
        assert answer.status_code == 422
        assert "field--bad" in answer.content.decode()


class TestTheBreaks:
    def test_are_shown_with_age_owner_and_what_to_do(self, lot, post, client):
        lot.open()
        found = self._broken(lot)
        shown = page(client, "/finance/breaks")
        for words in ("账户出现未经指令的付款", "0 天", "财务", "立即联系银行查明", "严重"):
            assert words in shown
        assert f"/finance/breaks/{found.pk}" in shown
        assert "¥500,000.00" in page(client, f"/finance/breaks/{found.pk}")

    def test_before_the_hour_are_ids_and_nothing_else(self, lot, post, client):
        found = self._broken(lot)
        shown = page(client, "/finance/breaks")
        assert str(found.pk) in shown
        assert f"/finance/breaks/{found.pk}" not in shown
        for words in ("账户出现未经指令的付款", " 天</td>", "严重", "500,000", "2026-11-18"):
            assert words not in shown.partition("<main")[2].partition("</main>")[0]
        assert client.get(f"/finance/breaks/{found.pk}").status_code == 404

    def test_say_when_there_are_none(self, lot, post, client):
        assert "没有未结的差错" in page(client, "/finance/breaks")

    def test_are_closed_by_two(self, lot, post, client):
        lot.open()
        found = self._broken(lot)
        fields = {"kind": "RESOLVE", "reason": "银行误付，已追回"}
        args = {"difference": str(found.pk)}
        where = f"/finance/breaks/{found.pk}/propose"
        reply = post(people.chen(), where, "propose-break", fields, args=args)
        assert confirm(post, reply).status_code == 200
        found.refresh_from_db()
        assert found.resolution == "银行误付，已追回"
        shown = page(client, "/finance/breaks")
        assert "由两人结案" in shown
        assert reply.json()["proposal"] in shown

    def _broken(self, lot) -> Break:
        return open_break(
            bank=BANK,
            kind=Break.Kind.UNKNOWN_DEBIT,
            source_id=uuid4(),
            critical=True,
            now=lot.bank.now,
            facts={"amount_fen": REQUIRED},
        )


class TestTheBanksLetter:
    @pytest.fixture
    def asked(self, lot, request):
        order = absent(lot)
        # Only now: the authority's list of revoked certificates is good for hours, not for days.
        post = request.getfixturevalue("post")
        found = Break.objects.get(source_id=order.pk)
        args = {"difference": str(found.pk)}
        fields = {"kind": "UNPAID", "reason": "苏银函〔2026〕7号：未支付且不会支付"}

        def ask(**changes):
            where = f"/finance/breaks/{found.pk}/propose"
            return post(people.chen(), where, "propose-break", fields, args=args, **changes)

        ask.order = order
        return ask

    def test_makes_an_absent_order_unpaid(self, asked, post, client):
        reply = asked(file=hands.PDF)
        assert confirm(post, reply).status_code == 200
        asked.order.refresh_from_db()
        assert asked.order.state == Instruction.State.FAILED_CONFIRMED
        people.sign_in(client, people.he())
        given = client.get(f"/finance/proposals/{reply.json()['proposal']}/document")
        assert given.content == hands.PDF
        assert "sandbox" in given.headers["Content-Security-Policy"]

    @pytest.mark.parametrize("file", [b"", b"GIF89a"])
    def test_that_is_none_is_told_beside_its_field(self, asked, file):
        answer = asked(file=file)
        assert answer.status_code == 422
        assert list(answer.json()["error"]["fields"]) == ["file"]
        asked.order.refresh_from_db()
        assert asked.order.state == Instruction.State.ABSENT

    def test_is_asked_for_on_the_page_of_the_break(self, asked, client):
        found = Break.objects.get(source_id=asked.order.pk)
        shown = page(client, f"/finance/breaks/{found.pk}")
        assert "认定未支付" in shown
        assert asked.order.serial in shown


class TestStrayMoney:
    @pytest.fixture
    def credit(self, lot, post) -> BankCredit:
        free = SubAccount.objects.filter(state=SubAccount.State.FREE)[0]
        lot.bank.transfer(sealed.number(free), REQUIRED)
        lot.tick()
        found: BankCredit = BankCredit.objects.get()
        return found

    def test_is_prepared_on_the_refunds_page_and_signed_like_any_refund(self, lot, credit, client):
        lot.open()
        assert "无法归属的到账" in page(client, "/finance/refunds")
        where = f"/finance/strays/{credit.pk}/order"
        answer = client.post(where, {"command_id": str(uuid4())}, headers=JSON)
        (made,) = answer.json()["orders"]
        order = Instruction.objects.get(pk=UUID(made))
        assert (order.state, order.maker) == (Instruction.State.DRAFT, "")
        assert "无法归属的到账" not in page(client, "/finance/refunds")
        again = client.post(where, {"command_id": str(uuid4())}, headers=JSON)
        assert again.json()["error"]["code"] == "M-205"
        lot.approve(order)
        lot.tick()
        assert len(lot.bank.paid) == 1

    def test_before_the_hour_is_none(self, credit, client):
        assert "无法归属的到账" not in page(client, "/finance/refunds")
        where = f"/finance/strays/{credit.pk}/order"
        assert client.post(where, {"command_id": str(uuid4())}).status_code == 404
        assert not Instruction.objects.exists()


class TestADeposit:
    @pytest.fixture
    def deposit(self, lot, post) -> Deposit:
        party = lot.paid_deposit()
        lot.open()
        found: Deposit = lot.deposit(party)
        return found

    def _proposed(self, post, deposit, kind):
        return post(
            people.chen(),
            f"/finance/deposits/{deposit.pk}/propose",
            "propose-deposit",
            {"kind": kind, "reason": "苏公资投诉〔2026〕3号"},
            args={"deposit": str(deposit.pk)},
            file=hands.PDF,
        )

    def test_is_frozen_and_let_go_by_two(self, lot, post, client, deposit):
        for kind, state in (("FREEZE", "FROZEN"), ("UNFREEZE", "LOCKED")):
            assert confirm(post, self._proposed(post, deposit, kind)).status_code == 200
            deposit.refresh_from_db()
            assert deposit.state == state
            shown = page(client, f"/finance/deposits/{deposit.pk}")
            assert ("冻结依据" in shown) == (state == "FROZEN")

    def test_is_forfeited_to_the_account_that_two_have_set(self, lot, post, client, deposit):
        path = f"/finance/deposits/{deposit.pk}"
        assert "FORFEIT" not in page(client, path)
        answer = self._proposed(post, deposit, "FORFEIT")
        assert answer.json()["error"]["code"] == "M-303"
        fields = {
            "lot": str(lot.reference),
            "name": hands.TREASURY.name,
            "account": "3205 0000 1111 2222",
            "reason": "姑苏区财政局来函",
        }
        reply = post(people.chen(), "/finance/payees", "payees", fields, file=hands.PDF)
        pk = reply.json()["proposal"]
        assert hands.TREASURY.account in page(client, f"/finance/proposals/{pk}", people.he)
        assert confirm(post, reply).status_code == 200
        shown = page(client, "/finance/payees")
        assert "3205****2222" in shown
        assert hands.TREASURY.account not in shown
        assert "FORFEIT" in page(client, path)
        assert confirm(post, self._proposed(post, deposit, "FORFEIT")).status_code == 200
        assert Instruction.objects.get().purpose == Instruction.Purpose.FORFEIT
        assert hands.TREASURY.name in page(client, "/finance/refunds")

    @pytest.mark.parametrize("account", ["123", "3205-0000-1111-222A"])
    def test_is_not_forfeited_to_what_is_no_account(self, lot, post, deposit, account):
        fields = {
            "lot": str(lot.reference),
            "name": "姑苏区财政局",
            "account": account,
            "reason": "来函",
        }
        answer = post(people.chen(), "/finance/payees", "payees", fields, file=hands.PDF)
        assert list(answer.json()["error"]["fields"]) == ["account"]


class TestADecision:
    @pytest.mark.parametrize("how", ["confirm", "refuse"])
    def test_lies_on_the_desk_of_the_other_until_it_is_made(self, lot, post, client, how):
        words, chen = "确认另一位财务人员提出的事项", str(people.chen().pk)
        people.he()
        proposal = hands.proposed(lot, Kind.STOP_BANK, BANK, actor=chen)
        assert words not in page(client, "/my", people.chen)
        assert words in page(client, "/my", people.he)
        assert f"/finance/proposals/{proposal.pk}" in page(client, "/my", people.he)
        decided = {"content_sha": proposal.content_sha} if how == "confirm" else {"why": "x"}
        getattr(proposals, how)(
            proposal_id=proposal.pk,
            **decided,
            actor=str(people.he().pk),
            signature_id=None,
            now=lot.bank.now,
        )
        assert words not in page(client, "/my", people.he)

    def test_can_be_sent_back_by_the_second_and_taken_back_by_the_first(self, lot, post, client):
        for who, other, act in (
            (people.he, people.chen, "refuse"),
            (people.chen, people.he, "withdraw"),
        ):
            proposal = hands.proposed(lot, Kind.STOP_BANK, BANK, actor=str(people.chen().pk))
            where = f"/finance/proposals/{proposal.pk}/{act}"
            people.sign_in(client, other())
            form = {"command_id": str(uuid4()), "why": "银行写错"}
            assert client.post(where, form, headers=JSON).status_code == 403
            people.sign_in(client, who())
            assert client.post(where, form | {"command_id": str(uuid4())}).status_code == 303
        assert Bank.objects.get().stopped_at is None

    def test_is_offered_to_the_second_person_alone(self, lot, post, client):
        proposal = hands.proposed(lot, Kind.STOP_BANK, BANK, actor=str(people.chen().pk))
        path = f"/finance/proposals/{proposal.pk}"
        assert "签名并确认" in page(client, path, people.he)
        own = page(client, path, people.chen)
        assert "签名并确认" not in own
        assert "须由另一位财务人员确认" in own
        watched = page(client, path, people.feng)
        assert "data-sign" not in watched
        assert json.dumps({"proposal": str(proposal.pk)}) not in watched
