"""The lines of 今天要做的事, kept by the apps that know the work.

An app above adds a line in the service that makes the work due and ends it in the service that
does the work, both in the transaction of the act; the text is a lazy translation:

    key = f"trading.sign-record/{lot.id}"
    todo.add(to=bidder, key=key, text=_("签署开标记录"), link=link, due_at=closes, now=now)
    todo.done(key=key, to=bidder, now=now)

A line that would say who takes part in a tender before its opening is never written down. The app
that can work it out for the reader alone registers a source when it is ready:

    todo.register(lines_of)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise

from accounts.models import Organisation, Person, Todo
from accounts.services.wording import said_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line worked out while its reader looks, and kept nowhere."""

    shown_text: str
    link: str
    due_at: datetime | None
    organisation: Organisation


Source = Callable[[Organisation, datetime], Sequence[Line]]
_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Ask this source, too, what awaits the bidder whose desk is looked at."""
    _sources[source.__module__] = source


def unwritten(bidder: Organisation, *, now: datetime) -> list[Line]:
    """Return the lines that are kept nowhere, the soonest due first."""
    lines = [line for source in _sources.values() for line in source(bidder, now)]
    return sorted(lines, key=lambda line: (line.due_at is None, line.due_at or now))


def add(
    *,
    to: Person | Organisation,
    key: str,
    text: str | Promise,
    link: str,
    due_at: datetime | None = None,
    now: datetime,
) -> Todo:
    """Add a line, or bring the open line of that key up to date."""
    line = {
        "text": said_in(settings.LANGUAGE_CODE, text),
        "text_en": said_in("en", text),
        "link": link,
        "due_at": due_at,
    }
    kept, _ = Todo.objects.update_or_create(
        **_owner(to),
        key=key,
        done_at=None,
        defaults=line,
        create_defaults=line | {"created_at": now},
    )
    return kept


def done(*, key: str, to: Person | Organisation | None = None, now: datetime) -> int:
    """End the line of a key, for one owner or for all; return how many were open."""
    lines = Todo.objects.filter(key=key, done_at__isnull=True)
    if to is not None:
        lines = lines.filter(**_owner(to))
    return lines.update(done_at=now)


def _owner(to: Person | Organisation) -> dict[str, Person | Organisation | None]:
    if isinstance(to, Person):
        return {"person": to, "organisation": None}
    return {"person": None, "organisation": to}
