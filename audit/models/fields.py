"""The 32 bytes of a SHA-256."""

from __future__ import annotations

from django.db import models

HASH_SIZE = 32


def hash_field() -> models.BinaryField[bytes, bytes]:
    """Return a column for a hash, a salt or a key of 32 bytes."""
    return models.BinaryField(max_length=HASH_SIZE, editable=False)
