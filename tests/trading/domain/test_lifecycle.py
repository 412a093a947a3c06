"""What the moves of tenders, lots and bids allow and never allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.states import IllegalMove, Machine
from trading.domain.lifecycle import AWARDED, BID, ENQUIRY, LOT, LOT_ENDS, SUBMISSION, TENDER

WALKS = st.lists(st.integers(0, 5), max_size=30)


def reach(machine: Machine, start: str) -> set[str]:
    """Return every state that can come of one, itself included."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += machine.moves[here].values()
    return seen


def walk(machine, choices):
    passed = [machine.initial]
    for choice in choices:
        acts = machine.acts_in(passed[-1])
        if not acts:
            break
        passed.append(machine.after(passed[-1], acts[choice % len(acts)]))
    return passed


MACHINES = (TENDER, LOT, BID, SUBMISSION, ENQUIRY)


class TestEveryMachine:
    @pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
    def test_lists_only_states_that_can_come_about(self, machine):
        assert reach(machine, machine.initial) == set(machine.states)

    @pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
    def test_has_an_end_in_sight_from_everywhere(self, machine):
        for state in machine.states:
            assert reach(machine, state) & machine.terminal


class TestALot:
    def test_comes_to_its_contract_with_candidates_and_without(self):
        road = ("publish", "close", "start", "end", "evaluate", "report")
        state = LOT.initial
        for act in road:
            state = LOT.after(state, act)
        assert LOT.after(LOT.after(state, "publish_candidates"), "award") == "AWARDED"
        assert LOT.after(state, "award") == "AWARDED"

    def test_is_terminated_before_an_award_and_never_after(self):
        # TBR Art. 31, TBL Art. 45.
        for state in AWARDED:
            assert "TERMINATED" not in reach(LOT, state)
            with pytest.raises(IllegalMove):
                LOT.after(state, "terminate")
        assert LOT.after("CANDIDATES_PUBLISHED", "terminate") == "TERMINATED"

    def test_cannot_fail_once_it_has_a_winner(self):
        assert reach(LOT, "AWARDED") == AWARDED

    def test_takes_no_bids_again_once_closed(self):
        assert "SUBMISSION" not in reach(LOT, "CLOSED")
        assert LOT.after("SUSPENDED", "resume") == "SUBMISSION"

    def test_is_discarded_only_as_a_draft(self):
        assert LOT.sources("discard") == ("DRAFT",)
        assert TENDER.sources("discard") == ("DRAFT",)

    def test_that_has_ended_moves_to_its_archive_at_most(self):
        for state in LOT_ENDS:
            assert reach(LOT, state) <= LOT_ENDS
        assert LOT.terminal <= LOT_ENDS

    @given(WALKS)
    def test_is_never_evaluated_unopened(self, choices):
        passed = walk(LOT, choices)
        if "EVALUATING" in passed:
            before = passed[: passed.index("EVALUATING")]
            assert before[-3:] == ["CLOSED", "OPENING", "OPENED"]


class TestABid:
    @given(WALKS)
    def test_is_opened_only_after_its_bidder_released_it(self, choices):
        passed = walk(BID, choices)
        if "OPENED" in passed:
            before = passed[: passed.index("OPENED")]
            assert before[-1] == "RELEASED"
            assert set(before) <= {"SEALED", "RELEASED", "UNRELEASED"}

    def test_withdrawn_superseded_or_left_unopened_is_never_opened(self):
        for state in ("WITHDRAWN", "SUPERSEDED", "UNOPENED"):
            assert reach(BID, state) == {state}

    def test_unreleased_is_opened_only_where_the_window_is_opened_once_more(self):
        assert BID.sources("reopen") == ("UNRELEASED",)
        assert BID.after("UNRELEASED", "reopen") == "SEALED"
        others = set(BID.acts) - {"reopen"}
        assert all("UNRELEASED" not in BID.sources(act) for act in others)

    def test_is_withdrawn_only_while_it_is_sealed(self):
        assert BID.sources("withdraw") == ("SEALED",)
        assert BID.sources("supersede") == ("SEALED",)

    def test_is_rejected_or_valid_only_once_opened(self):
        assert BID.sources("reject") == BID.sources("accept") == ("OPENED",)


class TestATender:
    def test_suspended_goes_on_or_ends(self):
        assert reach(TENDER, "SUSPENDED") == {"SUSPENDED", "PUBLISHED", "TERMINATED", "COMPLETED"}
        with pytest.raises(IllegalMove):
            TENDER.after("SUSPENDED", "complete")


class TestSmallCourses:
    def test_of_a_submission_end_with_one_answer(self):
        assert SUBMISSION.terminal == {"ACCEPTED", "REFUSED"}

    def test_of_an_enquiry_end_with_its_answer(self):
        assert ENQUIRY.terminal == {"ANSWERED"}
