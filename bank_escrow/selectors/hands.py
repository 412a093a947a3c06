"""Who signed an order to pay, as what, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Signature
from bank_escrow.models import Instruction

HANDS: Final[Mapping[str, Promise]] = {
    "maker": _("经办"),
    "checker": _("复核"),
    "releaser": _("放行"),
}
_BIDDER: Final = _("投标人本人")
_SYSTEM: Final = _("系统（按规则）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One signature on an order; `at` is missing where the system checked by rule."""

    role: str | Promise
    name: str | Promise
    at: datetime | None


def hands_of(orders: Collection[Instruction]) -> Mapping[UUID, tuple[Hand, ...]]:
    """Return the hands of each order, in the order in which they sign."""
    signed = dict(_moments(orders))
    named = _names(orders)
    return {
        order.pk: tuple(
            Hand(
                role=word,
                name=named[getattr(order, role)],
                at=signed.get(getattr(order, f"{role}_signature")),
            )
            for role, word in HANDS.items()
            if getattr(order, role)
        )
        for order in orders
    }


def _moments(orders: Collection[Instruction]) -> list[tuple[UUID, datetime]]:
    ids = {getattr(order, f"{role}_signature") for order in orders for role in HANDS}
    return list(Signature.objects.filter(pk__in=ids - {None}).values_list("pk", "at"))


def _names(orders: Collection[Instruction]) -> Mapping[str, str | Promise]:
    """Name the people; a bidder that fetched its own money back before the hour stays unnamed."""
    actors = {getattr(order, role) for order in orders for role in HANDS}
    people = {str(pk) for pk in map(_as_id, actors) if pk is not None}
    known = {str(one.pk): one.name for one in Person.objects.filter(pk__in=people)}
    return {
        actor: known.get(actor) or (_SYSTEM if actor.startswith("system:") else _BIDDER)
        for actor in actors
    }


def _as_id(actor: str) -> UUID | None:
    try:
        return UUID(actor)
    except ValueError:
        return None
