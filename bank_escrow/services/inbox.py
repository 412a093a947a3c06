"""The bank's own words: kept first, answered after the commit, read afterwards.

A notice that is authentic is evidence even if it cannot be read. One that is not authentic leaves
nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from bank_escrow import adapters, vault
from bank_escrow.adapters.protocol import Entry, PaymentReport, Seen, Unreadable
from bank_escrow.models import Bank, BankCredit, BankMessage, Break, Instruction, Nonce
from bank_escrow.services.breaks import open_break
from bank_escrow.services.entries import book
from bank_escrow.services.settling import NotYet, settle
from core.verdicts import Refusal

_FRESH = timedelta(minutes=1)


def receive(
    *,
    bank: str,
    headers: Mapping[str, str],
    target: str,
    body: bytes,
    real_time: float,
    now: datetime,
) -> UUID:
    """Keep a notice and return its id; when this returns, it is on disk.

    Refuses `M-401` for anything not signed by this bank just now, or already heard under the same
    nonce. A repeated body is the message already kept.
    """
    if not Bank.objects.filter(code=bank).exists():
        raise Refusal("M-401")
    try:
        adapter = adapters.adapter_for(bank)
    except adapters.NoSuchBank:
        raise Refusal("M-401") from None
    notice = adapter.authenticate(headers=headers, target=target, body=body, now=real_time)
    if notice is None:
        raise Refusal("M-401")
    with transaction.atomic():
        _use_nonce(bank, notice.nonce, now=now)
        new = uuid4()
        message, _ = BankMessage.objects.get_or_create(
            bank_id=bank,
            sha=vault.index(body.hex(), key=None, context=f"message/{bank}"),
            defaults={
                "id": new,
                "received_at": now,
                "raw_sealed": vault.seal_bytes(body, context=f"message/{new}"),
            },
        )
    return message.id


def handle_new(bank: Bank, *, now: datetime) -> bool:
    """Read what is new and say whether anything was read, so that it is confirmed by a poll.

    A message is done in the transaction of what it changed.
    """
    new = BankMessage.objects.filter(bank=bank, state=BankMessage.State.NEW)
    ids = list(new.order_by("received_at", "id").values_list("id", flat=True))
    read = [handle(message_id=message_id, now=now) for message_id in ids]
    return any(read)


def handle(*, message_id: UUID, now: datetime) -> bool:
    """Act on one message and say whether that is done; several workers may try, one will."""
    with transaction.atomic():
        message = (
            BankMessage.objects.select_for_update(skip_locked=True)
            .filter(pk=message_id, state=BankMessage.State.NEW)
            .first()
        )
        if message is None:
            return False
        raw = vault.unseal_bytes(message.raw_sealed, context=f"message/{message.id}")
        try:
            for seen in adapters.adapter_for(message.bank_id).parse(raw):
                _act(seen, bank=message.bank_id, now=now)
        except NotYet as early:
            # Stays new: the query comes first, at once; later at the order's own waits.
            if now - message.received_at < _FRESH:
                order = Instruction.objects.filter(bank=message.bank_id, serial=str(early))
                order.update(next_query_at=now)
            return False
        except Unreadable:
            message.state = BankMessage.State.SET_ASIDE
            open_break(
                bank=message.bank_id,
                kind=Break.Kind.UNREADABLE,
                source_id=message.id,
                critical=False,
                now=now,
            )
        else:
            message.state = BankMessage.State.HANDLED
        message.save(update_fields=["state"])
    return True


def _act(seen: Seen, *, bank: str, now: datetime) -> None:
    match seen:
        case Entry():
            book(seen, bank=bank, channel=BankCredit.Channel.NOTICE, now=now)
        case PaymentReport():
            order = Instruction.objects.filter(bank=bank, serial=seen.outcome.serial).first()
            if order is None:
                raise Unreadable("serial")
            settle(instruction_id=order.id, outcome=seen.outcome, now=now)


def _use_nonce(bank: str, nonce: str, *, now: datetime) -> None:
    try:
        with transaction.atomic():
            Nonce.objects.create(bank_id=bank, nonce=nonce, at=now)
    except IntegrityError:
        raise Refusal("M-401") from None
