"""Carry out somebody's command without leaving in its row who that was.

Of a command the database keeps what it must to answer it again: its reply, which names the lot
and the party. So the person stands there as a word (`veil.mask`) made anew for every command, and
the body as a keyed hash. Who did it is told by the events, each to its own audience.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Person
from accounts.services import veil
from audit import services as audit

VISITOR = "visitor"


def perform(
    *,
    command_id: UUID,
    person: Person | None,
    body: bytes,
    act: Callable[[], dict[str, Any]],
    now: datetime,
) -> dict[str, Any]:
    """Run `act` once under this id, as `audit.services.perform` promises; a visitor is None."""
    return audit.perform(
        command_id=command_id,
        actor=veil.mask(person.pk, within=command_id) if person else VISITOR,
        body=veil.fingerprint(body),
        act=act,
        now=now,
    )
