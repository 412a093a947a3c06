"""Carry out a command once, however often and from however many places it arrives.

The first to insert the command's id does the work; whoever comes with the same id meanwhile waits
on the unique key and then reads the stored reply. The command, the change and the reply commit
together, so a failure leaves nothing and the same id may be tried again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from audit.models import Command
from core.verdicts import Refusal

_running: ContextVar[UUID | None] = ContextVar("running_command", default=None)


def running_command() -> UUID | None:
    """Return the id of the command this code runs for; None when the clock acts by itself."""
    return _running.get()


def perform(
    *, command_id: UUID, actor: str, body: bytes, act: Callable[[], dict[str, Any]], now: datetime
) -> dict[str, Any]:
    """Run `act` unless this command was carried out before; return its reply either way.

    Refuses `X-409` when the id was used for another body or by another actor: a reply belongs to
    the one who asked. The transaction is durable, since a reply handed out before its commit
    could speak of a change that never happens.
    """
    body_sha = hashlib.sha256(body).digest()
    with transaction.atomic(durable=True):
        if not _claim(command_id, actor=actor, body_sha=body_sha, now=now):
            done = Command.objects.get(pk=command_id)
            if (done.actor, bytes(done.body_sha)) != (actor, body_sha):
                raise Refusal("X-409")
            return dict(done.reply or {})
        with _as_running(command_id):
            # Through JSON and back: the first answer and every repeated one are the same.
            reply: dict[str, Any] = json.loads(json.dumps(act(), allow_nan=False))
        Command.objects.filter(pk=command_id).update(reply=reply)
    return reply


def _claim(command_id: UUID, *, actor: str, body_sha: bytes, now: datetime) -> bool:
    """Insert the command; a rival's uncommitted insert of the same id is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_command (id, actor, body_sha, at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (id) DO NOTHING",
            [command_id, actor, body_sha, now],
        )
        return bool(cursor.rowcount == 1)


@contextmanager
def _as_running(command_id: UUID) -> Iterator[None]:
    token = _running.set(command_id)
    try:
        yield
    finally:
        _running.reset(token)
