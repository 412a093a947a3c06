"""Template tags of the house; load them with `{% load hp %}`."""

from __future__ import annotations
