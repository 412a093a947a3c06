"""What tells one simulated bank from another, as data. All names are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from simulators.kit.clock import BEIJING


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The demand-deposit rate that holds from a day on."""

    valid_from: date
    annual: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One bank: its name, its hours, its habits and the dialect it speaks."""

    code: str
    name: str
    dialect: Literal["open-api"]
    reference_prefix: str
    account_prefix: str
    day_switch: time
    rates: tuple[Rate, ...]
    day_basis: int = 360
    dedupe: Literal["bank_day", "for_ever"] = "bank_day"

    def bank_day(self, moment: datetime) -> date:
        """Return the bank day of an instant; the switch itself belongs to the next day."""
        local = moment.astimezone(BEIJING)
        return local.date() + timedelta(days=int(local.time() >= self.day_switch))


PROFILES: Mapping[str, Profile] = {
    profile.code: profile
    for profile in (
        Profile(
            code="gusu",
            name="姑苏银行(模拟)",
            dialect="open-api",
            reference_prefix="GS",
            account_prefix="6",
            day_switch=time(23, 0),
            rates=(Rate(valid_from=date(2000, 1, 1), annual=Decimal("0.0035")),),
        ),
    )
}
