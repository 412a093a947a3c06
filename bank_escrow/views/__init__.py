"""The pages of money."""

from __future__ import annotations
