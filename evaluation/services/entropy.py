"""Public randomness for draws: a checkpoint of the log that came after the commitment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.models import Checkpoint
from core.verdicts import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Entropy:
    """A checkpoint's size and root; the root is what the draw stirs in."""

    size: int
    root: bytes

    def body(self) -> dict[str, int | str]:
        """Return it as JSON values."""
        return {"size": self.size, "root": self.root.hex()}


def log_size() -> int:
    """Return how many leaves the newest checkpoint has; 0 before the first."""
    newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    return newest or 0


def first_after(size: int, *, since: datetime) -> Entropy:
    """Return the first checkpoint above a size and not before a moment; S-012 while none is there.

    The first, not the newest: whoever holds the draw must not choose among several.
    """
    found = Checkpoint.objects.filter(size__gt=size, at__gte=since).order_by("size").first()
    if found is None:
        raise Refusal("S-012")
    return Entropy(size=found.size, root=bytes(found.root))
