"""The demo's world without its neighbours: the authority and the bank are in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.test import override_settings

import core.clock
from accounts.adapters import authority as adapter
from bank_escrow import adapters
from bank_escrow.services import accounts
from config.demo_world import payers, plans
from config.demo_world.schedule import StoryTime
from tests.accounts.authority import LONG_AGO, Authority
from tests.bank_escrow.fake_bank import BANK, FakeBank


@contextmanager
def stage(folder: Path) -> Iterator[FakeBank]:
    """Give the run folder and the story clock in which a world can be loaded, and its bank."""
    story = folder / "clock.json"
    real = core.clock.real_now()
    core.clock.write_story(story, core.clock.StoryClock(real=real, story=real))
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(
            RUN_DIR=folder, ESCROW_KEY_FILE=folder / "escrow.key", BANKS={BANK: "memory:"}
        ),
    ):
        patch.setenv(core.clock.VARIABLE, str(story))
        _install_authority(patch)
        yield _install_bank(patch)


def _install_authority(patch: pytest.MonkeyPatch) -> None:
    made = Authority()
    root = made.root()

    def issue(*, name, person_id, organisation, credit_code, passphrase):
        holder = made.issue(
            name,
            organisation=organisation,
            credit_code=credit_code,
            not_before=LONG_AGO,
            days=36500,
        )
        secret = serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            name.encode(), holder.key, holder.certificate, [root], secret
        )

    patch.setattr(adapter, "trusted", lambda: (root,))
    patch.setattr(adapter, "issue", issue)
    patch.setattr(
        adapter,
        "fetch_revocation_list",
        lambda: made.revocation_list(at=core.clock.now().replace(microsecond=0)),
    )


def _install_bank(patch: pytest.MonkeyPatch) -> FakeBank:
    bank = FakeBank(now=plans.FOUNDED)
    patch.setattr(adapters, "adapter_for", lambda _: bank)
    patch.setattr(accounts, "POOL", 60)
    set_clock = StoryTime.set

    def set_both(self, moment):
        bank.now = set_clock(self, moment)
        return bank.now

    def pay(*, firm, account, amount_fen, transfer):
        del transfer
        bank.transfer(account.number, amount_fen, name=firm.name, from_account=firm.basic_account)

    patch.setattr(StoryTime, "set", set_both)
    patch.setattr(payers, "pay", pay)
    return bank
