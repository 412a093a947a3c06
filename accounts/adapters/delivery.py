"""What every way out of the house may answer."""

from __future__ import annotations


class DeliveryError(Exception):
    """A copy did not leave; the clock will try again."""
