"""The command line of accounts."""

from __future__ import annotations
