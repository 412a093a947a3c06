"""What two persons do together: each act done and refused, and never by one of them alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import Event
from bank_escrow import sealed, services, words_desk
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import (
    Bank,
    Break,
    Deposit,
    ForfeitAccount,
    Hold,
    Instruction,
    Proposal,
)
from bank_escrow.services import deeds, proposals, sending
from bank_escrow.services.breaks import open_break, stop_bank
from core.verdicts import Refusal
from tests.bank_escrow import hands

BANK = "gusu"


def broken(lot, *, critical=False, kind=Break.Kind.UNKNOWN_DEBIT, source=None) -> Break:
    return open_break(
        bank=BANK, kind=kind, source_id=source or uuid4(), critical=critical, now=lot.bank.now
    )


def absent(lot) -> Instruction:
    """An order that two closed days do not hold, at a bank that bars nothing."""
    lot.bank.bars = False
    order: Instruction = lot.approved_refund()
    lot.bank.faults.append("LOST")
    lot.tick()
    for _ in range(3):
        lot.bank.now += timedelta(days=1)
        lot.tick()
    order.refresh_from_db()
    assert order.state == Instruction.State.ABSENT
    return order


def locked(lot) -> Deposit:
    party = lot.paid_deposit()
    lot.open()
    found: Deposit = lot.deposit(party)
    return found


class TestAProposal:
    @pytest.fixture
    def proposal(self, lot) -> Proposal:
        return hands.proposed(lot, Kind.STOP_BANK, BANK)

    def test_moves_nothing(self, proposal):
        assert proposal.state == Proposal.State.WAITING
        assert Bank.objects.get().stopped_at is None

    def test_is_done_when_another_confirms(self, lot, proposal):
        hands.confirmed(lot, proposal)
        proposal.refresh_from_db()
        assert (proposal.state, proposal.decided_by) == (Proposal.State.CONFIRMED, "he")
        assert Bank.objects.get().stopped_why == "BY_HAND"

    def test_is_not_confirmed_by_who_proposed_it(self, lot, proposal):
        with pytest.raises(Refusal, match="M-601"):
            hands.confirmed(lot, proposal, actor="chen")
        assert Bank.objects.get().stopped_at is None

    def test_is_not_confirmed_on_other_content_than_was_seen(self, lot, proposal):
        with pytest.raises(Refusal, match="M-603"):
            hands.confirmed(lot, proposal, content_sha="0" * 64)

    def test_is_confirmed_once(self, lot, proposal):
        hands.confirmed(lot, proposal)
        with pytest.raises(Refusal, match="M-602"):
            hands.confirmed(lot, proposal)

    def test_stands_once_for_one_thing(self, lot, proposal):
        with pytest.raises(Refusal, match="M-604"):
            hands.proposed(lot, Kind.STOP_BANK, BANK, actor="he")

    @pytest.mark.parametrize(
        ("end", "right", "wrong", "code", "state"),
        [
            (proposals.refuse, "he", "chen", "M-601", Proposal.State.REFUSED),
            (proposals.withdraw, "chen", "he", "M-605", Proposal.State.WITHDRAWN),
        ],
    )
    def test_ends_without_effect(self, lot, proposal, end, right, wrong, code, state):
        said = {"proposal_id": proposal.pk, "why": "写错了银行", "signature_id": None}
        with pytest.raises(Refusal, match=code):
            end(**said, actor=wrong, now=lot.bank.now)
        end(**said, actor=right, now=lot.bank.now)
        proposal.refresh_from_db()
        assert (proposal.state, proposal.answer) == (state, "写错了银行")
        with pytest.raises(Refusal, match="M-602"):
            hands.confirmed(lot, proposal)
        assert Bank.objects.get().stopped_at is None
        assert hands.proposed(lot, Kind.STOP_BANK, BANK).state == Proposal.State.WAITING

    def test_leaves_its_events(self, lot, proposal):
        hands.confirmed(lot, proposal)
        told = Event.objects.filter(stream=f"account/{proposal.pk}").order_by("seq")
        assert [(event.name, event.actor) for event in told] == [
            ("finance.proposed", "chen"),
            ("finance.decided", "he"),
        ]

    @pytest.mark.parametrize("kind", [Kind.UNPAID, Kind.FREEZE, Kind.UNFREEZE, Kind.FORFEIT])
    def test_decided_outside_needs_its_document(self, lot, kind):
        with pytest.raises(Refusal, match="M-609"):
            hands.proposed(lot, kind, uuid4(), file=b"")

    @pytest.mark.parametrize("kind", list(Kind))
    def test_about_nothing_is_refused(self, lot, kind):
        subject = "nowhere" if "BANK" in kind else uuid4()
        with pytest.raises(Refusal, match="M-404"):
            hands.proposed(lot, kind, subject)

    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("SET reason = 'x'", "never changed"),
            ("SET facts = '{}', content_sha = repeat('0', 64)", "never changed"),
            ("SET state = 'CONFIRMED', decided_by = 'chen'", "two_persons"),
            ("SET state = 'CONFIRMED'", "two_persons"),
        ],
    )
    def test_is_guarded_by_the_database_too(self, proposal, sql, words):
        assert words in refused(f"UPDATE bank_escrow_proposal {sql}")

    def test_once_decided_stays(self, lot, proposal):
        hands.confirmed(lot, proposal)
        words = refused("UPDATE bank_escrow_proposal SET state = 'WAITING', decided_by = ''")
        assert "never changed" in words
        assert "append-only" in refused("DELETE FROM bank_escrow_proposal")


def refused(sql: str) -> str:
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    return str(caught.value)


class TestABank:
    def test_that_was_stopped_is_started_and_sends_what_waited(self, lot):
        order = lot.approved_refund()
        stop_bank(BANK, why="UNKNOWN_DEBIT", actor="system:escrow", now=lot.bank.now)
        lot.tick()
        assert lot.bank.sent == []
        hands.done(lot, Kind.START_BANK, BANK)
        lot.tick()
        assert lot.bank.sent == [order.serial]

    def test_is_stopped_by_hand(self, lot):
        lot.approved_refund()
        hands.done(lot, Kind.STOP_BANK, BANK)
        lot.tick()
        assert lot.bank.sent == []

    def test_that_goes_is_not_started_and_one_that_stands_not_stopped(self, lot):
        with pytest.raises(Refusal, match="M-607"):
            hands.proposed(lot, Kind.START_BANK, BANK)
        hands.done(lot, Kind.STOP_BANK, BANK)
        with pytest.raises(Refusal, match="M-607"):
            hands.proposed(lot, Kind.STOP_BANK, BANK)

    def test_is_started_on_the_breaks_that_were_known_and_no_others(self, lot):
        known = broken(lot, critical=True)
        proposal = hands.proposed(lot, Kind.START_BANK, BANK)
        assert proposal.facts["breaks"] == [str(known.pk)]
        broken(lot, critical=True)
        with pytest.raises(Refusal, match="M-608"):
            hands.confirmed(lot, proposal)
        assert Bank.objects.get().stopped_at is not None
        proposals.withdraw(
            proposal_id=proposal.pk, why="x", actor="chen", signature_id=None, now=lot.bank.now
        )
        hands.done(lot, Kind.START_BANK, BANK)
        assert Bank.objects.get().stopped_at is None


class TestABreak:
    @pytest.fixture
    def found(self, lot) -> Break:
        lot.open()
        return broken(lot)

    def test_is_closed_with_its_reason(self, lot, found):
        hands.done(lot, Kind.RESOLVE, found.pk, reason="银行重复记账，已冲正")
        found.refresh_from_db()
        assert found.resolution == "银行重复记账，已冲正"
        assert found.resolved_at == lot.bank.now

    def test_that_is_closed_is_not_closed_again(self, lot, found):
        hands.done(lot, Kind.RESOLVE, found.pk)
        with pytest.raises(Refusal, match="M-404"):
            hands.proposed(lot, Kind.RESOLVE, found.pk)

    def test_stays_while_its_order_is_in_doubt(self, lot):
        order = absent(lot)
        found = Break.objects.get(source_id=order.pk)
        with pytest.raises(Refusal, match="M-606"):
            hands.proposed(lot, Kind.RESOLVE, found.pk)

    def test_of_a_sealed_lot_looks_like_none(self, lot):
        found = broken(lot)
        with pytest.raises(Refusal, match="M-404"):
            hands.proposed(lot, Kind.RESOLVE, found.pk)
        lot.open()
        assert hands.proposed(lot, Kind.RESOLVE, found.pk).state == Proposal.State.WAITING


class TestAnAbsentOrder:
    def test_is_unpaid_by_the_banks_letter_and_drafted_anew(self, lot, sound):
        order = absent(lot)
        letter = hands.done(lot, Kind.UNPAID, order.pk)
        sound()
        order.refresh_from_db()
        assert (order.state, order.outcome) == ("FAILED_CONFIRMED", "CONFIRMED_UNPAID")
        assert sealed.document(letter) == hands.PDF
        found = Break.objects.get(source_id=order.pk)
        assert found.resolution == f"unpaid, {letter.pk}"
        lot.tick()
        again = Instruction.objects.exclude(pk=order.pk).get()
        assert (again.state, again.maker) == (Instruction.State.DRAFT, "")

    def test_that_was_paid_meanwhile_is_not(self, lot, sound):
        order = absent(lot)
        letter = hands.proposed(lot, Kind.UNPAID, order.pk)
        lot.bank.pay(lot.bank.decode(sending.wire_of(order)))
        lot.bank.now += timedelta(minutes=1)
        lot.tick()
        with pytest.raises(Refusal, match="M-207"):
            hands.confirmed(lot, letter)
        order.refresh_from_db()
        assert order.state == Instruction.State.DONE
        letter.refresh_from_db()
        assert letter.state == Proposal.State.WAITING
        sound()

    def test_that_is_merely_unknown_is_not(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("LOST")
        lot.tick()
        with pytest.raises(Refusal, match="M-207"):
            hands.proposed(lot, Kind.UNPAID, order.pk)


class TestADeposit:
    def test_is_frozen_and_let_go_by_their_documents(self, lot, sound):
        deposit = locked(lot)
        freeze = hands.done(lot, Kind.FREEZE, deposit.pk, reason="投诉〔2026〕1号")
        sound()
        deposit.refresh_from_db()
        assert deposit.state == Deposit.State.FROZEN
        hold = Hold.objects.get()
        assert (hold.basis, hold.document) == ("投诉〔2026〕1号", freeze.pk)
        assert lot.order(deposit.party) == []
        hands.done(lot, Kind.UNFREEZE, deposit.pk)
        sound()
        deposit.refresh_from_db()
        assert deposit.state == Deposit.State.LOCKED
        assert len(lot.order(deposit.party)) == 1

    def test_is_frozen_while_its_refund_has_not_left(self, lot, sound):
        order = lot.approved_refund()
        hands.done(lot, Kind.FREEZE, order.deposit_id)
        sound()
        lot.tick()
        assert lot.bank.paid == []

    def test_is_not_frozen_when_its_refund_left_between_the_two_words(self, lot, sound):
        order = lot.approved_refund()
        proposal = hands.proposed(lot, Kind.FREEZE, order.deposit_id)
        lot.bank.faults.append("LOSE_ANSWER")
        lot.tick()
        with pytest.raises(Refusal, match="M-301"):
            hands.confirmed(lot, proposal)
        sound()

    @pytest.mark.parametrize(
        ("kind", "code"),
        [(Kind.UNFREEZE, "M-302"), (Kind.FORFEIT, "M-303")],
    )
    def test_is_not_let_go_unless_frozen_nor_forfeited_without_an_account(self, lot, kind, code):
        with pytest.raises(Refusal, match=code):
            hands.proposed(lot, kind, locked(lot).pk)

    @pytest.mark.parametrize("kind", [Kind.FREEZE, Kind.UNFREEZE, Kind.FORFEIT])
    def test_of_a_sealed_lot_looks_like_none(self, lot, kind):
        party = lot.paid_deposit()
        with pytest.raises(Refusal, match="M-404"):
            hands.proposed(lot, kind, lot.deposit(party).pk)

    def test_is_forfeited_by_five_hands(self, lot, sound):
        """Two set the account, two decide the forfeit, and its order goes through the queue."""
        deposit = locked(lot)
        hands.payee_set(lot)
        decision = hands.done(lot, Kind.FORFEIT, deposit.pk)
        order = Instruction.objects.get()
        assert (order.state, order.document) == (Instruction.State.DRAFT, decision.pk)
        sound()
        lot.approve(order)
        lot.tick()
        sound()
        (paid,) = lot.bank.paid
        assert (paid.payee_name, paid.payee_account) == (
            hands.TREASURY.name,
            hands.TREASURY.account,
        )
        deposit.refresh_from_db()
        assert deposit.state == Deposit.State.FORFEITED

    def test_is_not_forfeited_to_another_account_than_was_proposed(self, lot):
        deposit = locked(lot)
        hands.payee_set(lot)
        proposal = hands.proposed(lot, Kind.FORFEIT, deposit.pk)
        other = type(hands.TREASURY)(name="苏州市财政局", account="3205000099998888")
        hands.done(lot, Kind.FORFEIT_ACCOUNT, lot.reference, payee=other)
        with pytest.raises(Refusal, match="M-603"):
            hands.confirmed(lot, proposal)
        assert Instruction.objects.count() == 0


class TestAForfeitAccount:
    def test_is_kept_sealed(self, lot):
        lot.open()
        proposal = hands.payee_set(lot)
        row = ForfeitAccount.objects.get()
        assert (row.maker, row.checker) == ("chen", "he")
        assert sealed.payee(row) == hands.TREASURY
        dump = ""
        with connection.cursor() as cursor:
            for table in ("forfeitaccount", "proposal"):
                cursor.execute(f"SELECT t::text FROM bank_escrow_{table} AS t")
                dump += "".join(text for (text,) in cursor.fetchall())
        assert str(proposal.pk) in dump
        for clear in (hands.TREASURY.account, hands.TREASURY.name):
            assert clear not in dump
            assert clear.encode().hex() not in dump
        bodies = str(list(Event.objects.values_list("body", flat=True)))
        assert hands.TREASURY.account not in bodies

    def test_is_changed_until_money_is_ordered_to_it(self, lot):
        deposit = locked(lot)
        hands.payee_set(lot)
        hands.payee_set(lot)
        hands.done(lot, Kind.FORFEIT, deposit.pk)
        with pytest.raises(Refusal, match="M-304"):
            hands.payee_set(lot)

    def test_waits_for_the_opening(self, lot):
        with pytest.raises(Refusal, match="M-101"):
            hands.payee_set(lot)

    def test_by_one_person_is_refused_by_the_service_itself(self, lot):
        lot.open()
        with pytest.raises(Refusal, match="M-601"):
            services.set_forfeit_account(
                reference=lot.reference,
                to=hands.TREASURY,
                maker="chen",
                checker="chen",
                now=lot.bank.now,
            )


class TestEveryKind:
    def test_stands_in_the_table_the_model_and_the_words(self):
        assert set(deeds.DEEDS) == set(words_desk.DEEDS) == set(Kind) == set(Proposal.Kind.values)
        assert set(words_desk.BREAKS) == set(Break.Kind.values)

    def test_names_its_subject_by_an_id_or_a_code(self, lot):
        lot.open()
        found = broken(lot)
        assert UUID(hands.proposed(lot, Kind.RESOLVE, found.pk).subject) == found.pk
