"""Chromium: journeys, accessibility, screenshots kept as artefacts."""

from __future__ import annotations
