"""A bank in memory for every test; the ledger is checked at the end of each, as of all tests."""

from __future__ import annotations

import pytest

from bank_escrow import adapters
from bank_escrow.services import accounts, sending
from tests import people
from tests.bank_escrow.fake_bank import BANK, FakeBank
from tests.bank_escrow.lots import EARLIER, Lot
from tests.books import assert_sound


@pytest.fixture
def sound():
    """Ask the invariants after each step: call it between acts."""
    return assert_sound


@pytest.fixture
def bank(db, monkeypatch, settings, tmp_path):
    """The bank in memory, connected in place of the real one."""
    settings.BANKS = {BANK: "memory:"}
    settings.ESCROW_KEY_FILE = tmp_path / "escrow.key"
    people.centre()
    fake = FakeBank(now=EARLIER)
    monkeypatch.setattr(adapters, "adapter_for", lambda code: fake)
    monkeypatch.setattr(sending, "real_now", lambda: fake.now)
    monkeypatch.setattr(accounts, "POOL", 4)
    return fake


@pytest.fixture
def lot(bank):
    """A lot that demands 500,000.00 yuan before D."""
    return Lot(bank)
