"""The lines of 今天要做的事 at finance's desk: which orders wait for whose hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Todo
from accounts.services import todo
from bank_escrow.models import Instruction
from bank_escrow.selectors.finance import visible_orders
from bank_escrow.selectors.people import finance_people

KEY: Final = "bank_escrow.refunds"


def tell_hands(now: datetime) -> None:
    """Keep one line for each person of finance, for the orders that person may sign now."""
    waiting = list(visible_orders().filter(state__in=["DRAFT", "SUBMITTED", "APPROVED"]))
    for person in finance_people():
        mine = [order for order in waiting if may_sign(order, str(person.pk))]
        if not mine:
            todo.done(key=KEY, to=person, now=now)
            continue
        text = format_lazy(_("办理退款：{count} 笔等您签名"), count=len(mine))
        due_at = min(order.due_at for order in mine)
        if not _stands(person.pk, str(text), due_at):
            link = reverse("bank_escrow:refunds")
            todo.add(to=person, key=KEY, text=text, link=link, due_at=due_at, now=now)


def may_sign(order: Instruction, person: str) -> bool:
    """Tell whether an order waits for this person, who has no other hand in it."""
    before: Iterable[str] = {
        "DRAFT": (),
        "SUBMITTED": (order.maker,),
        "APPROVED": (order.maker, order.checker),
    }[order.state]
    if order.state == "APPROVED" and (order.releaser or not order.needs_release):
        return False
    return person not in before


def _stands(person: UUID, text: str, due_at: datetime) -> bool:
    """Tell whether the line is there as it should be: the clock asks every second."""
    lines = Todo.objects.filter(person=person, key=KEY, done_at__isnull=True)
    return lines.filter(text=text, due_at=due_at).exists()
