"""Passwords and authenticators: setting them, proving them, setting them anew."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote
from uuid import UUID, uuid4

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils import translation
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Authenticator, Outgoing, Person
from accounts.services import memberships, veil
from core.verdicts import Refusal


def new_key() -> str:
    """Draw the key of an authenticator about to be set up."""
    return secrets.token_hex(20)


def kept(key: str, *, person: Person) -> str:
    """Return a key as it may be laid down in the database."""
    return veil.lock(bytes.fromhex(key), of=person.pk).hex()


def unkept(words: str, *, person: Person) -> str:
    """Return the key that was laid down for this person; none gives one nobody knows."""
    return veil.unlock(bytes.fromhex(words), of=person.pk).hex() if words else new_key()


def typed(key: str) -> str:
    """Return a key as people type it into their authenticator."""
    return b32encode(bytes.fromhex(key)).decode("ascii").rstrip("=")


def address(key: str, *, person: Person) -> str:
    """Return the address an authenticator reads from the square code."""
    label = quote(f"衡平:{person.username}")
    return f"otpauth://totp/{label}?secret={typed(key)}&issuer={quote('衡平')}"


def needs_code(person: Person) -> bool:
    """Tell whether a password alone no longer opens this account."""
    return bool(Authenticator.objects.filter(user=person, confirmed=True).exists())


def is_right(code: str, *, person: Person) -> bool:
    """Tell whether six digits are the person's now; they count once, failures slow down."""
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().filter(user=person, confirmed=True)
        return any(device.verify_token(code) for device in held)


def add_authenticator(*, person: Person, key: str) -> Authenticator:
    """Keep an authenticator's key, sealed."""
    words = kept(key, person=person)
    made: Authenticator = Authenticator.objects.create(
        user=person, key=words, name="TOTP", confirmed=True
    )
    return made


def has_second(person: Person, *, now: datetime) -> bool:
    """Tell whether a person has a proof besides the password: authenticator or certificate."""
    held = person.certificates.filter(released_at__isnull=True, not_after__gt=now)
    return needs_code(person) or held.exists()


def set_second_factor(*, person: Person, key: str, code: str, now: datetime) -> None:
    """Put an authenticator to use that has shown a right code; any before it is dropped."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        if not add_authenticator(person=person, key=key).verify_token(code):
            raise Refusal("A-105")
        _note(person, events.SecondFactorSet(person=person.id), now=now)


def set_password(*, person: Person, password: str, now: datetime) -> None:
    """Set a password."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        _note(person, events.PasswordChanged(person=person.id), now=now)


def ask_reset(*, username: str, site: str, now: datetime) -> None:
    """Send a link to the person's e-mail address; an unknown name is answered alike."""
    person = Person.objects.filter(username=username.lower(), is_active=True).first()
    if person is None or not person.email:
        return
    # Not through the inbox: whoever needs the link cannot sign in to read it.
    with translation.override(person.language or None):
        copy = Outgoing(id=uuid4(), channel=Outgoing.Channel.EMAIL, due_at=now)
        link = f"{site}/password/{reset_path(person)}"
        words = _("请打开以下链接重设密码：%(link)s\n如果不是您申请的，不必理会。")
        # Sealed: who reads the row would otherwise reset the password.
        facts = {"address": person.email, "subject": _("重设密码"), "body": words % {"link": link}}
        copy.sealed = veil.seal(facts, bound_to=copy.pk)
        copy.save()


def reset_path(person: Person) -> str:
    """Return the part of the reset link that names the person and proves the right to reset."""
    key = urlsafe_base64_encode(person.id.bytes)
    return f"{key}/{default_token_generator.make_token(person)}"


def person_of_reset(*, key: str, token: str) -> Person:
    """Return whose password a link resets; it works once and for a limited time."""
    try:
        found = Person.objects.get(pk=UUID(bytes=urlsafe_base64_decode(key)), is_active=True)
    except (Person.DoesNotExist, ValueError):
        raise Refusal("A-107") from None
    if not default_token_generator.check_token(found, token):
        raise Refusal("A-107")
    return found


def _note(
    person: Person, event: events.SecondFactorSet | events.PasswordChanged, *, now: datetime
) -> None:
    staff = memberships.is_staff(person)
    memberships.note(person=person, event=event, staff=staff, actor=str(person.id), now=now)
