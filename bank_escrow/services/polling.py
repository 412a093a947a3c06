"""Read the bank's own bookings: what a lost notice did not say, and what only a poll can say."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from bank_escrow import adapters
from bank_escrow.adapters.protocol import Page, Unknown
from bank_escrow.domain import serials
from bank_escrow.models import Bank, BankCredit
from bank_escrow.services.entries import book
from bank_escrow.services.sending import ask_about
from bank_escrow.services.settling import NotYet

POLL_EVERY = timedelta(seconds=15)


def poll(bank: Bank, *, now: datetime, at_once: bool = False) -> None:
    """Read on from where we stopped, to the end.

    The cursor moves with the page that was booked, in one transaction. A page read twice changes
    nothing, so a crash in between costs a repetition and loses nothing.
    """
    if not at_once and bank.polled_at is not None and now - bank.polled_at < POLL_EVERY:
        return
    adapter = adapters.adapter_for(bank.code)
    day = serials.bank_day(now, switches_at=adapter.profile.day_switches_at)
    cursor = Bank.objects.values_list("cursor", flat=True).get(pk=bank.pk)
    more = True
    while more:
        page = adapter.intraday(cursor=cursor, until=day + timedelta(days=1))
        if isinstance(page, Unknown):
            return
        if not _book_page(bank, page, now=now):
            break
        more = page.more and page.cursor != cursor
        cursor = page.cursor
    bank.polled_at = now
    bank.save(update_fields=["polled_at"])


def _book_page(bank: Bank, page: Page, *, now: datetime) -> bool:
    """Book a page; False when the bank does not say how an order went that the page speaks of.

    A return that overtook the word of its payment has that order asked about at once, each once.
    """
    asked: set[str] = set()
    while True:
        try:
            with transaction.atomic():
                for entry in page.entries:
                    book(entry, bank=bank.code, channel=BankCredit.Channel.POLL, now=now)
                Bank.objects.filter(pk=bank.pk).update(cursor=page.cursor)
        except NotYet as early:
            serial = str(early)
            if serial in asked:
                return False
            asked.add(serial)
            ask_about(bank, serial=serial, now=now)
        else:
            return True
