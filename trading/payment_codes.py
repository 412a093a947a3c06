"""The QR code of a payment: what a bank's app or a colleague's telephone reads off the page."""

from __future__ import annotations

import segno
from django.utils.translation import gettext as _

from bank_escrow.selectors import DepositState
from core.money import plain_yuan


def image(deposit: DepositState) -> str:
    """Return the code as a data address for an image; nothing without an account."""
    if not deposit.account_number:
        return ""
    lines = (
        f"{_('户名')}：{deposit.holder_name}",
        f"{_('账号')}：{deposit.account_number}",
        f"{_('开户行')}：{deposit.bank_name}",
        f"{_('金额')}：{plain_yuan(deposit.required_fen)}",
    )
    return segno.make("\n".join(lines), error="m").svg_data_uri(scale=4, border=2, light="#fff")
