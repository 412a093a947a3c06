"""Rules of people and certificates that need no database."""

from __future__ import annotations
