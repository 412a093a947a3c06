"""The languages of the simulated banks: bytes in, calls of the teller, bytes out."""

from __future__ import annotations
