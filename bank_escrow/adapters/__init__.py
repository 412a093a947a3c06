"""Banks behind one protocol: `adapter_for(code)` gives the one that settings name."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from bank_escrow.adapters import open_api_codec
from bank_escrow.adapters.open_api import OpenApiBank
from bank_escrow.adapters.profiles import PROFILES
from bank_escrow.adapters.protocol import BankAdapter, BankProfile, PaymentOrder
from bank_escrow.adapters.signing import Keys


class NoSuchBank(LookupError):  # noqa: N818 - said of the name
    """No bank of this code is connected, or its keys are not there yet."""


def codes() -> tuple[str, ...]:
    """Return the codes of the connected banks; one without a profile is a fault in settings."""
    return tuple(sorted(settings.BANKS))


def profile_for(code: str) -> BankProfile:
    """Return what is agreed with a bank."""
    try:
        return PROFILES[code]
    except KeyError:
        raise NoSuchBank(code) from None


def adapter_for(code: str) -> BankAdapter:
    """Return the bank. Keys are read anew each time, so that changing them needs no restart."""
    url = settings.BANKS.get(code)
    if url is None:
        raise NoSuchBank(code)
    try:
        keys = Keys.read(keys_file(code))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoSuchBank(code) from error
    return OpenApiBank(profile=profile_for(code), url=url, keys=keys)


def keys_file(code: str) -> Path:
    """Return where the keys shared with a bank lie: the simulator's state folder in a demo."""
    folder = getattr(settings, "BANK_KEYS", None) or settings.RUN_DIR / "banks"
    return Path(folder) / code / "keys.json"


def decode(code: str, wire: bytes) -> PaymentOrder:
    """Read back an order in a bank's dialect, without the bank or its keys."""
    return open_api_codec.decode(wire, charset=profile_for(code).charset)
