from __future__ import annotations

import contextlib
import copy
import importlib
import io
import json
import sys
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formulas import BadFormula, read_case

from .cases import answer, goods, scored, works

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def whole_case():
    case = scored(
        goods(100, 96, claims={"a": {"small_business": True}}, small_deduction="0.10"),
        {bid: {"tech": ["50"], "firm": ["8"]} for bid in "ab"},
        outlier_rule={"drop_high": 1, "drop_low": 1, "from_members": 5},
        tie_rule=["lower_price"],
        candidates=2,
    )
    return case | {
        "category": "goods",
        "procedure": "open_tender",
        "date": "2026-11-23",
        "ceiling_fen": 200_000_000,
        "reviews": [{"bid": "a", "verdict": "reject", "code": "REJECT_QUAL", "clause": "3.1"}],
        "draws": [["a", "b"]],
    }


def places(body, here=()):
    """Every place in a JSON value."""
    yield here
    inside = {dict: dict.items, list: enumerate}.get(type(body), lambda _leaf: ())
    for name, item in inside(body):
        yield from places(item, (*here, name))


def put(body, place, value):
    *way, last = place
    for name in way:
        body = body[name]
    body[last] = value


class TestACaseInJson:
    @pytest.mark.parametrize(
        ("place", "value", "pointer"),
        [
            ((), [], ""),
            (("track",), "X", "/track"),
            (("extra",), 1, "/extra"),
            (("date",), "23.11.2026", "/date"),
            (("ceiling_fen",), 1.0, "/ceiling_fen"),
            (("ceiling_fen",), -1, "/ceiling_fen"),
            (("formula",), None, "/formula"),
            (("formula", "weight"), "0", "/formula/weight"),
            (("formula", "weight"), 30, "/formula/weight"),
            (("formula", "params"), [], "/formula/params"),
            (("formula", "extra"), "x", "/formula/extra"),
            (("bids",), {}, "/bids"),
            (("bids", 1, "key"), "a", "/bids/1/key"),
            (("bids", 1, "key"), "", "/bids/1/key"),
            (("bids", 0, "price_fen"), "1", "/bids/0/price_fen"),
            (("bids", 0, "price_fen"), True, "/bids/0/price_fen"),
            (("bids", 0, "claims", "small_business"), "yes", "/bids/0/claims/small_business"),
            (("bids", 0, "claims", "green"), True, "/bids/0/claims/green"),
            (("reviews", 0, "verdict"), "accept", "/reviews/0/verdict"),
            (("reviews", 0, "bid"), "z", "/reviews"),
            (("rules", "candidates"), -1, "/rules/candidates"),
            (("rules", "tie_rule", 0), "vote", "/rules/tie_rule/0"),
            (("scores", 0, "score"), "fifty", "/scores/0/score"),
            (("draws", 0), "ab", "/draws/0"),
        ],
    )
    def test_is_refused_at_the_place_of_its_fault(self, place, value, pointer):
        case = whole_case()
        assert answer(copy.deepcopy(case))["bids"][1]["rank"] == 1
        if place:
            put(case, place, value)
        else:
            case = value
        with pytest.raises(BadFormula) as caught:
            answer(case)
        assert caught.value.pointer == pointer

    @pytest.mark.parametrize("name", ["track", "formula", "bids"])
    def test_is_refused_when_a_part_is_missing(self, name):
        case = whole_case()
        del case[name]
        with pytest.raises(BadFormula) as caught:
            answer(case)
        assert caught.value.pointer == f"/{name}"

    @given(st.data())
    def test_never_breaks_anything_but_itself(self, data):
        """Spoil one place at random: the case is answered or refused, nothing else."""
        case = whole_case()
        place = data.draw(st.sampled_from([place for place in places(case) if place]))
        put(case, place, data.draw(JSON))
        with contextlib.suppress(BadFormula):
            assert answer(case)["method"] == "gov_lowest"

    def test_says_nothing_of_candidates_to_mean_three(self):
        case = whole_case()
        del case["rules"]["candidates"]
        assert read_case(case).rules.candidates == 3

    @pytest.mark.parametrize("track", ["T", "G", "A", "SUB", "ENV"])
    def test_may_be_of_any_track(self, track):
        case = read_case(goods(1) | {"track": track})
        assert case.track == track
        assert case.category == ("works" if track == "T" else "goods")
        assert case.procedure == "open_tender"

    def test_takes_the_tracks_first_category(self):
        assert read_case(goods(1)).category == "goods"
        assert read_case(goods(1) | {"track": "T"}).category == "works"


class TestABidsRow:
    def rows(self, case):
        return {row["key"]: row for row in answer(case)["bids"]}

    def test_of_a_rejected_bid_holds_the_code_and_nothing_else(self):
        assert self.rows(whole_case())["a"] == {
            "key": "a",
            "status": "rejected",
            "code": "REJECT_QUAL",
            "deviation": None,
            "price_evaluated_fen": None,
            "price_score": None,
            "scores": {},
            "total": None,
            "rank": None,
            "working": [],
        }

    def test_of_a_valid_bid_holds_its_scores(self):
        row = self.rows(whole_case())["b"]
        del row["working"]
        assert row == {
            "key": "b",
            "status": "valid",
            "code": None,
            "deviation": None,
            "price_evaluated_fen": 96_000_000,
            "price_score": "30.00",
            "scores": {"tech": "50.00", "firm": "8.00"},
            "total": "88.00",
            "rank": 1,
        }

    def test_shows_an_evaluated_price_between_two_fen_rounded_half_up(self):
        case = goods(1, claims={"a": {"small_business": True}}, small_deduction="0.1")
        case["bids"][0]["price_fen"] = 1_005
        assert self.rows(case)["a"]["price_evaluated_fen"] == 905  # 904.5

    def test_shows_a_deviation_to_the_twelfth_decimal_and_four_at_the_least(self):
        # D is 150 fen: 1 yuan lies a third of a hundred below it, 1.50 nothing.
        case = works(prices=[1, 2], K="1")
        case["bids"].append({"key": "c", "price_fen": 150})
        deviations = {key: row["deviation"] for key, row in self.rows(case).items()}
        assert deviations == {"a": "-33.333333333333", "b": "33.333333333333", "c": "0.0000"}

    def test_above_the_ceiling_is_rejected_by_arithmetic(self):
        case = goods(100, 96) | {"ceiling_fen": 99_999_999}
        assert {key: row["code"] for key, row in self.rows(case).items()} == {
            "a": "REJECT_PRICE_HIGH",
            "b": None,
        }


class TestTheProgram:
    """`python -m core.formulas`, in this process."""

    @pytest.fixture
    def main(self):
        yield importlib.import_module("core.formulas.__main__").main
        # Run as a program afterwards, a module that is imported already would draw a warning.
        del sys.modules["core.formulas.__main__"]

    @pytest.fixture
    def run(self, main, monkeypatch, capsys):
        def run(text):
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
            code = main()
            return code, *capsys.readouterr()

        return run

    def test_answers_a_case_in_its_own_letters(self, run):
        case = whole_case()
        code, out, err = run(json.dumps(case))
        assert (code, err) == (0, "")
        assert json.loads(out) == answer(case)
        assert "技术" in out

    def test_says_what_is_wrong_and_ends_with_two(self, run):
        case = whole_case() | {"track": "X"}
        sentence = "/track: one of T, G, A, SUB, ENV is wanted\n"
        assert run(json.dumps(case)) == (2, "", sentence)

    def test_ends_with_three_where_it_cannot_read(self, main, monkeypatch, capsys):
        class Broken:
            def read(self):
                raise OSError("the pipe is broken")

        monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=Broken()))
        assert main() == 3
        assert capsys.readouterr() == ("", "the pipe is broken\n")
