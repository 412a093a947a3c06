"""A letter of guarantee or a waiver in place of money: judged, sealed, checked, given back."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from bank_escrow import selectors, services
from bank_escrow.domain import papers
from bank_escrow.models import BankCredit, Deposit, Paper
from core.verdicts import Refusal
from tests.bank_escrow.lots import CUTOFF, HENGZHU, PINGJIANG, REQUIRED, Lot

UNTIL = date(2027, 2, 21)  # 90 days after 2026-11-23
PDF = b"%PDF-1.7 letter of guarantee %%EOF"
CLAIM = papers.Claim(ground=papers.Ground.SMALL_BUSINESS, clause="投标人须知 3.4.1")


def letter(*, fen: int = REQUIRED, to: date = UNTIL, number: str = "BH-2026-0001"):
    return papers.Letter(
        number=number,
        issuer="苏州姑苏银行平江支行",
        issuer_kind=papers.Issuer.BANK,
        amount_fen=fen,
        valid_to=to,
    )


def brought(lot: Lot, says=None, *, party: UUID | None = None, payer=HENGZHU) -> UUID:
    """A bidder that hands a paper in."""
    party = party or uuid4()
    services.hand_in_paper(
        reference=lot.reference,
        party=party,
        payer=payer,
        says=says or letter(),
        file=PDF,
        actor="bidder",
        now=lot.bank.now,
    )
    return party


def check(lot: Lot, party: UUID, *, accepted: bool, clause: str = "", fact: str = "") -> Paper:
    paper = Paper.objects.get(deposit__party=party, state="HELD")
    return services.check_paper(
        reference=lot.reference,
        paper_id=paper.pk,
        accepted=accepted,
        clause=clause,
        fact=fact,
        actor="zhao",
        now=lot.bank.now,
    )


def verdict(lot: Lot, party: UUID):
    found = selectors.verdict_of(lot.reference, party)
    assert found is not None
    return found.verdict, found.code


class TestALetter:
    def test_of_the_full_amount_and_time_stands_in_the_hall_as_a_guarantee(self, lot):
        party = brought(lot)
        assert lot.deposit(party).state == Deposit.State.GUARANTEE
        lot.open()
        assert verdict(lot, party) == ("GUARANTEE", None)

    @pytest.mark.parametrize(
        ("says", "codes"),
        [
            (letter(fen=REQUIRED - 1), ["AMOUNT_SHORT"]),
            (letter(to=UNTIL - timedelta(days=1)), ["VALIDITY_SHORT"]),
            (letter(fen=1, to=date(2026, 12, 1)), ["AMOUNT_SHORT", "VALIDITY_SHORT"]),
        ],
    )
    def test_that_falls_short_says_all_of_it_at_once(self, lot, says, codes):
        party = brought(lot, says)
        deposit = lot.deposit(party)
        assert (deposit.state, deposit.codes) == (Deposit.State.MISMATCH, codes)
        own = selectors.deposit_state(reference=lot.reference, party=party)
        assert len(own.reasons) == len(codes)

    def test_put_right_before_the_cutoff_counts(self, lot):
        party = brought(lot, letter(fen=1))
        brought(lot, letter(number="BH-2"), party=party)
        assert lot.deposit(party).state == Deposit.State.GUARANTEE
        assert list(Paper.objects.order_by("handed_in_at", "state").values_list("state")) == [
            ("HELD",),
            ("REPLACED",),
        ]

    def test_covers_a_deadline_that_moved_only_if_it_runs_long_enough(self, lot):
        short, long = brought(lot), brought(lot, letter(to=UNTIL + timedelta(days=9)))
        services.move_cutoff(
            reference=lot.reference, cutoff_at=CUTOFF + timedelta(days=9), now=lot.bank.now
        )
        assert lot.deposit(short).codes == ["VALIDITY_SHORT"]
        assert lot.deposit(long).state == Deposit.State.GUARANTEE

    def test_is_not_taken_at_the_cutoff(self, lot):
        lot.bank.now = CUTOFF
        with pytest.raises(Refusal, match="M-501"):
            brought(lot)

    def test_is_not_asked_of_one_who_has_paid(self, lot):
        party = lot.paid_deposit()
        with pytest.raises(Refusal, match="M-006"):
            brought(lot, party=party)

    def test_sets_money_that_was_too_little_aside_to_be_sent_back(self, lot, sound):
        party = lot.paid_deposit(fen=100)
        assert lot.deposit(party).state == Deposit.State.PARTIAL
        brought(lot, party=party)
        sound()
        assert BankCredit.objects.get().state == BankCredit.State.SUSPENSE
        lot.open()
        assert verdict(lot, party) == ("GUARANTEE", None)
        (order,) = lot.order(party)
        assert order.amount_fen == 100

    def test_taken_back_lets_the_money_count_again(self, lot, sound):
        party = lot.paid_deposit(fen=100)
        brought(lot, party=party)
        services.take_back_paper(
            reference=lot.reference, party=party, actor="bidder", now=lot.bank.now
        )
        sound()
        deposit = lot.deposit(party)
        assert (deposit.state, deposit.form) == (Deposit.State.PARTIAL, Deposit.Form.TRANSFER)

    def test_taken_back_leaves_the_bidder_owing(self, lot):
        party = brought(lot)
        services.take_back_paper(
            reference=lot.reference, party=party, actor="bidder", now=lot.bank.now
        )
        assert lot.deposit(party).state == Deposit.State.UNPAID
        with pytest.raises(Refusal, match="M-502"):
            services.take_back_paper(
                reference=lot.reference, party=party, actor="bidder", now=lot.bank.now
            )


class TestAWaiver:
    def test_is_claimed_by_the_bidder_and_stands_in_the_hall(self, lot):
        party = brought(lot, CLAIM)
        lot.open()
        assert verdict(lot, party) == ("WAIVED", None)

    def test_may_be_claimed_after_an_account_was_asked_for(self, lot):
        party, _ = lot.join()
        brought(lot, CLAIM, party=party)
        assert lot.deposit(party).state == Deposit.State.WAIVED


class TestBeforeTheOpening:
    def test_nobody_else_is_told_that_a_paper_exists(self, lot):
        party = brought(lot)
        assert selectors.papers(lot.reference) == ()
        paper = Paper.objects.get()
        assert selectors.opened_paper_file(lot.reference, paper.pk) is None
        with pytest.raises(Refusal, match="M-404"):
            check(lot, party, accepted=True)

    def test_its_bidder_reads_it(self, lot):
        party = brought(lot)
        own = selectors.deposit_state(reference=lot.reference, party=party)
        assert own.paper.number == "BH-2026-0001"
        assert selectors.own_paper_file(reference=lot.reference, party=party) == PDF
        assert selectors.own_paper_file(reference=lot.reference, party=uuid4()) is None

    def test_no_row_holds_name_number_or_file_in_clear(self, lot):
        brought(lot)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p::text, d::text FROM bank_escrow_paper p, bank_escrow_deposit d"
            )
            dump = str(cursor.fetchall())
            cursor.execute("SELECT body::text FROM audit_event")
            dump += str(cursor.fetchall())
        for canary in (HENGZHU.name, "姑苏银行", "BH-2026-0001", "%PDF"):
            assert canary not in dump
            assert canary.encode().hex() not in dump


class TestTheCheck:
    def test_shows_the_paper_once_the_lot_is_unsealed(self, lot):
        party = brought(lot)
        lot.open()
        (row,) = selectors.papers(lot.reference)
        assert (row.party, row.paper.number, row.number_repeats) == (party, "BH-2026-0001", False)
        assert selectors.opened_paper_file(lot.reference, row.paper.id) == PDF

    def test_points_at_one_letter_brought_by_two(self, lot):
        brought(lot)
        brought(lot, payer=PINGJIANG)
        lot.open()
        assert [row.number_repeats for row in selectors.papers(lot.reference)] == [True, True]

    def test_that_accepts_leaves_the_verdict(self, lot):
        party = brought(lot)
        lot.open()
        check(lot, party, accepted=True)
        assert verdict(lot, party) == ("GUARANTEE", None)

    @pytest.mark.parametrize(
        ("says", "code"), [(letter(), "GUARANTEE_REFUSED"), (CLAIM, "WAIVER_REFUSED")]
    )
    def test_that_refuses_makes_it_a_mismatch_with_clause_and_fact(self, lot, says, code):
        party = brought(lot, says)
        lot.open()
        check(lot, party, accepted=False, clause="投标人须知 3.4.2", fact="受益人不是招标人")
        assert verdict(lot, party) == ("MISMATCH", code)
        own = selectors.deposit_state(reference=lot.reference, party=party)
        assert (own.paper.clause, own.paper.fact) == ("投标人须知 3.4.2", "受益人不是招标人")

    def test_that_refuses_without_saying_why_is_not_saved(self, lot):
        party = brought(lot)
        lot.open()
        with pytest.raises(Refusal, match="M-504"):
            check(lot, party, accepted=False, clause=" ", fact="x")

    def test_is_made_once(self, lot):
        party = brought(lot)
        lot.open()
        paper = check(lot, party, accepted=True)
        with pytest.raises(Refusal, match="M-503"):
            services.check_paper(
                reference=lot.reference,
                paper_id=paper.pk,
                accepted=False,
                clause="x",
                fact="y",
                actor="zhao",
                now=lot.bank.now,
            )

    def test_is_closed_to_the_side_of_another_lot(self, lot):
        party = brought(lot)
        lot.open()
        other = Lot(lot.bank)
        lot.reference, mine = other.reference, lot.reference
        with pytest.raises(Refusal, match="M-404"):
            check(lot, party, accepted=True)
        assert selectors.papers(mine)


class TestTheEnd:
    def test_lets_the_letter_go_and_keeps_the_verdict(self, lot):
        one, two = brought(lot), brought(lot, letter(number="BH-2"), payer=PINGJIANG)
        lot.open()
        for _ in range(2):
            services.release_papers(
                reference=lot.reference, parties=[one], basis="AWARD_NOTICE", now=lot.bank.now
            )
        states = dict(Paper.objects.values_list("deposit__party", "state"))
        assert states == {one: "RELEASED", two: "HELD"}
        assert lot.deposit(one).state == Deposit.State.GUARANTEE
        assert lot.order() == []

    def test_lets_nothing_go_before_the_opening(self, lot):
        brought(lot)
        services.release_papers(
            reference=lot.reference, parties=None, basis="FAILED", now=lot.bank.now
        )
        assert Paper.objects.get().state == "HELD"
