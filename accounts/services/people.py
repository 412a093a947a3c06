"""Making people: by the administrator's import, or one colleague at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import events
from accounts.models import ORGANISATION_ROLES, Centre, Membership, Organisation, Person, Role
from accounts.services import memberships
from core.verdicts import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of an import; `place` is a centre's code or an organisation's credit code."""

    username: str
    name: str
    role: str
    place: str
    phone: str = ""
    email: str = ""
    password: str = ""
    manager: bool = False


def create(
    *,
    username: str,
    name: str,
    phone: str,
    email: str,
    password: str,
    actor: str | None,
    now: datetime,
) -> Person:
    """Store a person; without a password they set one by the reset page."""
    with transaction.atomic():
        person = Person.objects.create_user(
            username, password or None, name=name, phone=phone, email=email, created_at=now
        )
        memberships.note(
            person=person,
            event=events.PersonCreated(person=person.id),
            staff=False,
            actor=actor or str(person.id),
            now=now,
        )
    return person


def import_people(*, rows: Sequence[Row], actor: str, now: datetime) -> dict[str, str]:
    """Bring in people with their roles, all or none; return each username's id.

    A username that exists gains the role and keeps its name and password, so the same file may
    come twice. Centres and organisations must exist: an import makes people, not places.
    """
    with transaction.atomic():
        centres = Centre.objects.in_bulk()
        codes = {row.place for row in rows}
        organisations = Organisation.objects.filter(credit_code__in=codes).in_bulk(
            field_name="credit_code"
        )
        made = {}
        for number, row in enumerate(rows, start=1):
            centre, organisation = _place(number, row, centres, organisations)
            person = _person(row, actor=actor, now=now)
            memberships.give(
                person=person,
                role=row.role,
                centre=centre,
                organisation=organisation,
                manager=row.manager,
                actor=actor,
                now=now,
            )
            made[person.username] = str(person.id)
    return made


def add_colleague(
    *,
    organisation: Organisation,
    suffix: str,
    name: str,
    phone: str,
    email: str,
    password: str,
    manager: bool,
    actor: str,
    now: datetime,
) -> Person:
    """Give a colleague an account with every role of the organisation.

    Their username is the credit code and a suffix: names can only clash within the organisation,
    so a refusal tells nothing about anybody else.
    """
    username = f"{organisation.credit_code}-{suffix}".lower()
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if Person.objects.filter(username=username).exists():
            raise Refusal("A-503", username=username)
        person = create(
            username=username,
            name=name,
            phone=phone,
            email=email,
            password=password,
            actor=actor,
            now=now,
        )
        for kind in organisation.kinds:
            memberships.give(
                person=person,
                role=kind,
                organisation=organisation,
                manager=manager,
                actor=actor,
                now=now,
            )
    return person


def dismiss(*, organisation: Organisation, person: Person, actor: str, now: datetime) -> None:
    """End every role a person holds for an organisation."""
    with transaction.atomic():
        held = Membership.objects.filter(
            organisation=organisation, person=person, ended_at__isnull=True
        )
        for membership in held.select_related("person"):
            memberships.end(membership=membership, actor=actor, now=now)


def _place(
    number: int,
    row: Row,
    centres: Mapping[str, Centre],
    organisations: Mapping[str, Organisation],
) -> tuple[Centre | None, Organisation | None]:
    if row.role not in Role.values:
        raise Refusal("A-501", row=number, problem=f"role={row.role}")
    if row.role in ORGANISATION_ROLES:
        if row.place not in organisations:
            raise Refusal("A-501", row=number, problem=f"organisation={row.place}")
        return None, organisations[row.place]
    if row.place not in centres:
        raise Refusal("A-501", row=number, problem=f"centre={row.place}")
    return centres[row.place], None


def _person(row: Row, *, actor: str, now: datetime) -> Person:
    known = Person.objects.filter(username=row.username.lower()).first()
    return known or create(
        username=row.username,
        name=row.name,
        phone=row.phone,
        email=row.email,
        password=row.password,
        actor=actor,
        now=now,
    )
