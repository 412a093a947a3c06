"""Draws that can be checked: commit to a seed, wait for public entropy, draw, reveal, replay."""

from __future__ import annotations

from core.draws.record import Draw, DrawMismatch, hold, replay
from core.draws.stream import SEED_BYTES, Stream, commitment

__all__ = ["SEED_BYTES", "Draw", "DrawMismatch", "Stream", "commitment", "hold", "replay"]
