"""What two persons of finance do together: one proposes, another confirms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from sealing import canonical


class Kind(StrEnum):
    """What is proposed."""

    STOP_BANK = "STOP_BANK"
    START_BANK = "START_BANK"
    RESOLVE = "RESOLVE"
    UNPAID = "UNPAID"
    FREEZE = "FREEZE"
    UNFREEZE = "UNFREEZE"
    FORFEIT_ACCOUNT = "FORFEIT_ACCOUNT"
    FORFEIT = "FORFEIT"


# Somebody outside has decided these, in writing; what was written is kept with the proposal.
BY_DOCUMENT: Final = frozenset(
    {Kind.UNPAID, Kind.FREEZE, Kind.UNFREEZE, Kind.FORFEIT_ACCOUNT, Kind.FORFEIT}
)


def content_sha(content: Mapping[str, Any]) -> str:
    """Return the hash of what is proposed: the second person confirms this and nothing else."""
    return hashlib.sha256(canonical.dumps(dict(content))).hexdigest()
