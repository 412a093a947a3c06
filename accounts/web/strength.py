"""How surely a session's person is known: by a password alone, or by a second proof as well."""

from __future__ import annotations

KEY = "hp_strength"
PASSWORD = "password"  # noqa: S105 - the name of a level, not a secret
TOTP = "totp"
CERTIFICATE = "certificate"
STRONG = frozenset({TOTP, CERTIFICATE})
