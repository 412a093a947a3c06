"""Hand a fact to the transparency log, in the transaction of the act it speaks of."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from audit.models import LogEntry
from sealing import entries, moments
from sealing.log import SALT_BYTES, entry_hash


def enqueue(*, kind: str, entry: Mapping[str, Any], now: datetime) -> LogEntry:
    """Let an entry wait for the next tick; its members are those of SPEC §8.1.

    `v` and `kind` are filled in, and `at` too unless the caller knows the instant better (a bid
    is received when its last byte arrives, not when its checking ends). An entry with other
    members raises `SealingError`.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an entry is logged with its act")
    body = entries.parse({"at": moments.spell(now), **entry, "v": 1, "kind": kind}).body()
    salt = secrets.token_bytes(SALT_BYTES)
    return LogEntry.objects.create(
        kind=kind, body=body, salt=salt, leaf_hash=entry_hash(body, salt=salt), queued_at=now
    )
