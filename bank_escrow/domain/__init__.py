"""The rules of deposits as pure functions: no Django, no clock, no randomness of their own."""

from __future__ import annotations
