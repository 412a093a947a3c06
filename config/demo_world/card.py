"""The card that tells a visitor how to come in and what to look at first, Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator

from config.demo_world import shelf
from config.demo_world.cast import ADMIN, AGENCY, BUILDERS, OFFICE, SCHOOL, STAFF, SUPPLIERS
from config.demo_world.shelf import Shelf
from evaluation.models import Seat

def write(*, kept: Shelf) -> str:
    """Return the card."""
    return "\n".join([*_sign_ins(kept), *_first_clicks()]) + "\n"
def _sign_ins(kept): return []
def _first_clicks(): return []
