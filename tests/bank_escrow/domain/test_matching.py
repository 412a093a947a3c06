"""The five rules of domain handbook §5.4, each with what passes beside what fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_escrow.domain.matching import (
    ORDER,
    AccountPolicy,
    Answer,
    Code,
    Credit,
    Demand,
    PayerIdentity,
    Place,
    State,
    decide,
)

CUTOFF = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
OURS = "3205016600003391"
FIRM = PayerIdentity(name="苏州恒筑建设有限公司", basic_account="1102020301040506")
BASIC = Demand(required_fen=500, cutoff_at=CUTOFF, account_policy=AccountPolicy.BASIC)
CORPORATE = replace(BASIC, account_policy=AccountPolicy.CORPORATE)
GOOD = Credit(
    ref="1",
    account=OURS,
    payer_name=FIRM.name,
    payer_account=FIRM.basic_account,
    amount_fen=500,
    booked_at=CUTOFF - timedelta(seconds=1),
)


def judged(*credits_: Credit, payer=FIRM, demand=BASIC):
    return decide(credits_, payer=payer, demand=demand, accounts=[OURS])


def codes(*credits_: Credit, **facts):
    return list(judged(*credits_, **facts).codes)


class TestADeposit:
    def test_is_matched_when_all_five_rules_hold(self):
        answer = judged(GOOD)
        assert (answer.state, answer.counted_fen, answer.codes) == (State.MATCHED, 500, ())

    def test_is_unpaid_when_nothing_came(self):
        assert judged() == Answer(state=State.UNPAID, codes=(), counted_fen=0, credits=())

    def test_of_nothing_demanded_is_matched_without_a_payment(self):
        assert judged(demand=replace(BASIC, required_fen=0)).state is State.MATCHED

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"payer_name": "苏州恒筑建设有限公司姑苏分公司"}, Code.PAYER_NAME),
            ({"payer_name": "蘇州恒筑建设有限公司"}, Code.PAYER_NAME),
            ({"payer_name": ""}, Code.PAYER_NAME),
            ({"payer_account": "1102020301040507"}, Code.NOT_BASIC_ACCOUNT),
            ({"payer_account": ""}, Code.NOT_BASIC_ACCOUNT),
            ({"personal": True}, Code.PERSONAL_ACCOUNT),
            ({"amount_fen": 499}, Code.AMOUNT_SHORT),
            ({"booked_at": CUTOFF}, Code.LATE),
            ({"currency": "USD"}, Code.CURRENCY),
            ({"reversed": True}, Code.REVERSED),
            ({"account": "3205016600003392"}, Code.UNKNOWN_ACCOUNT),
        ],
    )
    def test_mismatches_for_each_rule_alone(self, change, code):
        answer = judged(replace(GOOD, **change))
        assert (answer.state, answer.codes) == (State.MISMATCH, (code,))

    @pytest.mark.parametrize(
        "name",
        [
            "苏州恒筑建设有限公司 ",
            "苏州 恒筑 建设有限公司",
            "苏州恒筑\u200b建设有限公司",
            "苏州·恒筑建设有限公司",
        ],
    )
    def test_forgives_typing(self, name):
        assert judged(replace(GOOD, payer_name=name)).state is State.MATCHED

    def test_may_come_from_any_corporate_account_where_the_documents_allow(self):
        other = replace(GOOD, payer_account="4444")
        assert judged(other, demand=CORPORATE).state is State.MATCHED
        assert codes(other) == [Code.NOT_BASIC_ACCOUNT]

    def test_may_come_from_a_member_only_where_that_is_allowed(self):
        member = PayerIdentity(name="苏州园方市政有限公司", basic_account="77")
        payer = replace(FIRM, members=(member,))
        paid = replace(GOOD, payer_name=member.name, payer_account="77")
        allowed = replace(BASIC, members_may_pay=True)
        assert judged(paid, payer=payer, demand=allowed).state is State.MATCHED
        assert codes(paid, payer=payer) == [Code.NOT_BASIC_ACCOUNT, Code.PAYER_NAME]

    def test_does_not_mix_one_members_name_with_anothers_account(self):
        member = PayerIdentity(name="苏州园方市政有限公司", basic_account="77")
        payer = replace(FIRM, members=(member,))
        mixed = replace(GOOD, payer_name=FIRM.name, payer_account="77")
        demand = replace(BASIC, members_may_pay=True)
        assert codes(mixed, payer=payer, demand=demand) == [Code.NOT_BASIC_ACCOUNT]

    def test_is_judged_by_the_firm_that_fits_best(self):
        member = PayerIdentity(name="苏州园方市政有限公司", basic_account="77")
        payer = replace(FIRM, members=(member,))
        stranger = replace(GOOD, payer_name="路人", payer_account="77")
        demand = replace(BASIC, members_may_pay=True)
        assert codes(stranger, payer=payer, demand=demand) == [Code.PAYER_NAME]

    def test_adds_up_several_payments(self):
        parts = (replace(GOOD, amount_fen=200), replace(GOOD, ref="2", amount_fen=300))
        assert judged(*parts).counted_fen == 500
        assert codes(*parts, demand=replace(BASIC, several_credits=False)) == [Code.AMOUNT_SHORT]

    def test_counts_nothing_late_towards_the_sum(self):
        parts = (
            replace(GOOD, amount_fen=200),
            replace(GOOD, ref="2", amount_fen=300, booked_at=CUTOFF),
        )
        assert codes(*parts) == [Code.LATE, Code.AMOUNT_SHORT]

    def test_keeps_one_overpayment_whole(self):
        assert judged(replace(GOOD, amount_fen=900)).counted_fen == 900

    def test_takes_one_of_two_equal_payments_and_sets_the_other_aside(self):
        answer = judged(GOOD, replace(GOOD, ref="2"))
        assert [part.place for part in answer.credits] == [Place.COUNTED, Place.SURPLUS]

    def test_counts_a_repeated_notice_once(self):
        answer = judged(replace(GOOD, amount_fen=300), replace(GOOD, amount_fen=300))
        assert answer.counted_fen == 300
        assert answer.codes == (Code.DUPLICATE_NOTIFY, Code.AMOUNT_SHORT)

    def test_reports_all_reasons_and_leads_with_the_first(self):
        everything = replace(
            GOOD,
            account="0",
            currency="USD",
            reversed=True,
            personal=True,
            payer_account="0",
            payer_name="x",
            booked_at=CUTOFF,
            amount_fen=1,
        )
        answer = judged(everything, everything)
        assert answer.codes == ORDER
        assert answer.code is Code.UNKNOWN_ACCOUNT

    def test_is_partial_when_only_more_is_missing(self):
        assert judged(replace(GOOD, amount_fen=1)).partial
        assert not judged(replace(GOOD, amount_fen=1, booked_at=CUTOFF)).partial


class TestADepositInOnePayment:
    """Where the documents want one payment, sums do not help."""

    ONE = replace(BASIC, several_credits=False)

    def places(self, *amounts):
        credits_ = [
            replace(GOOD, ref=str(number), amount_fen=fen) for number, fen in enumerate(amounts)
        ]
        answer = judged(*credits_, demand=self.ONE)
        return {row.ref: row.place for row in answer.credits}, answer.counted_fen

    def test_counts_the_first_that_is_enough_not_the_largest(self):
        assert self.places(100, 500, 900) == (
            {"0": Place.SURPLUS, "1": Place.COUNTED, "2": Place.SURPLUS},
            500,
        )

    def test_holds_the_largest_where_none_is_enough(self):
        assert self.places(200, 300, 250) == (
            {"0": Place.SURPLUS, "1": Place.COUNTED, "2": Place.SURPLUS},
            300,
        )

    def test_names_the_amount_too_where_a_late_payment_was_too_small_as_well(self):
        late = replace(GOOD, booked_at=CUTOFF)
        assert codes(late, demand=self.ONE) == [Code.LATE]
        small = replace(late, amount_fen=499), replace(late, ref="2", amount_fen=499)
        assert codes(*small, demand=self.ONE) == [Code.LATE, Code.AMOUNT_SHORT]


SOME = st.builds(
    Credit,
    ref=st.sampled_from("abcd"),
    account=st.sampled_from([OURS, "0"]),
    payer_name=st.sampled_from([FIRM.name, "路人"]),
    payer_account=st.sampled_from([FIRM.basic_account, "0"]),
    amount_fen=st.integers(1, 600),
    booked_at=st.integers(-3, 3).map(lambda s: CUTOFF + timedelta(seconds=s)),
    personal=st.booleans(),
    currency=st.sampled_from(["CNY", "USD"]),
    reversed=st.booleans(),
)


class TestWhateverComes:
    @given(st.lists(SOME, max_size=6, unique_by=lambda c: (c.account, c.ref)), st.randoms())
    def test_the_order_of_arrival_changes_nothing(self, credits_, random):
        shuffled = list(credits_)
        random.shuffle(shuffled)
        assert judged(*credits_) == judged(*shuffled)

    @given(st.lists(SOME, max_size=6))
    def test_only_clean_money_counts_and_matched_means_enough(self, credits_):
        answer = judged(*credits_)
        counted = sum(part.place is Place.COUNTED for part in answer.credits)
        assert all(not p.codes for p in answer.credits if p.place is not Place.SUSPENSE)
        assert all(p.codes for p in answer.credits if p.place is Place.SUSPENSE)
        assert (answer.state is State.MATCHED) == (counted > 0 and answer.counted_fen >= 500)
        assert bool(answer.codes) == (answer.state is State.MISMATCH)

    @given(st.lists(SOME, max_size=5), SOME)
    def test_more_money_never_undoes_a_match(self, credits_, more):
        if judged(*credits_).state is State.MATCHED:
            assert judged(*credits_, more).state is State.MATCHED
