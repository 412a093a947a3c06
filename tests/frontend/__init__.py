"""The browser's half: design system, signing, sealing, upload."""

from __future__ import annotations
