"""Reading people, their places and what awaits them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import (
    Centre,
    Certificate,
    Membership,
    Message,
    Organisation,
    Person,
    Role,
    SealedPaper,
    SecretMatter,
    Todo,
)
from accounts.services import seal_key, veil

NOTICE_BEFORE_END = timedelta(days=30)


def memberships_of(person: Person) -> tuple[Membership, ...]:
    """Return the roles in force, organisation and centre fetched with them, in a fixed order."""
    held = person.memberships.filter(ended_at__isnull=True)
    return tuple(held.select_related("organisation", "centre").order_by("since", "role", "id"))


def members(
    *,
    role: str | None = None,
    organisation: Organisation | None = None,
    centre: Centre | None = None,
) -> QuerySet[Person]:
    """Return active people who hold such a role in such a place, each once."""
    wanted = Q(memberships__ended_at__isnull=True)
    if role is not None:
        wanted &= Q(memberships__role=role)
    if organisation is not None:
        wanted &= Q(memberships__organisation=organisation)
    if centre is not None:
        wanted &= Q(memberships__centre=centre)
    return Person.objects.filter(wanted, is_active=True).distinct().order_by("username")


def roster(*, centres: Iterable[str], role: str = "", words: str = "") -> QuerySet[Membership]:
    """Return the roles in force at these centres and of tenderers and agencies, by person.

    Bidders are left out: who registers in the days before a deadline is likely to bid in it, and
    nobody may read that off a list.
    """
    seen = Q(centre__in=list(centres)) | Q(organisation__isnull=False)
    found = Membership.objects.filter(seen, ended_at__isnull=True).exclude(role=Role.BIDDER)
    if role:
        found = found.filter(role=role)
    if words:
        found = found.filter(
            Q(person__name__icontains=words)
            | Q(person__username__icontains=words)
            | Q(organisation__name__icontains=words)
            | Q(organisation__credit_code__iexact=words)
            | Q(centre__name__icontains=words)
        )
    return found.select_related("person", "organisation", "centre").order_by(
        "person__username", "role", "id"
    )


def names(ids: Iterable[UUID | str]) -> dict[str, str]:
    """Return the names behind opaque actor ids; what is no person's id is left out."""
    wanted = set()
    for item in ids:
        try:
            wanted.add(UUID(str(item)))
        except ValueError:
            continue  # "system:clock" and banks name themselves
    rows = Person.objects.filter(id__in=wanted).values_list("id", "name")
    return {str(key): name for key, name in rows}


def organisations_by_kind(kind: str) -> QuerySet[Organisation]:
    """Return organisations registered as such, by name."""
    return Organisation.objects.filter(kinds__contains=[kind]).order_by("name")


def inbox(person: Person) -> QuerySet[Message]:
    """Return the messages of one person, newest first; `messages.opened` reads a sealed one."""
    # One box for every matter that is secret now: a keyed hash each, a microsecond or two.
    boxes = [
        veil.blind(matter, who=person.pk, use="inbox")
        for matter in SecretMatter.objects.values_list("pk", flat=True)
    ]
    mine = Q(person=person) | Q(box__in=boxes) if boxes else Q(person=person)
    return Message.objects.filter(mine).order_by("-at", "-id")


def unread_count(person: Person) -> int:
    """Return how many messages one person has not opened."""
    return inbox(person).filter(read_at__isnull=True).count()


def open_todos(person: Person, organisations: Iterable[Organisation]) -> QuerySet[Todo]:
    """Return what awaits a person or the organisations they act for, the soonest due first."""
    mine = Q(person=person) | Q(organisation__in=list(organisations))
    waiting = Todo.objects.filter(mine, done_at__isnull=True)
    return waiting.order_by("due_at", "created_at", "id")


def managers(organisation: Organisation) -> QuerySet[Person]:
    """Return those who may change an organisation's data and people."""
    return Person.objects.filter(
        memberships__organisation=organisation,
        memberships__manager=True,
        memberships__ended_at__isnull=True,
        is_active=True,
    ).distinct()


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """Return the certificates a person uses, the newest first."""
    mine = Certificate.objects.filter(person=person, released_at__isnull=True)
    return mine.select_related("person").order_by("-bound_at")


def ending_certificate(person: Person, *, now: datetime) -> Certificate | None:
    """Return the longest-lived certificate if it ends within a month: then a new one is due."""
    last = certificates_of(person).order_by("-not_after").first()
    return last if last is not None and last.not_after <= now + NOTICE_BEFORE_END else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper to hand out: the sealed file once there is one, else the file as it was drawn."""

    file: str
    sealed_at: datetime | None
    is_waiting: bool


def paper(file: str) -> Paper:
    """Return what to hand out for a kept paper, by the name it was kept under."""
    found = SealedPaper.objects.filter(file=file).first()
    if found is None or found.at is None:
        waiting = found is not None and seal_key.is_set_up()
        return Paper(file=file, sealed_at=None, is_waiting=waiting)
    return Paper(file=found.sealed_file, sealed_at=found.at, is_waiting=False)


def seals_due(now: datetime) -> bool:
    """Tell whether a paper waits for its seal and could be tried now."""
    due = SealedPaper.objects.filter(at__isnull=True, due_at__lte=now)
    return seal_key.is_set_up() and due.exists()
