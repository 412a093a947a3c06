"""How far a refund is: planned date, state, who is at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bank_escrow.models import Instruction
from bank_escrow.words import BASES


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundStep:
    """One order to pay, as those who wait for the money see it."""

    id: UUID
    state: str
    purpose: str
    amount_fen: int
    interest_fen: int
    basis: str | Promise
    due_at: datetime
    settled_at: datetime | None
    waits_for: str | Promise
    # How many of the four marks are behind us: 退款指令 → 复核 → 银行受理 → 到账.
    marks: int

    @property
    def chip(self) -> str:
        """Name the chip of the state."""
        return f"payment.{self.state}"


_WAITS = {
    "DRAFT": _("等待财务经办人提交"),
    "SUBMITTED": _("等待第二人复核"),
    "APPROVED": _("等待放行"),
    "QUEUED": _("等待发送银行"),
    "SENDING": _("正在发送银行"),
    "PROCESSING": _("银行处理中"),
    "UNKNOWN": _("正在向银行查询结果"),
    "ABSENT": _("等待银行书面答复"),
    "BREAK": _("财务正在与银行核对"),
    "FAILED_BANK": _("银行未付，等待重新办理"),
    "FAILED_CONFIRMED": _("银行确认未付，等待重新办理"),
    "RETURNED": _("银行退回，等待重新办理"),
}
_MARKS = {
    "DRAFT": 1,
    "SUBMITTED": 1,
    "APPROVED": 2,
    "QUEUED": 2,
    "SENDING": 2,
    "PROCESSING": 3,
    "UNKNOWN": 2,
    "ABSENT": 2,
    "BREAK": 2,
    "DONE": 4,
}


def steps_of(orders: Iterable[Instruction]) -> tuple[RefundStep, ...]:
    """Return the steps of these orders, those taken back left out."""
    return tuple(_step(order) for order in orders if order.state != "CANCELLED")


def _step(order: Instruction) -> RefundStep:
    return RefundStep(
        id=order.id,
        state=order.state,
        purpose=order.purpose,
        amount_fen=order.amount_fen,
        interest_fen=order.interest_fen,
        basis=BASES.get(order.basis, order.basis),
        due_at=order.due_at,
        settled_at=order.settled_at,
        waits_for=_WAITS.get(order.state, ""),
        marks=_MARKS.get(order.state, 0),
    )
