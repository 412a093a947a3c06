"""Who sits at finance's desk."""

from __future__ import annotations

from accounts.models import Membership, Person, Role


def finance_people() -> list[Person]:
    """Return everybody who may act for finance now."""
    held = Membership.objects.filter(role=Role.FINANCE, ended_at__isnull=True)
    return list(Person.objects.filter(is_active=True, memberships__in=held).distinct())
