"""Sessions in the database under a hash of the cookie: who reads a row cannot use the session.

Nor can who writes one lay another's session under their own cookie.

Django keeps the cookie's own value as the row's key. The value is random, 165 bits of it, so a
plain hash is not guessed; 160 bits of SHA-256 fit the column.
"""

from __future__ import annotations

import hashlib
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session

_LENGTH = 40  # of the column


def stored(session_key: str) -> str:
    """Return what stands in the database for a cookie's value."""
    return hashlib.sha256(b"hengping-session\0" + session_key.encode()).hexdigest()[:_LENGTH]


def salt(row_key: str) -> str:
    """Return the salt that the contents of a row are signed with."""
    return f"hengping-session/{row_key}"


class SessionStore(db.SessionStore):
    """Django's own store, but for the key of its rows and the salt of their contents."""

    @property
    def key_salt(self) -> str:
        """Sign a session's contents for its own row: moved to another they are void."""
        return salt(stored(self.session_key or ""))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        # Django looks for what it takes to be the key; for that moment it is the row's.
        key = self._session_key
        self._session_key = stored(key or "")
        row: AbstractBaseSession | None = super()._get_session_from_db()  # type: ignore[misc]  # no stub
        self._session_key = key if row else None
        return row

    def exists(self, session_key: str) -> bool:
        """Tell whether a cookie's value is taken."""
        return bool(super().exists(stored(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row to write."""
        row = cast("Session", super().create_model_instance(data))
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete a session by its cookie's value, by default this one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored(key))

    # Django writes each of these a second time; here they are the ones above.
    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        return await sync_to_async(self._get_session_from_db)()

    async def aexists(self, session_key: str) -> bool:
        """Do as `exists` does."""
        return await sync_to_async(self.exists)(session_key)

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        """Do as `create_model_instance` does."""
        return await sync_to_async(self.create_model_instance)(data)

    async def adelete(self, session_key: str | None = None) -> None:
        """Do as `delete` does."""
        await sync_to_async(self.delete)(session_key)
