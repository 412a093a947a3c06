"""Serials of instructions and the bank's day: what must never repeat and when a day ends.

`<city 2><bank 2><yyyymmdd><drawn 10><check 2>`. The ten digits are drawn, not counted: a counter
would tell how many refunds there were before. People read serials over the telephone, hence the
check digits.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from core.zone import at, local

_CHECKED: Final = 97
_SERIAL: Final = re.compile(r"[0-9]{24}", re.ASCII)
DRAWN_BELOW: Final = 10**10


def serial(*, centre: str, bank_number: int, day: date, drawn: int) -> str:
    """Compose a serial from the centre, the bank, the day and ten drawn digits."""
    if not 0 <= drawn < DRAWN_BELOW:
        raise ValueError("ten digits are drawn")
    head = f"{int(centre) // 100 % 100:02}{bank_number:02}{day:%Y%m%d}{drawn:010}"
    return f"{head}{_check(head):02}"


def is_serial(text: str) -> bool:
    """Say whether a serial is whole; a mistyped one is found by its check digits."""
    return bool(_SERIAL.fullmatch(text)) and int(text[-2:]) == _check(text[:-2])


def bank_day(now: datetime, *, switches_at: time) -> date:
    """Return the bank's day: from the switch in the evening on it is already tomorrow's."""
    there = local(now)
    return there.date() + timedelta(days=1) if there.time() >= switches_at else there.date()


def near_switch(now: datetime, *, switches_at: time, quiet: timedelta) -> bool:
    """Say whether the bank's day is about to end: what leaves now could be booked tomorrow."""
    end = at(local(now).date(), switches_at.hour, switches_at.minute)
    return timedelta(0) < end - now <= quiet


def _check(head: str) -> int:
    # ISO 7064 MOD 97-10.
    return 98 - int(head) * 100 % _CHECKED
