"""Telling people: into the inbox at once, by e-mail and SMS as soon as may be."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import selectors
from accounts.models import Message, Organisation, Outgoing, Person


def send(
    *,
    to: Person | Organisation,
    kind: str,
    subject: str,
    body: str,
    level: str,
    link: str,
    now: datetime,
) -> list[Message]:
    """Put a message into the inbox of a person, or of everybody who acts for an organisation.

    Copies for e-mail and SMS are written in the same transaction and leave by the clock: a mail
    server that is down neither loses a message nor stops the act that sent it.
    """
    organisation = to if isinstance(to, Organisation) else None
    people = list(selectors.members(organisation=to)) if isinstance(to, Organisation) else [to]
    with transaction.atomic():
        sent = Message.objects.bulk_create(
            Message(
                person=person,
                organisation=organisation,
                kind=kind,
                level=Message.Level(level),
                subject=subject,
                body=body,
                link=link,
                at=now,
            )
            for person in people
        )
        Outgoing.objects.bulk_create(copy for message in sent for copy in _copies(message, now))
    return sent


def mark_read(*, message: Message, now: datetime) -> None:
    """Leave the read receipt; the first reading counts."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now)


def _copies(message: Message, now: datetime) -> list[Outgoing]:
    addresses = []
    if message.person.email:
        addresses.append((Outgoing.Channel.EMAIL, message.person.email))
    # An SMS costs money and sleep: only for what somebody must act upon.
    if settings.SMS_URL and message.person.phone and message.level == Message.Level.ACT:
        addresses.append((Outgoing.Channel.SMS, message.person.phone))
    return [
        Outgoing(
            message=message,
            channel=channel,
            address=address,
            subject=message.subject,
            body=message.body,
            due_at=now,
        )
        for channel, address in addresses
    ]
