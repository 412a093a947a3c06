"""Events as a person reads them: what happened, by whom, with every value in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audit import words
from audit.models import Event
from audit.selectors import sources
from audit.words import Field
from core.events import known_events, moment
from core.money import yuan
from core.zone import local

NOTHING = "—"
VEIL = "veiled:"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# Hashes and keys: hexadecimal or base64url, long, without a space or a Chinese word.
_HASH = re.compile(r"[0-9a-f]{32,}|[A-Za-z0-9_-]{22}|[A-Za-z0-9_-]{43,}")
_STREAM = re.compile(r"access|(tender|lot|panel|deposit|instruction|account)/\S+")
_SHORT = 8
_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value in words: a line, or several; `whole` is what a shortened one stands for."""

    text: str = ""
    lines: tuple[str, ...] = ()
    whole: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A field of an event."""

    label: str | Promise
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event; `actor_id` is empty where nobody may look for that actor."""

    at: datetime
    stream: str
    title: str | Promise
    seq: int
    name: str
    phrase: str | Promise
    actor: str | Promise
    actor_id: str
    facts: tuple[Fact, ...]
    raw: str


def rows(events: Sequence[Event]) -> list[Row]:
    """Put a page of events into words."""
    unveiled, masked = sources.unveiled(events), sources.masked(events)
    hands = {event.pk: unveiled.get(event.pk, event.actor) for event in events}
    told = _words(event.body for event in events)
    named = sources.names(sorted({*hands.values(), *filter(_UUID.fullmatch, told)}))
    sought = set(filter(_STREAM.fullmatch, told))
    titles = sources.titles(sorted(sought | {event.stream for event in events}))
    named |= {stream: titles[stream] for stream in sought}
    return [
        _row(
            event,
            hand=hands[event.pk],
            mask=masked.get(event.pk, ""),
            named=named,
            title=titles[event.stream],
        )
        for event in events
    ]


def _row(event: Event, *, hand: str, mask: str, named: sources.Said, title: str | Promise) -> Row:
    fields = {key: words.label(event.name, key) for key in _in_order(event)}
    facts = [
        Fact(label=field.label, value=value_of(event.body[key], key=key, field=field, named=named))
        for key, field in fields.items()
        if not (field.optional and event.body[key] in _EMPTY)
    ]
    return Row(
        at=event.at,
        stream=event.stream,
        title=title,
        seq=event.seq,
        name=event.name,
        phrase=words.phrase(event.name),
        actor=mask or _actor(hand, named),
        actor_id="" if mask else event.actor,
        facts=tuple(facts),
        raw=_raw(event, hand=mask or event.actor),
    )


def value_of(value: Any, *, key: str, field: Field, named: sources.Said) -> Value:
    """Put one value into words."""
    if isinstance(value, Mapping) and value:
        pairs = [(_plain(name, named), _plain(item, named)) for name, item in value.items()]
        line = field.line or words.pair
        return Value(lines=tuple(line(name, item) for name, item in pairs))
    if isinstance(value, list) and value:
        return Value(lines=tuple(_item(item, field=field, named=named) for item in value))
    if value in _EMPTY:
        return Value(text=NOTHING)
    if isinstance(value, bool):
        return Value(text=_("是") if value else _("否"))
    if isinstance(value, int):
        return Value(text=f"¥{yuan(value)}" if key.endswith("_fen") else str(value))
    return _text(str(value), field=field, named=named)


def _text(value: str, *, field: Field, named: sources.Said) -> Value:
    if field.say is not None:
        return Value(text=str(field.say(value)))
    if value not in named and (_UUID.fullmatch(value) or _HASH.fullmatch(value)):
        return Value(text=_cut(value), whole=value)
    return Value(text=str(_plain(value, named)))


def _item(item: Any, *, field: Field, named: sources.Said) -> str:
    """Write one object of a list on one line."""
    if isinstance(item, Mapping):
        told = {key: _plain(value, named) for key, value in item.items()}
        if field.line is not None:
            return field.line(told)
        return " · ".join(str(value) for value in told.values() if value not in (None, "", []))
    return str(field.say(str(item))) if field.say is not None else str(_plain(item, named))


def _plain(value: Any, named: sources.Said) -> Any:
    """Name an id, and show a moment on the wall clock; anything else stays what it is."""
    if not isinstance(value, str):
        return value
    if value in named:
        return str(named[value])
    if _UUID.fullmatch(value):
        return _cut(value)
    if _MOMENT.fullmatch(value):
        return f"{local(datetime.fromisoformat(value)):%Y-%m-%d %H:%M:%S}"
    return value


def _actor(hand: str, named: sources.Said) -> str | Promise:
    """Name who acted; a veiled hand by the end of its word, which tells two hands apart."""
    if hand.startswith(VEIL):
        return _("投标人经办人 · 代号 %(code)s") % {"code": hand[-6:]}
    return named.get(hand) or words.actor(hand) or hand


def _in_order(event: Event) -> list[str]:
    """Return the fields of an event in the order of its class; the database keeps none."""
    known = known_events().get(event.name)
    order = [item.name for item in fields_of(known)] if known else []
    return sorted(event.body, key=lambda key: order.index(key) if key in order else len(order))


def _words(values: Iterable[Any]) -> set[str]:
    """Return every text in these values, however deep."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, Mapping):
            found |= _words([*value.keys(), *value.values()])
        elif isinstance(value, list):
            found |= _words(value)
        elif isinstance(value, str):
            found.add(value)
    return found


def _cut(text: str) -> str:
    return f"{text[:_SHORT]}…"


def _raw(event: Event, *, hand: str) -> str:
    """Write an event as it stands in its chain; only a hand that may not be known is replaced."""
    said = {
        "stream": event.stream,
        "seq": event.seq,
        "name": event.name,
        "at": moment(event.at),
        "actor": hand,
        "command": None if event.command_id is None else str(event.command_id),
        "body": event.body,
        "prev_hash": bytes(event.prev_hash).hex(),
        "hash": bytes(event.hash).hex(),
    }
    return json.dumps(said, ensure_ascii=False, indent=2)
