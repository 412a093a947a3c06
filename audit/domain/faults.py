"""What a verification found: counts of what was checked, and every fault with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# A broken link breaks nothing after it, but one wrong key breaks everything: enough is enough.
MOST_FAULTS = 100


@dataclass(slots=True, kw_only=True)
class Findings:
    """Grows while the verifier walks; valid as long as it holds no fault."""

    checked: dict[str, int] = field(default_factory=dict)
    faults: list[dict[str, str]] = field(default_factory=list)
    unlisted: int = 0

    @property
    def valid(self) -> bool:
        """Whether nothing was found broken."""
        return not self.faults

    def count(self, what: str, number: int = 1) -> None:
        """Note that something was checked."""
        self.checked[what] = self.checked.get(what, 0) + number

    def fault(self, where: str, what: str) -> None:
        """Note that something is broken."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append({"where": where, "what": what})
        else:
            self.unlisted += 1

    def require(self, fine: bool, where: str, what: str) -> None:  # noqa: FBT001 - reads as a sentence
        """Note a fault unless this is fine."""
        if not fine:
            self.fault(where, what)

    def as_json(self) -> dict[str, Any]:
        """Return the findings as one JSON object."""
        return {
            "valid": self.valid,
            "checked": self.checked,
            "faults": self.faults,
            "faults_not_listed": self.unlisted,
        }
