"""Say what the seal on a PDF is worth: whose it is, when it was set, whether anything came after.

The file comes from anybody. It is read in a child process (`core.pades.cage`), judged here by the
authorities we trust, and kept nowhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from rfc3161_client import TimeStampResponse, VerificationError

from accounts.adapters import authority
from accounts.domain import certificates
from accounts.models import SealedPaper
from accounts.services import revocation, seal_key
from audit.services import timestamps
from core.pades import cage
from core.pades.found import Seal
from core.verdicts import Refusal

_REFUSALS = {"unreadable": "A-211", "locked": "A-212", "exhausted": "A-213", "busy": "A-214"}
_CERTIFICATE: dict[str, Literal["unknown", "ended", "revoked"]] = {
    "A-204": "unknown",
    "A-205": "ended",
    "A-206": "revoked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A timestamp that an authority we trust set over the seal."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The worth of one seal.

    `state`: "whole", "added" (intact, but the file goes on behind what it covers), "altered".
    `certificate` is judged for `judged_at`: the moment of the timestamp, or now without one, for
    what a signer says of the time proves nothing.
    """

    state: Literal["whole", "added", "altered"]
    is_ours: bool
    holder: str
    issuer: str
    certificate: Literal["good", "unknown", "ended", "revoked"]
    not_before: datetime
    not_after: datetime
    judged_at: datetime
    is_revocation_known: bool
    stamp: Stamp | None
    has_bad_stamp: bool
    claimed_at: datetime | None
    issued: SealedPaper | None

    @property
    def holds(self) -> bool:
        """Whether there is nothing to say against it."""
        return (
            self.is_ours
            and self.state == "whole"
            and self.certificate == "good"
            and self.is_revocation_known
            and self.stamp is not None
        )


def check(pdf: IO[bytes], *, now: datetime) -> Checked | None:
    """Judge the platform's seal on a PDF, or the newest other one; None for a file without any."""
    try:
        found = cage.seals(pdf)
    except cage.Refused as refused:
        raise Refusal(_REFUSALS[refused.cause]) from None
    if not found:
        return None
    ours = {one.fingerprint(hashes.SHA256()) for one in seal_key.certificates()}
    read = [(one, _certificate(one)) for one in found]
    of_us = [pair for pair in read if pair[1].fingerprint(hashes.SHA256()) in ours]
    seal, certificate = (of_us or read)[-1]
    stamp = _stamp(seal)
    judged_at = stamp.at if stamp else now
    listed = revocation.newest(now=now)
    state = _state(seal)
    return Checked(
        state=state,
        is_ours=bool(of_us),
        holder=seal_key.holder(certificate),
        issuer=certificates.facts(certificate).issuer,
        certificate=_standing(
            certificate, at=judged_at, revoked=bytes(listed.der) if listed else None
        ),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        judged_at=judged_at,
        is_revocation_known=listed is not None,
        stamp=stamp,
        has_bad_stamp=stamp is None and bool(seal.token),
        claimed_at=seal.claimed_at,
        issued=_issued(pdf) if of_us and state == "whole" else None,
    )


def _certificate(seal: Seal) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(seal.certificate)
    except ValueError:
        raise Refusal("A-211") from None


def _state(seal: Seal) -> Literal["whole", "added", "altered"]:
    if not seal.intact:
        return "altered"
    return "whole" if seal.whole else "added"


def _stamp(seal: Seal) -> Stamp | None:
    if not seal.token:
        return None
    try:
        said: TimeStampResponse = timestamps.verify(seal.token, message=seal.signature)
        return Stamp(at=said.tst_info.gen_time, by=timestamps.signer(said))
    except (VerificationError, ValueError, OSError):
        return None  # another authority's, forged, or we were given none to trust


def _standing(
    certificate: x509.Certificate, *, at: datetime, revoked: bytes | None
) -> Literal["good", "unknown", "ended", "revoked"]:
    try:
        certificates.validate(certificate, trusted=authority.trusted(), now=at)
        if revoked:
            certificates.check_revocation(certificate, revoked=revoked)
    except authority.AuthorityError:
        return "unknown"
    except Refusal as refused:
        since = refused.reason.facts.get("revoked_at")
        # What was sealed before the certificate was given up stays sealed.
        if isinstance(since, datetime) and at < since:
            return "good"
        return _CERTIFICATE[refused.reason.code]
    return "good"


def _issued(pdf: IO[bytes]) -> SealedPaper | None:
    """Return the paper this file is, to the byte, if we keep it."""
    pdf.seek(0)
    digest = hashlib.file_digest(pdf, "sha256").hexdigest()  # type: ignore[arg-type]  # IO[bytes] is enough
    return SealedPaper.objects.filter(sealed_sha256=digest).first()
