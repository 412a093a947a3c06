"""Sealed bids that nobody opens early and anyone can check. `SPEC.md` is the normative text."""

from __future__ import annotations
