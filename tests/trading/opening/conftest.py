"""Sealed and plain files of these tests lie in a folder of their own."""

from __future__ import annotations

from tests.trading.bids.conftest import _own_folders

__all__ = ["_own_folders"]
