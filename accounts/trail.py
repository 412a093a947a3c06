"""What accounts tells the audit trail: who people and organisations are.

Experts are not found by name: who sits on a panel is secret until the result is determined
(TBL Art. 37), and a person's own account says nothing to supervisors.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from accounts.models import Membership, Organisation, Person, Role
from audit.selectors.sources import Said, Source


def names(ids: Collection[str]) -> Said:
    """Name persons with the side they act for, and organisations."""
    wanted = _uuids(ids)
    if not wanted:
        return {}
    firms = Organisation.objects.filter(pk__in=wanted).values_list("pk", "name")
    people = Person.objects.filter(pk__in=wanted).values_list("pk", "name")
    sides = _sides(wanted)
    return {str(key): name for key, name in firms} | {
        str(key): " · ".join(part for part in (name, sides.get(key, "")) if part)
        for key, name in people
    }


def people(name: str) -> Collection[str]:
    """Return the persons of a name, experts left out."""
    experts = Membership.objects.filter(role=Role.EXPERT)
    found = Person.objects.filter(name=name).exclude(memberships__in=experts)
    return [str(key) for key in found.values_list("pk", flat=True)]


def _sides(wanted: Collection[UUID]) -> dict[UUID, str]:
    """Return for whom each of these acts; roles of the past too, since the trail is old."""
    held = Membership.objects.filter(person__in=wanted).select_related("organisation", "centre")
    sides: dict[UUID, str] = {}
    for row in held.order_by("ended_at", "-since"):
        place = row.organisation.name if row.organisation else ""
        if not place and row.centre:
            place = f"{row.centre.shown_name} {row.get_role_display()}"
        sides[row.person_id] = place
    return sides


def _uuids(ids: Collection[str]) -> set[UUID]:
    found = set()
    for word in ids:
        try:
            found.add(UUID(word))
        except ValueError:
            continue  # the clock, a bank, a veiled hand
    return found


SOURCE = Source(names=names, people=people)
