"""Telling people: into the inbox at once, by e-mail and SMS as soon as may be.

A message about a secret matter (a tender before its opening) names nobody in the database: it is
sealed, and its reader finds it by a keyed hash (`veil`). When the matter is no secret any more
`reveal` turns what was sealed into ordinary rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.models import Message, Organisation, Outgoing, Person, SecretMatter
from accounts.services import veil
from accounts.services.wording import said_in

# What a sealed message keeps under the seal besides its person and organisation.
_WORDS = ("kind", "level", "subject", "body", "subject_en", "body_en", "link")
_BATCH = 500
_SUBJECT = 200  # of a copy


def send(
    *,
    to: Person | Organisation,
    kind: str,
    subject: str | Promise,
    body: str | Promise,
    level: str,
    link: str,
    now: datetime,
    about: UUID | None = None,
    outside: str | Promise = "",
) -> list[Message]:
    """Put a message into the inbox of a person, or of everybody who acts for an organisation.

    `subject` and `body` are lazy translations, with `format_lazy` around them where they name
    facts: the inbox keeps them in both languages, and copies speak the reader's own.

    `about` is the matter; while it is secret the message is sealed. Its copies by e-mail and SMS
    then say `outside`, or only that something has come: a mail server and an SMS gateway are no
    place for who takes part in what.

    Copies are written in the same transaction and leave by the clock: a mail server that is down
    neither loses a message nor stops the act that sent it.
    """
    organisation = to if isinstance(to, Organisation) else None
    people = list(selectors.members(organisation=to)) if isinstance(to, Organisation) else [to]
    made, copies = [], []
    with transaction.atomic():
        # Share-locked against the end of the secret, which would overlook a row of this instant.
        matter = SecretMatter.objects.raw(
            "SELECT * FROM accounts_secretmatter WHERE id = %s FOR SHARE", [about]
        )
        secret = next(iter(matter), None) if about else None
        for person in people:
            message = Message(
                id=uuid4(),
                person=person,
                organisation=organisation,
                kind=kind,
                level=Message.Level(level),
                subject=said_in(settings.LANGUAGE_CODE, subject),
                body=said_in(settings.LANGUAGE_CODE, body),
                subject_en=said_in("en", subject),
                body_en=said_in("en", body),
                link=link,
                at=now,
            )
            if secret is None:
                copies += _copies(message, person, now=now)
            else:
                _seal(message, matter=secret)
                copies += _sealed_copies(message, person, level=level, words=outside, now=now)
            made.append(message)
        Message.objects.bulk_create(made)
        Outgoing.objects.bulk_create(copies)
    return [opened(message) for message in made]


def opened(message: Message) -> Message:
    """Return a message with its words and names, reading them if they are sealed."""
    if message.sealed is not None:
        facts = veil.unseal(bytes(message.sealed), bound_to=message.pk)
        message.person_id = UUID(facts["person"])
        message.organisation_id = UUID(facts["organisation"]) if facts["organisation"] else None
        for name in _WORDS:
            setattr(message, name, facts[name])
    return message


def mark_read(*, message: Message, now: datetime) -> None:
    """Leave the read receipt; the first reading counts."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now)


def keep_secret(*, matter: UUID, now: datetime) -> None:
    """From now on seal every message about this matter."""
    SecretMatter.objects.get_or_create(pk=matter, defaults={"since": now})


def secret_matters() -> Iterable[UUID]:
    """Return the matters whose messages are still sealed."""
    return SecretMatter.objects.values_list("pk", flat=True)


def reveal(*, matter: UUID) -> int:
    """Turn the sealed messages of a matter into ordinary ones and end the secret.

    In one transaction with the row's end: no message is sealed for a matter that has no row.
    """
    with transaction.atomic():
        row = SecretMatter.objects.select_for_update().filter(pk=matter).first()
        if row is None:
            return 0
        sealed = list(Message.objects.filter(matter=row))
        for message in sealed:
            opened(message)
            message.matter = message.box = message.sealed = None
        fields = ["person", "organisation", "matter", "box", "sealed", *_WORDS]
        Message.objects.bulk_update(sealed, fields, batch_size=_BATCH)
        row.delete()
    return len(sealed)


def _seal(message: Message, *, matter: SecretMatter) -> None:
    """Move everything that names somebody under the seal."""
    person, organisation = message.person_id, message.organisation_id
    assert person is not None
    facts = {
        "person": str(person),
        "organisation": str(organisation) if organisation else None,
        **{name: str(getattr(message, name)) for name in _WORDS},
    }
    message.sealed = veil.seal(facts, bound_to=message.pk)
    message.box = veil.blind(matter.pk, who=person, use="inbox")
    message.matter = matter
    message.person = message.organisation = None
    for name in _WORDS:
        setattr(message, name, "")


def _copies(message: Message, person: Person, *, now: datetime) -> list[Outgoing]:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject, body = message.shown_subject[:_SUBJECT], message.shown_body
    return [
        Outgoing(
            message=message,
            channel=channel,
            address=address,
            subject=subject,
            body=body,
            due_at=now,
        )
        for channel, address in _addresses(person, level=message.level)
    ]


def _sealed_copies(
    message: Message, person: Person, *, level: str, words: str | Promise, now: datetime
) -> list[Outgoing]:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("您有新消息")
        body = str(words) or _("请登录平台在“消息”中查看。开标前，短信和邮件不写项目名称。")
    made = []
    for channel, address in _addresses(person, level=level):
        copy = Outgoing(id=uuid4(), message=message, channel=channel, due_at=now)
        facts = {"address": address, "subject": subject, "body": body}
        copy.sealed = veil.seal(facts, bound_to=copy.pk)
        made.append(copy)
    return made


def _addresses(person: Person, *, level: str) -> list[tuple[Outgoing.Channel, str]]:
    found = []
    if person.email:
        found.append((Outgoing.Channel.EMAIL, person.email))
    # An SMS costs money and sleep: only for what somebody must act upon.
    if settings.SMS_URL and person.phone and level == Message.Level.ACT:
        found.append((Outgoing.Channel.SMS, person.phone))
    return found
