"""Two persons of finance in a real browser: one proposes by a document, the other confirms."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bank_escrow.models import Bank, Deposit, Proposal
from tests import people
from tests.bank_escrow.conftest import bank
from tests.bank_escrow.lots import CUTOFF, EARLIER, Lot
from tests.books import assert_sound
from tests.browser.bidding import pdf
from tests.browser.clerk import _own_folders, authority, built, clerk, looked_at

__all__ = ["_own_folders", "authority", "bank", "built", "clerk"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lot(bank, clock, _own_folders) -> Lot:
    """A lot that has opened with one deposit."""
    clock.set(EARLIER)
    bank.now = EARLIER
    made = Lot(bank)
    made.paid_deposit()
    clock.set(CUTOFF)
    made.open(CUTOFF)
    return made


class TestTwoPersons:
    def test_freeze_a_deposit_and_stop_a_bank(self, lot, clerk):
        first, second = clerk(people.chen()), clerk(people.he())
        first.faults.expect("status of 422")  # a document that was forgotten
        self.freeze(first, second)
        self.stop(first, second)
        assert_sound()

    @staticmethod
    def freeze(first, second):
        page = first.go("/finance")
        page.get_by_role("link", name="账簿").first.click()
        looked_at(page, "finance-deposit")
        page.fill("#id_reason", "苏公资投诉〔2026〕3号")
        first.sign("bank_escrow:propose-deposit", "签名并送确认")
        expect(page.locator(".field--bad")).to_have_count(1)
        assert not Proposal.objects.exists()
        document = {"name": "冻结决定.pdf", "mimeType": "application/pdf", "buffer": pdf()}
        page.set_input_files("#id_file", document)
        first.sign("bank_escrow:propose-deposit", "签名并送确认")
        first.told("已提出，等待另一位财务人员确认")
        expect(page.get_by_role("button", name="签名并确认")).to_have_count(0)
        looked_at(page, "finance-own-proposal")
        page = second.go("/my")
        page.get_by_role("link", name="确认另一位财务人员提出的事项").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="下载文件").click()
        assert download.value.path().read_bytes() == document["buffer"]
        looked_at(page, "finance-proposal")
        second.sign("bank_escrow:confirm", "签名并确认")
        second.told("已确认并办理")
        assert Deposit.objects.get().state == Deposit.State.FROZEN
        first.go("/finance").get_by_role("link", name="账簿").first.click()
        first.refused("冻结依据")
        looked_at(first.page, "finance-frozen")

    @staticmethod
    def stop(first, second):
        page = first.go("/finance/banks")
        page.select_option("#id_kind", "STOP_BANK")
        page.fill("#id_reason", "银行来电称系统维护")
        first.sign("bank_escrow:banks", "签名并送确认")
        first.told("已提出，等待另一位财务人员确认")
        assert Bank.objects.get().stopped_at is None
        page = second.go("/finance/proposals")
        page.get_by_role("link", name="停止发送").click()
        second.sign("bank_escrow:confirm", "签名并确认")
        second.told("已确认并办理")
        assert Bank.objects.get().stopped_at is not None
        second.go("/finance/banks")
        second.refused("已停止发送")
        looked_at(second.page, "finance-bank-stopped")
