"""Check that a witness signed the checkpoint its line stands beside."""

from __future__ import annotations

from datetime import UTC, datetime

from audit.domain.faults import Findings
from audit.models import Cosignature
from audit.services.cosigning import keys
from sealing.errors import SealingError
from sealing.witness import verify_cosignature


def check_cosignature(findings: Findings, signed: Cosignature, *, note: str) -> None:
    """Check a line against the pinned key; without the key, say so."""
    key = keys().get(signed.witness)
    if key is None:
        findings.count("cosignatures_without_key")
        return
    findings.count("cosignatures")
    where = f"cosignature {signed.checkpoint_id} {signed.witness}"
    try:
        at = verify_cosignature(note + signed.line, witness=key)
    except SealingError as error:
        findings.fault(where, str(error))
        return
    same = datetime.fromtimestamp(at, UTC) == signed.signed_at
    findings.require(same, where, "has another moment than its signature")
