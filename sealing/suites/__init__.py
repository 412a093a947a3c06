"""The suites: which algorithms seal a bid. Everything asks `of(SuiteId)`, nothing else.

| id | boxes | hash | segments |
|---|---|---|---|
| `1` | HPKE over X25519 | SHA-256 | AES-256-GCM |
| `2` | HPKE over X-Wing: also against a quantum computer that reads today's recordings later | SHA-256 | AES-256-GCM |
| `GM-1` | SM2 | SM3 | SM4-GCM; a demonstration |
"""  # noqa: E501 - a table

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, Hash

from sealing.errors import Code, SealingError
from sealing.suites.base import (
    BIDDER,
    HOST,
    KID_BYTES,
    LABELS,
    SECRET_BYTES,
    SHARE_BYTES,
    ContentKeys,
    Random,
    SegmentCipher,
    Suite,
    SuiteId,
)
from sealing.suites.hpke import X25519Kem, XWingKem
from sealing.suites.sm2 import Sm2Kem
from sealing.suites.sm4 import KEY_BYTES, SM4GCM

__all__ = [
    "BIDDER",
    "DEFAULT",
    "GM_NOTICE",
    "HOST",
    "KID_BYTES",
    "LABELS",
    "OTHERS",
    "SECRET_BYTES",
    "SHARE_BYTES",
    "ContentKeys",
    "Random",
    "SegmentCipher",
    "Suite",
    "SuiteId",
    "of",
]

GM_NOTICE = (
    "GM-1 uses the algorithms SM2, SM3 and SM4 and is a demonstration: not a certified "
    "commercial-cryptography product, and not assessed (GB/T 39786)."
)


def _sm3(data: bytes) -> bytes:
    made = Hash(SM3())
    made.update(data)
    return made.finalize()


_SUITES = {
    one.id: one
    for one in (
        Suite(
            id=SuiteId.X25519,
            kem=X25519Kem(),
            algorithm=SHA256(),
            aead=AESGCM,
            aead_key_bytes=32,
        ),
        Suite(
            id=SuiteId.XWING,
            kem=XWingKem(),
            algorithm=SHA256(),
            aead=AESGCM,
            aead_key_bytes=32,
        ),
        Suite(
            id=SuiteId.GM1,
            kem=Sm2Kem(digest=_sm3),
            algorithm=SM3(),
            aead=SM4GCM,
            aead_key_bytes=KEY_BYTES,
            notice=GM_NOTICE,
        ),
    )
}

DEFAULT = _SUITES[SuiteId.X25519]
# Suite 1 was frozen before there were others: key files and log entries name only these.
OTHERS = (SuiteId.XWING, SuiteId.GM1)


def of(name: object) -> Suite:
    """Give the suite of this id; there is no negotiation and no nearest one."""
    for known, suite in _SUITES.items():
        if isinstance(name, str) and name == known:
            return suite
    raise SealingError(Code.UNKNOWN_SUITE, str(name)[:40])
