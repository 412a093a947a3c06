"""Who reads which pages, and what people entered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client

from accounts.forms.registration import TOPICS
from accounts.models import Person, Role
from accounts.selectors import inbox
from accounts.views.help import TOPICS as HELP
from evaluation.models import ExpertDraw, Panel, Seat
from tests import people
from tests.language import reading
from tests.secrecy import doors
from trading.models import Bid, Tender

#: Tables of sentences the product says itself; everything else was entered by somebody.
OURS = frozenset({"Message", "Outgoing", "Todo", "Event", "Command", "LogEntry"})
TEXTS = (models.CharField, models.TextField, models.JSONField)
NAMES = re.compile(r"<(?:\w+:)?(\w+)>")
NOBODY, STRANGER = "nobody", "stranger"


def entered() -> re.Pattern[str]:
    """Return everything that people entered and pages may show in whatever language."""
    found: set[str] = set()
    for model in apps.get_models():
        fields = () if model.__name__ in OURS else model._meta.concrete_fields
        names = [
            field.name
            for field in fields
            if field.get_internal_type() == "ArrayField"
            or (isinstance(field, TEXTS) and not field.choices)
        ]
        for row in model._default_manager.values_list(*names) if names else ():
            texts = [line for text in reading.strings(list(row)) for line in text.split("\n")]
            found |= {text for text in texts if len(text) > 1 or not text.isascii()}
    return reading.known(found)


def reader(person: Person | None, *, language: str) -> Client:
    """Return a browser in which somebody is signed in and reads a language."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if person is not None:
        people.sign_in(client, person)
    return client


def readers(tender: Tender) -> dict[str, Person | None]:
    """One person of every role, and nobody; the expert is one whom the draw chose."""
    found: dict[str, Person | None] = {NOBODY: None, **people.everyone()}
    seat = Seat.objects.filter(panel__lot__tender=tender).order_by("number").first()
    return found | ({Role.EXPERT: seat.person} if seat else {})


def known(tender: Tender, *, person: Person | None) -> list[Mapping[str, str]]:
    """Return the ids an address may name: of a tender's one lot, of messages, of topics."""
    lot = tender.lots.get()
    ids = {"tender": str(tender.pk), "lot": str(lot.pk)}
    for name, found in (
        ("receipt", Bid.objects.filter(lot=lot).values_list("receipt_id", flat=True)),
        ("panel", Panel.objects.filter(lot=lot).values_list("pk", flat=True)),
        ("draw", ExpertDraw.objects.filter(lot=lot).values_list("pk", flat=True)),
    ):
        if one := found.first():
            ids[name] = str(one)
    told = [{"message": str(message.pk)} for message in (inbox(person) if person else ())]
    return [ids, *told, *({"topic": name} for name in TOPICS), *({"slug": name} for name in HELP)]


def places(role: str, ids: list[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Give every address that a role may open, with its route."""
    for route, pattern in doors.patterns():
        guard = getattr(pattern.callback, "hp_guard", "public")
        open_to = guard == "public" if role == NOBODY else guard != "public"
        if not open_to or (guard != "public" and guard and role not in guard):
            continue
        names = NAMES.findall(route)
        for values in ids if names else ids[:1]:
            if all(name in values for name in names):
                parts = NAMES.split(route)  # text and names by turns
                parts[1::2] = [values[name] for name in parts[1::2]]
                yield route, "/" + "".join(parts)
