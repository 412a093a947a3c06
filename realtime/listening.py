"""LISTEN: PostgreSQL tells which streams have grown; the hub's poll does not depend on it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from audit.services.records import CHANNEL

log = logging.getLogger(__name__)
_AGAIN_AFTER = 1.0  # seconds; meanwhile the poll carries


async def listen(hint: Callable[[str], None]) -> None:
    """Call `hint` with each stream's name that is told of, for ever, over lost connections."""
    while True:
        try:
            await _listen_once(hint)
        except (psycopg.Error, OSError) as error:
            log.warning("listening was interrupted, polling meanwhile: %s", error)
        await asyncio.sleep(_AGAIN_AFTER)


async def _listen_once(hint: Callable[[str], None]) -> None:
    async with await _connected() as told:
        await told.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        async for notice in told.notifies():
            hint(notice.payload)


async def _connected() -> psycopg.AsyncConnection:
    """Connect; a cancelled attempt is seen through, since half a connection cannot be closed."""
    connecting = asyncio.ensure_future(
        psycopg.AsyncConnection.connect(**_parameters(), autocommit=True)
    )
    try:
        return await asyncio.shield(connecting)
    except asyncio.CancelledError:
        with suppress(psycopg.Error, OSError):
            await (await connecting).close()
        raise


def _parameters() -> dict[str, Any]:
    """Return Django's own connection parameters, less what means something to Django alone."""
    found = connection.get_connection_params()
    return {
        name: value
        for name, value in found.items()
        if name not in {"context", "cursor_factory", "prepare_threshold"}
    }
