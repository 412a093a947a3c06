"""The banks we know, one profile each. A bank is added by a profile and, if new, its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from bank_escrow.adapters.protocol import BankProfile
from bank_escrow.domain.interest import Rate

# 中国人民银行: 活期存款基准利率 0.35 % since 2012-07-06. A bank's own listed rate replaces it here.
_BENCHMARK: Final = (Rate(valid_from=date(2012, 7, 6), annual=Decimal("0.0035")),)

PROFILES: Final[Mapping[str, BankProfile]] = MappingProxyType(
    {
        "gusu": BankProfile(
            code="gusu",
            name="姑苏银行(模拟)",
            number=5,
            day_switches_at=time(23, 0),
            quiet=timedelta(minutes=2),
            call_timeout=timedelta(seconds=10),
            charset="utf-8",
            fail_codes=frozenset(
                {
                    "ACCOUNT_UNKNOWN",
                    "ORIGINAL_UNKNOWN",
                    "PAYEE_NOT_PAYER",
                    "EXCEEDS_ORIGINAL",
                    "INSUFFICIENT_FUNDS",
                    "PAYEE_ACCOUNT_CLOSED",
                    "EXPIRED",
                    "CANCELLED",
                }
            ),
            rates=_BENCHMARK,
        ),
    }
)
