"""Giving and ending roles, and the record of who got them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import events
from accounts.models import STAFF_ROLES, Centre, Membership, Organisation, Person, Role
from audit.services import record_all
from core.events import DomainEvent
from core.verdicts import Refusal


def give(
    *,
    person: Person,
    role: str,
    organisation: Organisation | None = None,
    centre: Centre | None = None,
    manager: bool = False,
    overseen: bool = False,
    actor: str,
    now: datetime,
) -> Membership:
    """Give a role for an organisation or at a centre; given twice it is held once.

    The supervisor reads of staff roles, and of organisation roles that are `overseen`: given by
    somebody outside the organisation.
    """
    with transaction.atomic():
        membership, new = Membership.objects.get_or_create(
            person=person,
            role=Role(role),
            organisation=organisation,
            centre=centre,
            ended_at=None,
            defaults={"since": now, "manager": manager},
        )
        if new:
            event = events.RoleGiven(
                person=person.id,
                role=role,
                organisation=organisation.id if organisation else None,
                centre=centre.code if centre else None,
            )
            seen = role in STAFF_ROLES or (overseen and organisation is not None)
            note(person=person, event=event, staff=seen, actor=actor, now=now)
    return membership


def end(*, membership: Membership, actor: str, now: datetime) -> None:
    """Take a role back; the last manager of an organisation keeps theirs."""
    with transaction.atomic():
        if membership.organisation_id is not None:
            # The lock is on the place, so that two managers cannot end each other at once.
            Organisation.objects.select_for_update().get(pk=membership.organisation_id)
            others = Membership.objects.filter(
                organisation=membership.organisation_id, manager=True, ended_at__isnull=True
            ).exclude(person=membership.person_id)
            if membership.manager and not others.exists():
                raise Refusal("A-502")
        open_still = Membership.objects.filter(pk=membership.pk, ended_at__isnull=True)
        if not open_still.update(ended_at=now):
            return
        event = events.RoleEnded(
            person=membership.person_id,
            role=membership.role,
            organisation=membership.organisation_id,
            centre=membership.centre_id,
        )
        staff = membership.role in STAFF_ROLES
        note(person=membership.person, event=event, staff=staff, actor=actor, now=now)


def note(*, person: Person, event: DomainEvent, staff: bool, actor: str, now: datetime) -> None:
    """Record an event of a person; for staff roles also where the supervisor reads."""
    pairs: list[tuple[str, DomainEvent]] = [(events.account(person.id), event)]
    if staff:
        pairs.append((events.ACCESS, event))
    record_all(pairs, actor=actor, now=now)


def is_staff(person: Person) -> bool:
    """Tell whether a person holds a staff role anywhere."""
    return person.memberships.filter(role__in=STAFF_ROLES, ended_at__isnull=True).exists()
