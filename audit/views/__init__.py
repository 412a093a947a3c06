"""Audit's pages, all of them public: the log, its proofs, the check of a receipt."""

from __future__ import annotations
