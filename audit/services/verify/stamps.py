"""Check that a timestamp was given over the checkpoint it stands beside."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from rfc3161_client import VerificationError

from audit.domain.faults import Findings
from audit.models import Stamp
from audit.services.stamping import verify_token


def check_stamp(findings: Findings, stamp: Stamp, *, note: str) -> None:
    """Check signature, content and moment of a token; without the authority's root, say so."""
    if not Path(settings.TSA_ROOT_FILE).exists():
        findings.count("stamps_without_root")
        return
    findings.count("stamps")
    where = f"stamp {stamp.checkpoint_id}"
    try:
        said = verify_token(bytes(stamp.token), note=note)
    except (VerificationError, ValueError) as error:
        findings.fault(where, str(error))
        return
    same = said.tst_info.gen_time == stamp.stamped_at
    findings.require(same, where, "has another moment than its token")
