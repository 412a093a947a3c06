"""The acts of accounts: one module a subject, one function an act."""

from __future__ import annotations
