"""Send orders, each at most once.

The claim is committed before the call. If we die in between, the order is found in SENDING and
becomes UNKNOWN; nothing ever sends it again. Only a transport that proves that not one byte left
puts it back into the queue (`bank.md` §3.1, and §3.2 for what laxer rules cost).

The points at which a crash is tested are numbered in the comments.
"""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from audit.services import record
from bank_escrow import adapters, vault
from bank_escrow.adapters.protocol import BankAdapter, NotSent, Unknown
from bank_escrow.domain import serials
from bank_escrow.domain.lifecycle import OPEN_AT_BANK
from bank_escrow.events import PaymentQueued, PaymentSent
from bank_escrow.models import Bank, Break, Instruction, Outbox
from bank_escrow.services.breaks import open_break
from bank_escrow.services.orders import content_sha, payment_order
from bank_escrow.services.settling import settle, wait_longer
from bank_escrow.services.states import locked_instruction, move_instruction
from core.clock import real_now

log = logging.getLogger(__name__)

# Whose end the bank may know.
ASKABLE = (*sorted(OPEN_AT_BANK), Instruction.State.ABSENT)
# Longer than the call's own limit: whoever is still calling must not be declared dead.
_GRACE = timedelta(seconds=20)
# `now` is the tick's: with a long queue it must not be believed until past the day's switch.
_LANE = timedelta(seconds=30)


def queue_approved(bank: Bank, *, now: datetime) -> None:
    """Fix day and bytes of every order that all its persons have signed."""
    _expire(bank, now=now)
    ready = Instruction.objects.filter(
        Q(needs_release=False) | ~Q(releaser=""), bank=bank, state=Instruction.State.APPROVED
    )
    for order_id in ready.order_by("id").values_list("id", flat=True):
        _queue(order_id, now=now)


def send_queued(bank: Bank, *, now: datetime) -> None:
    """Send what is queued, one after the other: one lane a bank."""
    adapter = adapters.adapter_for(bank.code)
    stale = time.monotonic() + _LANE.total_seconds()
    while time.monotonic() < stale and (claimed := _claim(bank, adapter, now=now)) is not None:
        order_id, wire = claimed
        # Crash point 2: claimed and committed, nothing sent.
        outcome = adapter.send(wire)
        # Crash point 3: sent, the answer not written down.
        settle(instruction_id=order_id, outcome=outcome, now=now)
        # Crash point 4: all written down.
        if isinstance(outcome, NotSent | Unknown):
            # The bank does not answer: what waits can wait in the queue rather than in doubt.
            return


def give_up_claims(bank: Bank, *, now: datetime) -> None:
    """Declare unknown what a dead worker had claimed. It is never sent again.

    How long a call may take is a matter of real seconds, however the story's clock stands or jumps.
    """
    limit = real_now() - adapters.profile_for(bank.code).call_timeout - _GRACE
    dead = Instruction.objects.filter(
        bank=bank, state=Instruction.State.SENDING, outbox__claimed_at__lt=limit
    )
    for order_id in dead.order_by("id").values_list("id", flat=True):
        settle(instruction_id=order_id, outcome=Unknown(why="CRASH"), now=now)


def query_open(bank: Bank, *, now: datetime) -> None:
    """Ask the bank about every order whose end we do not know and whose wait is over.

    An absent one is asked about when the bank's bookings spoke of it, and before each new try to
    have it barred.
    """
    waiting = Instruction.objects.filter(bank=bank, state__in=ASKABLE, next_query_at__lte=now)
    for order in waiting.order_by("next_query_at", "id"):
        ask(order, now=now)


def ask(order: Instruction, *, now: datetime) -> None:
    """Ask the bank about one order and settle it by the answer.

    An answer that cannot be taken costs its own order a longer wait and no other one anything.
    """
    assert order.bank_day is not None
    adapter = adapters.adapter_for(order.bank_id)
    try:
        outcome = adapter.query(serial=order.serial, bank_day=order.bank_day)
        settle(instruction_id=order.id, outcome=outcome, now=now)
    except Exception:
        log.exception("the bank's answer about order %s could not be taken", order.id)
        with transaction.atomic():
            wait_longer(locked_instruction(order.id), now=now)
    # Still absent: the next word is the bar's, which waits for nothing.
    Instruction.objects.filter(pk=order.pk, state=Instruction.State.ABSENT).update(
        next_query_at=None
    )


def ask_about(bank: Bank, *, serial: str, now: datetime) -> None:
    """Ask at once about an order that the bank's own bookings speak of."""
    order = Instruction.objects.filter(bank=bank, serial=serial, state__in=ASKABLE).first()
    # One that is being sent has its answer on the way.
    if order is not None:
        ask(order, now=now)


@transaction.atomic
def _queue(order_id: UUID, *, now: datetime) -> None:
    order = locked_instruction(order_id)
    if order.state != Instruction.State.APPROVED:
        return
    adapter = adapters.adapter_for(order.bank_id)
    day = serials.bank_day(now, switches_at=adapter.profile.day_switches_at)
    payment = payment_order(order, valid_on=day)
    try:
        wire = adapter.encode(payment)
    except UnicodeEncodeError:
        open_break(
            bank=order.bank_id,
            kind=Break.Kind.UNREADABLE,
            source_id=order.id,
            critical=False,
            now=now,
            facts={"what": "charset"},
        )
        return
    move_instruction(
        order,
        "queue",
        now=now,
        bank_day=day,
        wire_sealed=vault.seal_bytes(wire, context=f"wire/{order.id}"),
        wire_sha=hashlib.sha256(wire).hexdigest(),
    )
    Outbox.objects.update_or_create(
        instruction=order, defaults={"queued_at": now, "claimed_at": None}
    )
    record(
        stream=f"instruction/{order.id}",
        event=PaymentQueued(bank_day=day, wire_sha=order.wire_sha),
        actor="system:escrow",
        now=now,
    )
    # Crash point 1: queued, nobody has claimed it.


def _claim(bank: Bank, adapter: BankAdapter, *, now: datetime) -> tuple[UUID, bytes] | None:
    """Claim one order for its one sending, and commit that, before anything is sent."""
    profile = adapter.profile
    if serials.near_switch(now, switches_at=profile.day_switches_at, quiet=profile.quiet):
        return None
    today = serials.bank_day(now, switches_at=profile.day_switches_at)
    with transaction.atomic(durable=True):
        if not Bank.objects.filter(pk=bank.pk, stopped_at__isnull=True).exists():
            return None
        order = (
            Instruction.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("deposit__requirement", "credit__deposit__requirement", "bank")
            .filter(bank=bank, state=Instruction.State.QUEUED, bank_day=today)
            .order_by("changed_at", "id")
            .first()
        )
        if order is None:
            return None
        wire = wire_of(order)
        if not _is_what_was_signed(order, adapter, wire):
            open_break(
                bank=bank.code,
                kind=Break.Kind.CONTRADICTION,
                source_id=order.id,
                critical=True,
                now=now,
                facts={"what": "wire"},
            )
            return None
        move_instruction(order, "claim", now=now)
        Outbox.objects.filter(instruction=order).update(claimed_at=real_now(), sent_at=now)
        record(
            stream=f"instruction/{order.id}",
            event=PaymentSent(wire_sha=order.wire_sha),
            actor="system:escrow",
            now=now,
        )
    return order.id, wire


def wire_of(order: Instruction) -> bytes:
    """Return the bytes of a queued order."""
    assert order.wire_sealed is not None
    return vault.unseal_bytes(order.wire_sealed, context=f"wire/{order.id}")


def _is_what_was_signed(order: Instruction, adapter: BankAdapter, wire: bytes) -> bool:
    """Recompute what the persons signed from the bytes about to leave."""
    return (
        hashlib.sha256(wire).hexdigest() == order.wire_sha
        and content_sha(order, adapter.decode(wire)) == order.content_sha
    )


@transaction.atomic
def _expire(bank: Bank, *, now: datetime) -> None:
    """Take back the bytes of an earlier day: the bank would refuse them, and none ever left."""
    today = serials.bank_day(now, switches_at=adapters.profile_for(bank.code).day_switches_at)
    old = Instruction.objects.select_for_update(of=("self",), skip_locked=True).filter(
        bank=bank, state=Instruction.State.QUEUED, bank_day__lt=today
    )
    for order in old.order_by("id"):
        move_instruction(order, "expire", now=now)
