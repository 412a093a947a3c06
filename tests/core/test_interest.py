from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interest import days_of_interest, interest_fen, late_refund_fee_fen
from core.law import NoRule

TODAY = date(2026, 11, 23)


class TestInterest:
    @pytest.mark.parametrize(
        ("principal", "rate", "days", "interest"),
        [
            (50_000_000, "0.0035", 30, 14_583),
            (80_000_000, "0.0020", 47, 20_889),
            (0, "0.0035", 30, 0),
            (100, "0.0035", 0, 0),
            (100, "0.5", 36, 5),
            (90, "0.5", 4, 1),  # exactly half a fen
        ],
    )
    def test_is_principal_times_rate_times_days(self, principal, rate, days, interest):
        assert interest_fen(principal, annual_rate=Decimal(rate), days=days) == interest

    @given(
        st.integers(0, 10**14),
        st.decimals(0, Decimal("0.2"), places=6),
        st.integers(0, 3000),
    )
    def test_agrees_with_fractions(self, principal, rate, days):
        exact = Fraction(principal) * Fraction(rate) * days / 360
        expected = (2 * exact + 1).__floor__() // 2
        assert interest_fen(principal, annual_rate=rate, days=days) == expected

    @pytest.mark.parametrize(
        ("principal", "rate", "days"), [(-1, "0", 0), (0, "-1", 0), (0, "0", -1)]
    )
    def test_refuses_what_is_below_zero(self, principal, rate, days):
        with pytest.raises(ValueError, match="never negative"):
            interest_fen(principal, annual_rate=Decimal(rate), days=days)

    def test_counts_the_first_day_and_not_the_last(self):
        assert days_of_interest(since=date(2026, 11, 1), until=date(2026, 12, 1)) == 30
        assert days_of_interest(since=date(2026, 12, 1), until=date(2026, 11, 1)) == 0


class TestLateFee:
    def test_is_the_base_rate_and_a_fifth(self):
        fee = late_refund_fee_fen(50_000_000, base_rate=Decimal("0.0435"), days=10, on=TODAY)
        assert fee == 72_500

    def test_has_no_ground_before_the_order(self):
        with pytest.raises(NoRule):
            late_refund_fee_fen(1, base_rate=Decimal("0.0435"), days=1, on=date(2017, 9, 30))
