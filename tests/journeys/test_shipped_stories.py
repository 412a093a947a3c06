"""The three stories of the city: every figure reckoned by hand."""

from __future__ import annotations

import pytest

from tests.journeys.telling import bids, holds, lots, told

# Some four minutes each: the small story stands for them in the normal run.
pytestmark = [pytest.mark.xdist_group("stories"), pytest.mark.long]


def results(summary):
    return {
        key: (row["price_score"], row["total"], row["rank"])
        for key, row in bids(summary).items()
        if row["status"] == "valid"
    }


def endings(summary):
    return {
        key: (row["status"], row["code"], row["attribution"])
        for key, row in bids(summary).items()
        if row["status"] != "valid"
    }


class TestTwoLotsOfWorks:
    """M1 drops the highest and the lowest of five: (9.4 + 9.6 + 9.5) / 3 = 9.5 million, × 0.98
    = 9,310,000.00. A percent above costs 0.9, below 0.6 of a hundred points; the price counts half:

        p1    90,000 above  0.966702 %  49.5650 → 49.56     p4   490,000 above  5.263158 %  47.63
        p2   290,000 above  3.114930 %  48.5983 → 48.60     p5   110,000 below  1.181525 %  49.65
        p3   190,000 above  2.040816 %  49.0816 → 49.08

    M2 takes the three valid bids, (5.5 + 5.6 + 5.7) / 3 = 5.6 million × 0.97 × 0.6 = 3,259,200.00,
    and the control price 6 million × 0.95 × 0.4 = 2,280,000.00: together 5,539,200.00.

        q1  39,200 below  0.707683 %  49.7877 → 49.79       q3  160,800 above  2.902946 %  48.69
        q2  60,800 above  1.097631 %  49.5061 → 49.51
    """

    def test_leaves_evidence_that_holds(self):
        holds(*told("pingjiang"))

    def test_finds_both_benchmarks_and_winners(self):
        rows = lots(told("pingjiang")[0])
        assert {
            key: (row["benchmark_fen"], row["candidates"], row["winner"], row["contract_fen"])
            for key, row in rows.items()
        } == {
            "one": ("931000000", ["p2", "p1", "p3"], "p2", 960_000_000),
            "two": ("553920000", ["q2", "q1", "q3"], "q2", 560_000_000),
        }

    def test_scores_as_reckoned_by_hand(self):
        assert results(told("pingjiang")[0]) == {
            "p1": ("49.56", "91.56", 2),
            "p2": ("48.60", "93.60", 1),
            "p3": ("49.08", "89.08", 3),
            "p4": ("47.63", "87.63", 5),
            "p5": ("49.65", "88.65", 4),
            "q1": ("49.79", "90.79", 2),
            "q2": ("49.51", "94.51", 1),
            "q3": ("48.69", "87.69", 3),
        }

    def test_refuses_one_fen_above_the_ceiling_a_short_deposit_and_a_late_byte(self):
        summary, _ = told("pingjiang")
        assert endings(summary) == {
            "p6": ("rejected", "OVER_CEILING", None),
            "q4": ("rejected", "NO_SECURITY", None),
            "q5": ("refused", "LATE", None),
        }
        assert bids(summary)["p6"]["price_read_out_fen"] == 1_000_000_001
        short = bids(summary)["q4"]["security"]
        assert (short["status"], short["code"]) == ("MISMATCH", "AMOUNT_SHORT")
        assert (short["held_fen"], short["refunded_fen"]) == (0, 9_000_000)

    def test_takes_a_guarantee_and_a_waiver_for_money(self):
        rows = bids(told("pingjiang")[0])
        assert [rows[key]["security"]["status"] for key in ("p1", "p4", "p5")] == [
            "REFUNDED",
            "GUARANTEE",
            "WAIVED",
        ]

    def test_counts_the_price_of_the_resubmission(self):
        row = bids(told("pingjiang")[0])["p2"]
        assert row["price_read_out_fen"] == 960_000_000


class TestNineBidsForGoods:
    """The small firm's 980,000.00 counts as 882,000.00 and sets the mark; forty points × 882,000 /
    price: 1,000,000 → 35.28, 1,050,000 → 33.60, 1,102,500 → 32.00, 1,008,000 → 35.00, 1,176,000
    → 30.00, 1,260,000 → 28.00, 1,120,000 → 31.50. Two have 85.00 in all; the lower price is first.
    """

    def test_leaves_evidence_that_holds(self):
        holds(*told("laboratory"))

    def test_scores_as_reckoned_by_hand(self):
        assert results(told("laboratory")[0]) == {
            "c1": ("35.28", "83.28", 4),
            "c2": ("40.00", "84.00", 3),
            "c3": ("33.60", "82.60", 5),
            "c4": ("32.00", "85.00", 2),
            "c5": ("35.00", "85.00", 1),
            "c6": ("30.00", "71.00", 8),
            "c7": ("28.00", "81.00", 6),
            "c8": ("31.50", "79.50", 7),
        }

    def test_counts_the_small_firm_lower_and_pays_it_what_it_asked(self):
        row = bids(told("laboratory")[0])["c2"]
        assert (row["price_read_out_fen"], row["price_evaluated_fen"]) == (98_000_000, 88_200_000)

    def test_breaks_the_tie_by_the_lower_price(self):
        (row,) = told("laboratory")[0]["lots"]
        assert (row["candidates"], row["winner"]) == (["c5", "c4", "c2"], "c5")
        assert row["contract_fen"] == 100_800_000

    def test_never_reads_the_bid_nobody_decrypted(self):
        summary, _ = told("laboratory")
        assert endings(summary) == {"c9": ("unreleased", "NO_RELEASE", "bidder")}
        assert bids(summary)["c9"]["price_read_out_fen"] is None

    def test_sends_deposits_home_without_interest(self):
        rows = bids(told("laboratory")[0])
        assert {
            (row["security"]["refunded_fen"], row["security"]["interest_fen"])
            for row in rows.values()
        } == {(2_000_000, 0)}


class TestTheCrossProvinceConsultancy:
    """Fifteen points × 4,500,000 / price: 4.68 million → 14.42, 4.8 → 14.06, 4.5 → 15.00,
    5.0 → 13.50, 4.6 → 14.67, on top of 73, 79, 68, 68 and 59 points."""

    def test_leaves_evidence_that_holds(self):
        holds(*told("pingyang"))

    def test_scores_as_reckoned_by_hand(self):
        summary, _ = told("pingyang")
        assert results(summary) == {
            "a1": ("14.42", "87.42", 2),
            "a2": ("14.06", "93.06", 1),
            "a3": ("15.00", "83.00", 3),
            "a4": ("13.50", "81.50", 4),
            "a5": ("14.67", "73.67", 5),
        }
        assert lots(summary)["design"]["winner"] == "a2"

    def test_keeps_every_answer_to_the_record(self):
        rows = bids(told("pingyang")[0])
        answers = {key: row["answer_to_record"] for key, row in rows.items()}
        assert answers == {
            "a1": "confirm",
            "a2": "confirm",
            "a3": "confirm",
            "a4": "object",
            "a5": "silent",
        }
