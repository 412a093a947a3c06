"""What the moves of panels and seats allow and never allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.states import IllegalMove
from evaluation.domain.lifecycle import ACTIVE, AT_WORK, PANEL, SEAT, SUMMED_UP

WALKS = st.lists(st.integers(0, 5), max_size=30)


def walk(machine, choices):
    """Follow the choices from the beginning; return the states passed."""
    passed = [machine.initial]
    for choice in choices:
        acts = machine.acts_in(passed[-1])
        if not acts:
            break
        passed.append(machine.after(passed[-1], acts[choice % len(acts)]))
    return passed


class TestAPanel:
    def test_comes_to_its_report_by_one_road(self):
        state, road = PANEL.initial, []
        for act in ("form", "sit", "review", "score", "summarise", "draft", "report"):
            state = PANEL.after(state, act)
            road.append(state)
        assert road == ["FORMED", *AT_WORK]

    def test_with_no_bid_left_goes_past_the_scoring(self):
        assert PANEL.after("REVIEW", "summarise") == "SUMMARISED"

    def test_can_be_dissolved_until_it_has_reported(self):
        assert PANEL.sources("dissolve") == tuple(
            state for state in PANEL.states if state not in {"REPORTED", "DISSOLVED"}
        )

    def test_loses_no_member_once_the_review_has_begun(self):
        for state in ("REVIEW", "SCORING", *SUMMED_UP):
            with pytest.raises(IllegalMove):
                PANEL.after(state, "vacate")

    @given(WALKS)
    def test_never_scores_after_the_summary(self, choices):
        passed = walk(PANEL, choices)
        after = passed[passed.index("SUMMARISED") :] if "SUMMARISED" in passed else []
        assert not {"SCORING", "REVIEW", "INVITING"} & set(after)

    @given(WALKS)
    def test_never_works_without_having_been_formed(self, choices):
        passed = walk(PANEL, choices)
        at_work = [number for number, state in enumerate(passed) if state in AT_WORK]
        assert not at_work or "FORMED" in passed[: at_work[0]]

    def test_is_summed_up_only_while_it_is_at_work(self):
        assert AT_WORK[AT_WORK.index("SUMMARISED") :] == SUMMED_UP


class TestASeat:
    def test_counts_until_its_member_is_gone(self):
        assert set(ACTIVE) == set(SEAT.states) - SEAT.terminal

    def test_is_left_by_stepping_aside_only_at_the_site(self):
        assert SEAT.sources("recuse") == ("CHECKED_IN",)
        assert SEAT.sources("decline") == ("NOTIFIED",)

    def test_can_be_cancelled_while_it_counts(self):
        assert SEAT.sources("cancel") == ACTIVE
