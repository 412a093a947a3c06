"""Fixtures every test may use: people, worlds, a frozen clock."""

from __future__ import annotations
