"""From a case to ranks: order never matters, ties are drawn once, a case can be recomputed."""

from __future__ import annotations

import copy
import io
import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain import ranking
from evaluation.domain.scoring import Cell, digest

CRITERIA = [
    {"key": "plan", "title": "方案", "max": "60", "kind": "judged", "step": "1"},
    {"key": "cert", "title": "认证", "max": "10", "kind": "objective"},
    {"key": "price", "title": "报价", "max": "30", "kind": "price"},
]


def case(prices, scores, *, track="G", small=(), tie_rule=()):
    return {
        "track": track,
        "category": "goods",
        "procedure": "open_tender",
        "formula": {"method": "gov_lowest", "weight": "30", "params": {"small_deduction": "0.1"}},
        "ceiling_fen": None,
        "bids": [
            {"key": key, "price_fen": price, "claims": {"small_business": key in small}}
            for key, price in prices.items()
        ],
        "rules": {
            "criteria": CRITERIA,
            "outlier_rule": None,
            "tie_rule": list(tie_rule),
            "candidates": 3,
        },
        "scores": [
            {"member": member, "bid": bid, "criterion": leaf, "score": value}
            for bid, rows in scores.items()
            for member, (plan, cert) in enumerate(rows)
            for leaf, value in (("plan", str(plan)), ("cert", str(cert)))
        ],
        "reviews": [],
        "draws": [],
    }


def no_draw():
    raise AssertionError("nothing was tied")


class TestTrackG:
    def test_gives_the_totals_reckoned_by_hand(self):
        # Fixture G2: 96, 100 less 10 %, 98 → 28.13, 30.00, 27.55; members' totals 50.5, 51, 49.
        scores = {
            "a": [(41, 9), (42, 9)],
            "b": [(41, 10), (41, 10)],
            "c": [(40, 8), (42, 8)],
        }
        told = case({"a": 9600, "b": 10000, "c": 9800}, scores, small={"b"})
        told["scores"] = [{**row, "member": f"E-{row['member']}"} for row in told["scores"]]
        _, outcome = ranking.settle(told, order=no_draw)
        rows = {row["key"]: row for row in outcome["bids"]}
        assert {key: row["price_score"] for key, row in rows.items()} == {
            "a": "28.13",
            "b": "30.00",
            "c": "27.55",
        }
        assert {key: row["total"] for key, row in rows.items()} == {
            "a": "78.63",
            "b": "81.00",
            "c": "76.55",
        }
        assert [place.bid for place in ranking.places(outcome)] == ["b", "a", "c"]


def named(told):
    return {**told, "scores": [{**row, "member": f"E-{row['member']}"} for row in told["scores"]]}


TIED = named(
    case(
        {"a": 9000, "b": 9000, "c": 9500},
        {"a": [(50, 5)], "b": [(50, 5)], "c": [(40, 5)]},
    )
)


class TestATie:
    def test_is_parted_by_the_drawn_order(self):
        settled, outcome = ranking.settle(TIED, order=lambda: ["c", "b", "a"])
        assert settled["draws"] == [["b", "a"]]
        assert outcome["first"] == "b"
        assert outcome["pending_draws"] == []

    def test_leaves_a_joint_rank_on_record_and_one_first_to_award(self):
        _, outcome = ranking.settle(TIED, order=lambda: ["b", "a", "c"])
        ranks = {row["key"]: row["rank"] for row in outcome["bids"]}
        assert ranks == {"a": 1, "b": 1, "c": 3}
        assert [(row.bid, row.rank) for row in ranking.places(outcome)] == [
            ("b", 1),
            ("a", 2),
            ("c", 3),
        ]

    def test_does_not_touch_the_case_it_was_given(self):
        before = copy.deepcopy(TIED)
        ranking.settle(TIED, order=lambda: ["a", "b", "c"])
        assert before == TIED


class TestOrder:
    @given(st.data())
    def test_of_bids_and_scores_never_matters(self, data):
        keys = data.draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True))
        prices = {key: data.draw(st.integers(8000, 8005)) for key in keys}
        facts = {key: data.draw(st.integers(0, 2)) for key in keys}
        scores = {
            key: [(data.draw(st.integers(48, 50)), facts[key]) for _ in range(3)] for key in keys
        }
        track = data.draw(st.sampled_from("TG"))
        rules = data.draw(st.sampled_from([(), ("lower_price",), ("higher_technical", "draw")]))
        told = named(case(prices, scores, track=track, tie_rule=rules))
        drawn = data.draw(st.permutations(sorted(keys)))
        shuffled = {
            **told,
            "bids": data.draw(st.permutations(told["bids"])),
            "scores": data.draw(st.permutations(told["scores"])),
        }
        one, other = (
            ranking.places(ranking.settle(each, order=lambda: drawn)[1])
            for each in (told, shuffled)
        )
        assert one == other
        assert [row.rank for row in one][:1] == [1]
        assert sorted(row.bid for row in one) == sorted(keys)

    @given(st.permutations(range(4)))
    def test_of_cells_never_changes_what_a_lock_signs(self, order):
        from decimal import Decimal

        cells = [
            Cell(member="E-01", bid=str(n % 2), criterion=str(n // 2), value=Decimal(n))
            for n in range(4)
        ]
        assert digest([cells[at] for at in order]) == digest(cells)


def recompute(tmp_path, body):
    file = tmp_path / "case.json"
    file.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    out = io.StringIO()
    try:
        call_command("recompute_ranking", str(file), stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


class TestRecomputing:
    settled, outcome = ranking.settle(TIED, order=lambda: ["b", "a", "c"])

    def test_exits_0_when_it_comes_out_the_same(self, tmp_path):
        code, out, _ = recompute(tmp_path, {"case": self.settled, "outcome": self.outcome})
        assert code == 0
        told = json.loads(out)
        assert told["valid"] is True
        assert told["outcome"]["first"] == "b"
        assert told["case_sha256"] == ranking.digest(self.settled)
        assert recompute(tmp_path, self.settled)[0] == 0

    def test_exits_1_and_points_at_what_differs(self, tmp_path):
        filed = copy.deepcopy(self.outcome)
        filed["bids"][0]["total"] = "99.00"
        filed["first"] = "a"
        code, out, _ = recompute(tmp_path, {"case": self.settled, "outcome": filed})
        assert code == 1
        assert json.loads(out)["differences"] == ["/bids/0/total", "/first"]

    @pytest.mark.parametrize(
        "body", ["no json", "[]", "{}", '{"case": {"track": "T"}, "outcome": {}}', '{"case": 1.5}']
    )
    def test_exits_2_for_what_is_no_case(self, tmp_path, body):
        assert recompute(tmp_path, body)[0] == 2

    def test_exits_2_with_the_pointer_of_a_bad_score(self, tmp_path):
        bad = copy.deepcopy(self.settled)
        bad["scores"][0]["score"] = "61"
        code, _, said = recompute(tmp_path, {"case": bad, "outcome": self.outcome})
        assert code == 2
        assert said.startswith("/scores/0/score")
        assert recompute(tmp_path, "/")[0] == 2
