from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decimals import DecimalError, half_up, read, write


class TestReading:
    @pytest.mark.parametrize("text", ["0", "-12.50", "0.97", "007"])
    def test_takes_plain_decimals(self, text):
        assert read(text) == Decimal(text)

    @pytest.mark.parametrize(
        "bad", ["", "+1", "1e3", ".5", "5.", "1,000", " 1", "١", "NaN", 1, None]
    )
    def test_refuses_everything_else(self, bad):
        with pytest.raises(DecimalError):
            read(bad)


class TestRoundingHalfUp:
    @pytest.mark.parametrize(
        ("value", "places", "rounded"),
        [
            ("0.125", 2, "0.13"),
            ("0.135", 2, "0.14"),
            ("-0.125", 2, "-0.13"),
            ("0.124999999999999999999999999999999999999", 2, "0.12"),
            ("2.5", 0, "3"),
            ("28.125", 2, "28.13"),
        ],
    )
    def test_takes_a_half_away_from_zero(self, value, places, rounded):
        assert str(half_up(Decimal(value), places)) == rounded

    @given(st.decimals(-(10**15), 10**15, allow_nan=False, places=6), st.integers(0, 5))
    def test_agrees_with_fractions(self, value, places):
        exact, scale = Fraction(value), 10**places
        whole = (2 * abs(exact) * scale + 1) // 2
        assert abs(Fraction(half_up(value, places))) == Fraction(whole, scale)


class TestWriting:
    @pytest.mark.parametrize(
        ("value", "places", "text"),
        [
            ("1E+2", 0, "100"),
            ("1.500", 0, "1.5"),
            ("1", 2, "1.00"),
            ("0.909", 2, "0.909"),
            ("-0.00", 2, "0.00"),
            ("-0.05", 2, "-0.05"),
            ("1E-7", 0, "0.0000001"),
        ],
    )
    def test_has_no_exponent_and_no_needless_zero(self, value, places, text):
        assert write(Decimal(value), places=places) == text

    @given(st.decimals(-(10**15), 10**15, allow_nan=False, places=9))
    def test_reads_back(self, value):
        assert read(write(value)) == value
