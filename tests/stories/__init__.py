"""Tests of the story runner that need no running system."""

from __future__ import annotations
