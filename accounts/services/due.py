"""What time has made due: messages to send, a fresh revocation list, old challenges, seals."""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from django.db import transaction

from accounts.adapters import mail, sms
from accounts.adapters.delivery import DeliveryError
from accounts.models import Outgoing
from accounts.selectors import seals_due
from accounts.services import revocation, sessions, veil
from accounts.tasks import seal_papers
from audit.services.queue import ask_again

log = logging.getLogger(__name__)

BATCH = 50
# Waits after the first, second … failure; after the last the copy is given up, the inbox stays.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
_SENDERS = {Outgoing.Channel.EMAIL: mail.send, Outgoing.Channel.SMS: sms.send}


def tick(now: datetime) -> None:
    """Do what is due; any number of clocks may run this at once."""
    _send_due(now=now)
    revocation.refresh_if_old(now=now)
    sessions.forget_old_challenges(now=now)
    if seals_due(now):
        ask_again(seal_papers)


def _send_due(*, now: datetime) -> None:
    """Send what is due; a door that is shut is left alone until the next beat."""
    doors = set(_SENDERS)
    for _ in range(BATCH):
        copy = _send_next(doors, now=now)
        if copy is None:
            return
        if copy.state != Outgoing.State.SENT:
            doors.discard(Outgoing.Channel(copy.channel))


def _send_next(doors: AbstractSet[Outgoing.Channel], *, now: datetime) -> Outgoing | None:
    # A clock that dies between sending and writing it down sends twice: better than never.
    with transaction.atomic():
        copy = (
            Outgoing.objects.select_for_update(skip_locked=True)
            .filter(state=Outgoing.State.DUE, due_at__lte=now, channel__in=sorted(doors))
            .order_by("due_at", "id")
            .first()
        )
        if copy is None:
            return None
        try:
            to, subject, body = _words(copy)
            _SENDERS[Outgoing.Channel(copy.channel)](to=to, subject=subject, body=body)
        except DeliveryError as error:
            _put_off(copy, error=error, now=now)
        except Exception as error:
            # One copy that cannot be read, as under a changed key, must not keep the rest in.
            log.exception("copy %s cannot be sent", copy.pk)
            _put_off(copy, error=DeliveryError(type(error).__name__), now=now)
        else:
            copy.state, copy.sent_at = Outgoing.State.SENT, now
        copy.attempts += 1
        copy.save(update_fields=["state", "sent_at", "due_at", "attempts", "last_error"])
    return copy


def _words(copy: Outgoing) -> tuple[str, str, str]:
    if copy.sealed is None:
        return copy.address, copy.subject, copy.body
    facts = veil.unseal(bytes(copy.sealed), bound_to=copy.pk)
    return facts["address"], facts["subject"], facts["body"]


def _put_off(copy: Outgoing, *, error: DeliveryError, now: datetime) -> None:
    # A server's words often repeat the address; of a sealed copy only their kind is kept.
    words = str(error) if copy.sealed is None else str(error).split(":", maxsplit=1)[0]
    copy.last_error = words[:200]
    if copy.attempts < len(WAITS):
        copy.due_at = now + WAITS[copy.attempts]
    else:
        copy.state = Outgoing.State.GIVEN_UP
