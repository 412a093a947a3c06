"""The words of the trail: every event, its fields, and those who act without being a person.

An app registers its own when it is ready, from its `event_words.py`:

    words.register(Group(title=_("开标"), phrases={"hall.ended": _("开标结束")}, fields={…}))

Audit knows no app that stands above it, so whoever reads the trail asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

Words = str | Promise
Say = Callable[[str], Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What a field is called, and how its values are said where they do not say it themselves.

    `say` puts a code into words; `line` writes one object of a list, or one pair of a mapping.
    An `optional` field is left out where it is empty; any other one shows that it is.
    """

    label: Words
    say: Say | None = None
    line: Callable[..., str] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Events of one subject: their phrases, and the fields they have.

    `special` holds a field that means something else in one event, as `(event, field)`.
    """

    title: Words
    phrases: Mapping[str, Words]
    fields: Mapping[str, Field] = field(default_factory=dict)
    special: Mapping[tuple[str, str], Field] = field(default_factory=dict)


_groups: list[Group] = []
_of: dict[str, Group] = {}
_actors: dict[str, Words] = {}
_streams: dict[str, Words] = {}


def register(*groups: Group) -> None:
    """Take in the words of an app; an event is told in one place only."""
    for group in groups:
        for name in group.phrases:
            if _of.setdefault(name, group) is not group:
                raise ValueError(f"event {name!r} has words already")
        if group not in _groups:
            _groups.append(group)


def register_actors(actors: Mapping[str, Words]) -> None:
    """Take in the names of actors that are no persons."""
    _actors.update(actors)


def register_streams(streams: Mapping[str, Words]) -> None:
    """Take in the names of streams of which there is one only."""
    _streams.update(streams)


def groups() -> tuple[Group, ...]:
    """Return all groups, for the choice of an event."""
    return tuple(_groups)


def phrase(name: str) -> Words:
    """Say what happened; an event that is known no longer says its own name."""
    group = _of.get(name)
    return group.phrases[name] if group else name


def label(event: str, key: str) -> Field:
    """Return what a field of an event is called; one that is known no longer, its own name."""
    return known(event, key) or Field(label=key)


def known(event: str, key: str) -> Field | None:
    """Return the registered words of a field."""
    group = _of.get(event)
    return None if group is None else group.special.get((event, key)) or group.fields.get(key)


def actor(word: str) -> Words | None:
    """Name an actor that is no person."""
    return _actors.get(word)


def pair(name: object, value: object) -> str:
    """Write a name with what belongs to it."""
    return gettext("%(name)s：%(value)s") % {"name": name, "value": value}


def stream(name: str) -> Words | None:
    """Name a stream of which there is one only."""
    return _streams.get(name)


def one_of(words: Mapping[str, Any]) -> Say:
    """Say codes by a table; what is not in it says itself."""
    return lambda code: words.get(code, code)
