"""Rules of rooms and days that need no database."""

from __future__ import annotations
