"""The stages of an opening: their order in each kind of lot, and who ends them."""

from __future__ import annotations

import itertools

import pytest

from trading.domain.opening_stages import BY_CODE, MAY_FAIL, STAGES, following, order

PLAIN = (
    "LOBBY",
    "SIGN_IN",
    "START",
    "COUNT_CHECK",
    "LIST",
    "DEPOSIT",
    "DECRYPT_BIDDER",
    "DECRYPT_TENDERER",
    "RECOUNT",
    "READ_OUT",
    "OBJECTION",
    "CONFIRM",
    "SIGN",
    "END",
)


class TestTheTable:
    def test_counts_its_stages_from_the_lobby_to_the_end(self):
        assert [stage.number for stage in STAGES] == list(range(16))
        assert (STAGES[0].code, STAGES[-1].code) == ("LOBBY", "END")

    def test_names_each_once_in_both_languages(self):
        for names in (
            [stage.code for stage in STAGES],
            [stage.name for stage in STAGES],
            [stage.name_en for stage in STAGES],
        ):
            assert all(names)
            assert len(set(names)) == len(names)

    def test_lets_nobody_end_the_lobby_the_tenderers_shares_or_the_end_by_hand(self):
        assert {stage.code for stage in STAGES if stage.leaves_by == "system"} == {
            "LOBBY",
            "DECRYPT_TENDERER",
            "END",
        }

    def test_bounds_decryption_objection_and_confirmation_by_timers_of_their_own(self):
        timers = {stage.code: stage.timer for stage in STAGES if stage.timer}
        assert timers == {
            "DECRYPT_BIDDER": "decrypt",
            "OBJECTION": "objection",
            "CONFIRM": "confirm",
        }


class TestTheOrderOfALot:
    def test_without_options_leaves_them_out(self):
        assert order(with_identity=False, draw=None) == PLAIN

    def test_checks_identity_after_the_deposits(self):
        told = order(with_identity=True, draw=None)
        assert told[told.index("IDENTITY") - 1] == "DEPOSIT"
        assert tuple(code for code in told if code != "IDENTITY") == PLAIN

    @pytest.mark.parametrize("with_identity", [True, False])
    @pytest.mark.parametrize(
        ("draw", "next_stage"), [("before", "DECRYPT_BIDDER"), ("after", "READ_OUT")]
    )
    def test_draws_before_decryption_or_after_it_as_the_documents_say(
        self, draw, next_stage, with_identity
    ):
        told = order(with_identity=with_identity, draw=draw)
        assert following(told, "PARAM_DRAW") == next_stage

    def test_checks_identity_before_a_draw_that_precedes_decryption(self):
        told = order(with_identity=True, draw="before")
        assert told[5:9] == ("DEPOSIT", "IDENTITY", "PARAM_DRAW", "DECRYPT_BIDDER")

    @pytest.mark.parametrize(
        ("with_identity", "draw"), list(itertools.product([True, False], [None, "before", "after"]))
    )
    def test_holds_no_stage_twice_and_misses_only_optional_ones(self, with_identity, draw):
        told = order(with_identity=with_identity, draw=draw)
        assert len(set(told)) == len(told)
        missing = set(BY_CODE) - set(told)
        assert all(BY_CODE[code].optional for code in missing)
        assert ("IDENTITY" in told, "PARAM_DRAW" in told) == (with_identity, draw is not None)

    @pytest.mark.parametrize("draw", [None, "before", "after"])
    def test_reads_out_only_after_both_decryptions_and_the_recount(self, draw):
        told = order(with_identity=True, draw=draw)
        wanted = ["COUNT_CHECK", "DECRYPT_BIDDER", "DECRYPT_TENDERER", "RECOUNT", "READ_OUT"]
        assert [code for code in told if code in wanted] == wanted

    def test_shows_no_bidder_before_the_count(self):
        told = order(with_identity=False, draw=None)
        assert told.index("COUNT_CHECK") < told.index("LIST")


class TestTheStageAfter:
    def test_is_the_next_of_the_lot(self):
        walked = ["LOBBY"]
        while walked[-1] != "END":
            walked.append(following(PLAIN, walked[-1]))
        assert tuple(walked) == PLAIN

    def test_is_missing_at_the_end(self):
        with pytest.raises(ValueError, match=r"^END$"):
            following(PLAIN, "END")

    @pytest.mark.parametrize("code", ["IDENTITY", "NOTHING"])
    def test_is_missing_for_a_stage_the_lot_has_not(self, code):
        with pytest.raises(ValueError, match="not in tuple"):
            following(PLAIN, code)


class TestAFailedOpening:
    def test_can_come_at_the_two_counts_alone(self):
        assert {code for code in PLAIN if code in MAY_FAIL} == {"COUNT_CHECK", "RECOUNT"}
