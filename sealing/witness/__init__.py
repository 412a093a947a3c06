"""A witness: somebody else who signs a log's checkpoint only if the log has forgotten nothing.

Cosignatures are C2SP tlog-cosignature v1, the door is C2SP tlog-witness; SPEC.md §9.1. A witness
that belongs to the log's own house proves little: it has to stand with another owner.
"""

from __future__ import annotations

from sealing.witness.cosignature import WitnessKey, cosign, verify_cosignature
from sealing.witness.rule import Refused, Seen, Submission, judge
from sealing.witness.witness import Witness

__all__ = [
    "Refused",
    "Seen",
    "Submission",
    "Witness",
    "WitnessKey",
    "cosign",
    "judge",
    "verify_cosignature",
]
