"""An empty installation's first centre and its administrator."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Centre, Person, Role
from accounts.services import memberships, people

SYSTEM = "system:bootstrap"


def add_centre(*, code: str, name: str, name_en: str = "") -> Centre:
    """Add a centre, or return the one of that code."""
    defaults = {"name": name, "name_en": name_en}
    return Centre.objects.get_or_create(code=code, defaults=defaults)[0]


def add_admin(
    *, centre: Centre, username: str, password: str, now: datetime
) -> tuple[Person, TOTPDevice]:
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
        device = TOTPDevice.objects.filter(user=person, confirmed=True).first()
        device = device or TOTPDevice.objects.create(user=person, name="TOTP", confirmed=True)
    return person, device
