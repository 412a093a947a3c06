"""The acts on rooms: book, move, release."""

from __future__ import annotations

from venues.services.booking import book, move, release

__all__ = ["book", "move", "release"]
