"""Making people: by the administrator's import, or one colleague at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import ORGANISATION_ROLES, Centre, Membership, Organisation, Person, Role
from accounts.services import memberships, messages
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


def import_people(
    *,
    rows: Sequence[Row],
    actor: str,
    now: datetime,
    centres: Collection[str] | None = None,
) -> dict[str, str]:
    """Bring in people with their roles, all or none; return each username's id.

    A username that exists gains the role and keeps its name and password, so the same file may
    come twice. Centres and organisations must exist: an import makes people, not places.

    `centres` are those whose staff the importer may name; None is the installation itself. A firm
    that has managers names its own people: an import only helps one that has none yet, and its
    roles are noted where the supervisor reads and told to the firm.
    """
    with transaction.atomic():
        known = Centre.objects.in_bulk()
        codes = {row.place for row in rows}
        # Locked, so that two imports cannot both find a firm without a manager.
        organisations = {
            firm.credit_code: firm
            for firm in Organisation.objects.select_for_update().filter(credit_code__in=codes)
        }
        managed = set(
            Membership.objects.filter(
                organisation__in=organisations.values(), manager=True, ended_at__isnull=True
            ).values_list("organisation_id", flat=True)
        )
        made, joined = {}, []
        for number, row in enumerate(rows, start=1):
            centre, organisation = _place(number, row, known, organisations)
            person = _person(row, actor=actor, now=now)
            made[person.username] = str(person.id)
            if _holds(person, row.role, centre=centre, organisation=organisation):
                continue
            if centre is not None and centres is not None and centre.code not in centres:
                raise Refusal("A-504", row=number, centre=centre.code)
            if organisation is not None and organisation.pk in managed:
                raise Refusal("A-505", row=number, place=row.place)
            membership = memberships.give(
                person=person,
                role=row.role,
                centre=centre,
                organisation=organisation,
                manager=row.manager,
                overseen=True,
                actor=actor,
                now=now,
            )
            if organisation is not None:
                joined.append(membership)
        _tell_firms(joined, now=now)
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


def _holds(
    person: Person, role: str, *, centre: Centre | None, organisation: Organisation | None
) -> bool:
    held = person.memberships.filter(role=role, centre=centre, organisation=organisation)
    return bool(held.filter(ended_at__isnull=True).exists())


def _tell_firms(joined: Sequence[Membership], *, now: datetime) -> None:
    """Tell each firm's managers whom an import has made act for it."""
    words = _("{names}可以代表本单位操作。不是本单位人员的，请在“人员授权”页停用。")
    firms = {row.organisation_id: row.organisation for row in joined}
    for key, firm in firms.items():
        names = "、".join(row.person.name for row in joined if row.organisation_id == key)
        managers = Person.objects.filter(
            memberships__organisation=firm,
            memberships__manager=True,
            memberships__ended_at__isnull=True,
        )
        for manager in managers.distinct():
            messages.send(
                to=manager,
                kind="accounts.imported",
                subject=_("交易中心为本单位导入了人员"),
                body=format_lazy(words, names=names),
                level="changed",
                link=reverse("accounts:users"),
                now=now,
            )


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
