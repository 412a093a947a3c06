"""One lot, three bidders, from the draft to the last deposit.

By hand: the three prices 950,000.00, 935,000.00 and 962,000.00 yuan have the mean 949,000.00,
times K = 0.98 makes the benchmark 930,020.00. All lie above it, a percent costs 0.9 of a hundred
points, and the price counts half:

    b1  19,980 / 930,020 = 2.148341 %   50 × (1 − 0.9 × 0.02148341) = 49.0332 → 49.03
    b2   4,980 / 930,020 = 0.535473 %   50 × (1 − 0.9 × 0.00535473) = 49.7590 → 49.76
    b3  31,980 / 930,020 = 3.438636 %   50 × (1 − 0.9 × 0.03438636) = 48.4526 → 48.45

The five members' scores lie evenly around 41, 38 and 44 points, so that dropping the highest and
the lowest changes nothing: 90.03, 87.76, 92.45. Each deposit of 16,000.00 yuan was paid two hours
before its bid and went home on 7 December: 16,000 × 0.35 % × 17, 16 and 15 days / 360.
"""

from __future__ import annotations

import json
import re

import pytest

from stories.reading import from_body
from stories.runner import tell
from stories.troubles import BadStory
from tests.journeys.telling import SHIPPED, bids, holds, lots, told, verified

pytestmark = pytest.mark.xdist_group("stories")


class TestTheSmallStory:
    def test_leaves_evidence_that_holds(self):
        holds(*told("small"))

    def test_is_won_by_the_best_total(self):
        summary, _ = told("small")
        assert lots(summary)["lot"] | {"drawn": {}} == {
            "key": "lot",
            "status": "awarded",
            "code": None,
            "benchmark_fen": "93002000",
            "drawn": {},
            "candidates": ["b3", "b1", "b2"],
            "winner": "b3",
            "contract_fen": 96_200_000,
        }

    def test_scores_as_reckoned_by_hand(self):
        rows = bids(told("small")[0])
        assert {
            key: (row["price_score"], row["total"], row["rank"]) for key, row in rows.items()
        } == {
            "b1": ("49.03", "90.03", 2),
            "b2": ("49.76", "87.76", 3),
            "b3": ("48.45", "92.45", 1),
        }
        assert rows["b3"]["scores"] == {"plan": "21.50", "safety": "12.50", "credit": "10.00"}

    def test_sends_every_deposit_home_with_its_interest(self):
        rows = bids(told("small")[0])
        assert {key: row["security"] for key, row in rows.items()} == {
            key: {
                "status": "REFUNDED",
                "code": None,
                "held_fen": 0,
                "refunded_fen": 1_600_000,
                "interest_fen": interest,
                "forfeited_fen": 0,
            }
            for key, interest in (("b1", 264), ("b2", 249), ("b3", 233))
        }

    def test_reads_every_bid_out_as_it_was_sealed_and_confirms_it(self):
        rows = bids(told("small")[0])
        assert {row["price_read_out_fen"] for row in rows.values()} == {
            95_000_000,
            93_500_000,
            96_200_000,
        }
        assert {row["answer_to_record"] for row in rows.values()} == {"confirm"}
        assert {row["status"] for row in rows.values()} == {"valid"}

    def test_has_evidence_in_which_a_changed_figure_is_seen(self, tmp_path):
        _, out = told("small")
        text = (out / "opening-lot.json").read_text(encoding="utf-8")
        forged = re.sub(r'"price_fen": ?95000000', '"price_fen":94000000', text, count=1)
        assert forged != text
        for name in ("checkpoint.txt", "log-key.pub"):
            (tmp_path / name).write_bytes((out / name).read_bytes())
        (tmp_path / "opening.json").write_text(text, encoding="utf-8")
        assert verified(tmp_path, "opening.json") == 0
        (tmp_path / "opening.json").write_text(forged, encoding="utf-8")
        assert verified(tmp_path, "opening.json") == 1


class TestAStoryTheLawForbids:
    def test_is_refused_by_the_platform_with_the_place(self, tmp_path):
        body = json.loads((SHIPPED / "small.json").read_text(encoding="utf-8"))
        # Ten days after the documents; twenty are the least (TBL Art. 24).
        body["tender"]["deadline_at"] = "2026-11-05T14:00:00+08:00"
        for number, bid in enumerate(body["bids"]):
            bid["submitted_at"] = f"2026-11-0{number + 2}T10:00:00+08:00"
        with pytest.raises(BadStory) as caught:
            tell(from_body(body, files=None), out=tmp_path)
        assert caught.value.pointer == "/tender/deadline_at"
        assert not (tmp_path / "summary.json").exists()
