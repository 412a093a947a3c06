"""A bidder's course: what lies behind it and the one thing to do next."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.domain.bidding import Facts, Step, done, next_step

JOINED = Facts(
    open=True,
    documents_taken=False,
    deposit_needed=True,
    deposit_asked=False,
    deposit_settled=False,
    delivered=False,
    ever_delivered=False,
    opened=False,
    decided=False,
    over=False,
)
READY = replace(JOINED, documents_taken=True, deposit_asked=True, deposit_settled=True)
IN = replace(READY, delivered=True, ever_delivered=True)
ANY = st.builds(Facts, **{field.name: st.booleans() for field in fields(Facts)})


class TestTheNextStep:
    @pytest.mark.parametrize(
        ("facts", "step"),
        [
            (JOINED, Step.DOCUMENTS),
            (replace(JOINED, documents_taken=True), Step.DEPOSIT),
            # The account is given out: while the money is on its way, the bid is made.
            (replace(JOINED, documents_taken=True, deposit_asked=True), Step.KEY),
            (READY, Step.KEY),
            (IN, Step.OPENING),
        ],
    )
    def test_goes_from_documents_by_deposit_and_bid_to_the_opening(self, facts, step):
        assert next_step(facts) is step

    def test_comes_back_to_the_deposit_once_the_bid_is_in(self):
        assert next_step(replace(IN, deposit_settled=False)) is Step.DEPOSIT

    def test_asks_for_no_deposit_where_none_is_needed(self):
        free = replace(JOINED, documents_taken=True, deposit_needed=False)
        assert next_step(free) is Step.KEY
        assert next_step(replace(free, delivered=True)) is Step.OPENING

    def test_after_a_withdrawal_is_to_build_anew_with_the_key_that_is_there(self):
        assert next_step(replace(READY, ever_delivered=True)) is Step.BUILD

    def test_is_to_take_newer_documents_even_with_a_bid_in(self):
        assert next_step(replace(IN, documents_taken=False)) is Step.DOCUMENTS

    def test_after_the_deadline_is_the_opening_for_those_who_bid(self):
        closed = replace(IN, open=False)
        assert next_step(closed) is Step.OPENING
        assert next_step(replace(closed, opened=True)) is Step.RESULT

    def test_after_the_deadline_is_nothing_for_those_who_did_not(self):
        assert next_step(replace(READY, open=False)) is None
        assert next_step(replace(READY, open=False, opened=True)) is None

    @pytest.mark.parametrize("ended", [{"over": True}, {"decided": True}])
    def test_of_a_lot_that_has_ended_is_its_result_for_everybody(self, ended):
        for facts in (JOINED, IN, replace(JOINED, open=False)):
            assert next_step(replace(facts, **ended)) is Step.RESULT

    @given(ANY)
    def test_is_never_to_pay_what_is_settled_or_not_asked(self, facts):
        if facts.deposit_settled or not facts.deposit_needed:
            assert next_step(facts) is not Step.DEPOSIT

    @given(ANY)
    def test_never_asks_for_a_bid_of_a_lot_that_takes_none(self, facts):
        if not facts.open:
            assert next_step(facts) in {None, Step.OPENING, Step.RESULT}

    @given(ANY)
    def test_is_never_one_that_lies_behind_unless_all_is_over(self, facts):
        step = next_step(facts)
        if not (facts.over or facts.opened or facts.decided):
            assert step not in done(facts)


class TestStepsDone:
    def test_are_joining_alone_at_first(self):
        assert done(JOINED) == {Step.JOIN}

    def test_grow_by_what_is_taken_and_settled(self):
        assert done(READY) == {Step.JOIN, Step.DOCUMENTS, Step.DEPOSIT}

    def test_hold_the_deposit_that_nobody_asks_for(self):
        assert done(replace(JOINED, deposit_needed=False)) == {Step.JOIN, Step.DEPOSIT}

    def test_hold_key_and_building_once_a_bid_is_in(self):
        assert done(replace(JOINED, delivered=True)) == {
            Step.JOIN,
            Step.KEY,
            Step.BUILD,
            Step.SUBMIT,
        }

    def test_lose_the_bid_when_it_is_withdrawn(self):
        assert Step.SUBMIT not in done(replace(IN, delivered=False))

    def test_are_all_at_the_end(self):
        assert done(replace(IN, opened=True, decided=True)) == set(Step)
        assert done(replace(IN, opened=True)) == set(Step) - {Step.RESULT}

    @given(ANY, st.sampled_from([field.name for field in fields(Facts)]))
    def test_never_shrink_by_a_further_fact(self, facts, name):
        if name != "deposit_needed":
            assert done(replace(facts, **{name: False})) <= done(replace(facts, **{name: True}))
