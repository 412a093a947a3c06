"""The pages of venues."""

from __future__ import annotations
