from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.zone import at, local, local_day


class TestSuzhou:
    def test_is_eight_hours_ahead(self):
        assert at(date(2026, 11, 23), 14) == datetime(2026, 11, 23, 6, tzinfo=UTC)
        assert local(datetime(2026, 11, 23, 6, tzinfo=UTC)).hour == 14

    def test_has_its_own_midnight(self):
        assert local_day(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 22)
        assert local_day(datetime(2026, 11, 22, 16, tzinfo=UTC)) == date(2026, 11, 23)

    def test_knows_no_moment_without_a_zone(self):
        with pytest.raises(ValueError, match="time zone"):
            local(datetime(2026, 11, 23))  # noqa: DTZ001 - the point of the test
