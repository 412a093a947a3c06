"""Recompute everything audit keeps from its own rows, and say what does not fit.

What this cannot show is said here too. Whoever rules the database may rewrite a whole stream with
fresh hashes, or cut the end off a stream or the log; rows alone cannot tell. For the log a
checkpoint kept outside tells, which is why receipts carry one and why `known` takes them. What is
in no hash is not guarded by one: the actor, body hash and reply of a command (events name the
command by id only), the id of an event, the moments of ticks and checkpoints where no timestamp
holds them.
"""

from __future__ import annotations

from collections.abc import Sequence

from audit.domain.faults import Findings
from audit.services.verify.log import check_log
from audit.services.verify.streams import (
    check_commands,
    check_each,
    check_stream,
    check_streams,
)
from sealing.checkpoint import Checkpoint, LogKey

__all__ = ["check_each", "check_stream", "verify_all"]


def verify_all(*, log_key: LogKey, known: Sequence[Checkpoint] = ()) -> Findings:
    """Check every chain, every leaf, node, checkpoint and stamp against this public key."""
    findings = Findings()
    check_streams(findings)
    check_commands(findings)
    check_log(findings, log_key=log_key, known=known)
    return findings
