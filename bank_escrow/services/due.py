"""What time has made due. Any number of clocks may call `tick`; each job is idempotent.

A crash between any two steps loses nothing: what was received is on disk before it was answered,
what was claimed is never claimed again, and every job finds its work by the state of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.services import messages
from bank_escrow import adapters
from bank_escrow.domain.lifecycle import OVER
from bank_escrow.models import Bank, Instruction, Nonce
from bank_escrow.selectors.people import finance_people
from bank_escrow.services.accounts import fill_pool
from bank_escrow.services.again import order_again
from bank_escrow.services.banks import check_health, connected
from bank_escrow.services.barring import bar_absent
from bank_escrow.services.books import check_if_due
from bank_escrow.services.entries import match_waiting
from bank_escrow.services.inbox import handle_new
from bank_escrow.services.polling import poll
from bank_escrow.services.sending import give_up_claims, query_open, queue_approved, send_queued
from bank_escrow.services.statements import close_doubts
from bank_escrow.services.wanted import tell_hands

ALARM_BEFORE = timedelta(days=2)
# Far longer than the window in which a signed time is believed.
_NONCES_KEPT = timedelta(days=1)


def tick(now: datetime) -> None:
    """Do for every bank what is due, read the books, warn of refunds whose day comes near.

    What goes wrong at one bank is told at the end, when the others have had their turn.
    """
    jobs: list[Callable[[], object]] = [partial(serve, bank, now=now) for bank in connected(now)]
    jobs += [
        partial(check_if_due, now),
        partial(warn_of_due_refunds, now),
        partial(tell_hands, now),
        Nonce.objects.filter(at__lt=now - _NONCES_KEPT).delete,
    ]
    failures = []
    for job in jobs:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - collected and raised below
            failures.append(error)
    if failures:
        raise ExceptionGroup("not all that is due at the banks could be done", failures)


def serve(bank: Bank, *, now: datetime) -> None:
    """Do for one bank what is due: hear, match, send, ask, settle what is in doubt.

    A bank that does not answer is asked for nothing but its health, once a beat, until it does.
    """
    check_health(bank, now=now)
    try:
        adapters.adapter_for(bank.code)
    except adapters.NoSuchBank:
        return
    heard = handle_new(bank, now=now)
    if bank.is_up:
        fill_pool(bank, now=now)
        poll(bank, now=now, at_once=heard)
    match_waiting(bank.code, now=now)
    give_up_claims(bank, now=now)
    queue_approved(bank, now=now)
    if bank.is_up:
        _settle(bank, now=now)
    order_again(bank, now=now)


def _settle(bank: Bank, *, now: datetime) -> None:
    send_queued(bank, now=now)
    query_open(bank, now=now)
    close_doubts(bank, now=now)
    bar_absent(bank, now=now)


@transaction.atomic
def warn_of_due_refunds(now: datetime) -> None:
    """Tell finance, once an order, that a legal day is near and the money has not left.

    Only of unsealed lots: before that, nobody may learn from an alarm that somebody withdrew.
    """
    late = list(
        Instruction.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            due_at__lte=now + ALARM_BEFORE,
            alarmed_at__isnull=True,
            deposit__requirement__unsealed_at__isnull=False,
        )
        .exclude(state__in=[*sorted(OVER), Instruction.State.DONE])
        .order_by("id")
    )
    if not late:
        return
    Instruction.objects.filter(pk__in=[order.pk for order in late]).update(alarmed_at=now)
    for person in finance_people():
        messages.send(
            to=person,
            kind="refund-due",
            subject=_("退款即将到期"),
            body=_("有保证金退款在两天内到期，尚未付出。"),
            level="act",
            link=reverse("bank_escrow:refunds"),
            now=now,
        )
