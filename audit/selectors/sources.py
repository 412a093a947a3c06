"""What the apps above know of the trail, asked here because audit knows no table of theirs.

Which streams a number means, which of theirs have become readable, what a stream, an id and a
veiled hand are called. Every answer keeps the secrets of the app that gives it: what may not be
known yet is answered as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from audit import words
from audit.models import Event

Said = Mapping[str, str | Promise]


def _nothing(_asked: object) -> Said:
    return {}


def _nobody(_asked: object) -> Collection[str]:
    return ()


def _untold(_events: Sequence[Event]) -> Mapping[UUID, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One app's answers; what it does not know it leaves out."""

    # The streams of a tender or a lot, by the number people see.
    numbered: Callable[[str], Collection[str]] = _nobody
    # Queries for the names of streams that are in no audience of their own, but may be read now.
    readable: Callable[[], Sequence[QuerySet[Any, Any]]] = tuple
    # Acts whose hand may not be known yet; a search for a person passes them by.
    unnamed: Callable[[], Q] = Q
    # What streams and ids are called.
    titles: Callable[[Collection[str]], Said] = _nothing
    names: Callable[[Collection[str]], Said] = _nothing
    # The persons behind veiled words, by event, where the seal is lifted.
    unveiled: Callable[[Sequence[Event]], Mapping[UUID, str]] = _untold
    # What a hand that may not be known yet is called instead, by event.
    masked: Callable[[Sequence[Event]], Mapping[UUID, str]] = _untold
    # Persons by name; and the words that stand for persons where the seal is lifted.
    people: Callable[[str], Collection[str]] = _nobody
    hands: Callable[[Collection[str]], Collection[str]] = _nobody


_sources: list[Source] = []


def register(source: Source) -> None:
    """Take in what an app knows; a later one is asked later, and its words prevail."""
    if source not in _sources:
        _sources.append(source)


def numbered(number: str) -> set[str]:
    """Return the streams of the tender or lot of that number."""
    return {stream for source in _sources for stream in source.numbered(number)}


def readable() -> list[QuerySet[Any, Any]]:
    """Return the queries for streams that have become readable."""
    return [query for source in _sources for query in source.readable()]


def unnamed() -> Q:
    """Return the acts whose hand may not be known yet."""
    none = Q(pk__in=[])
    for source in _sources:
        none |= source.unnamed() or Q(pk__in=[])
    return none


def titles(streams: Collection[str]) -> dict[str, str | Promise]:
    """Return what these streams are called; one that nobody names says its own name."""
    own = {stream: words.stream(stream) or stream for stream in streams}
    return own | {key: said for source in _sources for key, said in source.titles(streams).items()}


def names(ids: Collection[str]) -> dict[str, str | Promise]:
    """Return what is behind these ids, as far as it may be known."""
    return {key: said for source in _sources for key, said in source.names(ids).items()}


def unveiled(events: Sequence[Event]) -> dict[UUID, str]:
    """Return the persons behind veiled words, by event."""
    return {key: said for source in _sources for key, said in source.unveiled(events).items()}


def masked(events: Sequence[Event]) -> dict[UUID, str]:
    """Return what hands that may not be known yet are called, by event."""
    return {key: said for source in _sources for key, said in source.masked(events).items()}


def actors_called(name: str) -> set[str]:
    """Return the actors of that name: persons, and their words where the seal is lifted."""
    people = {person for source in _sources for person in source.people(name)}
    return people | {hand for source in _sources for hand in source.hands(people)}
