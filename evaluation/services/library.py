"""The expert library: people are put in, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person, Role
from accounts.services.people import Row, import_people
from audit.services import record
from evaluation.events import ExpertsImported
from evaluation.models import Expert


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One expert of an import; `ties` name further employers of the last three years."""

    username: str
    name: str
    site: str
    specialties: Sequence[str]
    employer: str
    ties: Sequence[str] = ()
    phone: str = ""
    email: str = ""
    password: str = ""


def import_experts(*, entries: Sequence[Entry], actor: str, now: datetime) -> dict[str, str]:
    """Put experts into the library of their site; one who is in it is brought up to date.

    Whoever has no account yet gets one. Returns each username's id.
    """
    with transaction.atomic():
        made = import_people(
            rows=[
                Row(
                    username=entry.username,
                    name=entry.name,
                    role=Role.EXPERT.value,
                    place=entry.site,
                    phone=entry.phone,
                    email=entry.email,
                    password=entry.password,
                )
                for entry in entries
            ],
            actor=actor,
            now=now,
        )
        people = Person.objects.in_bulk(list(made.values()))
        by_id = {str(key): person for key, person in people.items()}
        for entry in entries:
            Expert.objects.update_or_create(
                person=by_id[made[entry.username.lower()]],
                defaults={
                    "specialties": list(entry.specialties),
                    "site": entry.site,
                    "employer": entry.employer,
                    "ties": list(entry.ties),
                    "active": True,
                },
            )
        record(stream="access", event=ExpertsImported(count=len(entries)), actor=actor, now=now)
    return made
