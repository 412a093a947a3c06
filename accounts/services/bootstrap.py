"""An empty installation's first centre and its administrator."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Authenticator, Centre, Person, Role
from accounts.services import memberships, people, proofs

SYSTEM = "system:bootstrap"


def add_centre(*, code: str, name: str, name_en: str = "") -> Centre:
    """Add a centre, or return the one of that code."""
    defaults = {"name": name, "name_en": name_en}
    return Centre.objects.get_or_create(code=code, defaults=defaults)[0]


def add_admin(
    *, centre: Centre, username: str, password: str, now: datetime
) -> tuple[Person, Authenticator]:
    """Make the administrator with an authenticator ready for use, or return those that are."""
    with transaction.atomic():
        person = Person.objects.filter(username=username.lower()).first() or people.create(
            username=username,
            name=username,
            phone="",
            email="",
            password=password,
            actor=SYSTEM,
            now=now,
        )
        memberships.give(person=person, role=Role.ADMIN, centre=centre, actor=SYSTEM, now=now)
        device = Authenticator.objects.filter(user=person, confirmed=True).first()
        device = device or proofs.add_authenticator(person=person, key=proofs.new_key())
    return person, device
