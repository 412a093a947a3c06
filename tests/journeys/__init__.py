"""Whole stories, told on a running system."""

from __future__ import annotations
