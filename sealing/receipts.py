"""Receipts: the platform's signed word that a bid is in, and where in the log. SPEC.md §10."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from sealing import canonical, digests
from sealing import checkpoint as checkpoints
from sealing import header as headers
from sealing.checkpoint import Checkpoint, LogKey
from sealing.encoding import b64u, unb64u
from sealing.entries import BidReceived
from sealing.errors import Code, SealingError
from sealing.log import SALT_BYTES, LogProof, entry_hash
from sealing.shapes import exact, is_hash, is_moment, is_object, nullable, octets, same, whole

TYPE = "bid-receipt+jws"
ALGORITHM = "Ed25519"
ID_BYTES = 16
MAX_RECEIPT = 65536

_CLAIMS = {
    "v": same(1),
    "iss": lambda value: isinstance(value, str),
    "receipt": octets(ID_BYTES),
    "issued_at": is_moment,
    "entry": is_object,
    "salt": octets(SALT_BYTES),
    "leaf": is_hash,
    "max_merge_delay_s": whole(),
    "checkpoint": nullable(lambda value: isinstance(value, str)),
    "proof": nullable(is_object),
    "tsa": nullable(is_hash),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a bidder keeps. Without a proof it is a promise for the next checkpoint."""

    issuer: str
    id: str
    issued_at: str
    entry: BidReceived
    salt: bytes
    max_merge_delay_s: int = 60
    checkpoint: str | None = None
    proof: LogProof | None = None
    tsa: str | None = None

    @property
    def leaf(self) -> bytes:
        """The entry hash under which the log knows this bid."""
        return entry_hash(self.entry.body(), salt=self.salt)

    def body(self) -> dict[str, Any]:
        """Return the claims."""
        return {
            "v": 1,
            "iss": self.issuer,
            "receipt": self.id,
            "issued_at": self.issued_at,
            "entry": self.entry.body(),
            "salt": b64u(self.salt),
            "leaf": b64u(self.leaf),
            "max_merge_delay_s": self.max_merge_delay_s,
            "checkpoint": self.checkpoint,
            "proof": None if self.proof is None else self.proof.body(),
            "tsa": self.tsa,
        }


def sign(receipt: Receipt, *, private: Ed25519PrivateKey) -> str:
    """Sign a receipt with the log's key."""
    key = LogKey.of(private, origin=receipt.issuer)
    payload = canonical.dumps(_checked(receipt.body()))
    return jws.serialize_compact(
        _header(key),
        payload,
        OKPKey.import_key(private),
        algorithms=[ALGORITHM],
    )


def verify(token: str, *, log_key: LogKey) -> Receipt:
    """Read a receipt and check signature, entry hash and, where it has one, its own proof."""
    if len(token) > MAX_RECEIPT:
        raise SealingError(Code.RECEIPT, "too long")
    # One header and no other: no algorithm to choose, no key to fetch, nothing critical to miss.
    if token.partition(".")[0] != b64u(canonical.dumps(_header(log_key))):
        raise SealingError(Code.RECEIPT, "not a receipt signed by this log")
    public: dict[str, str | list[str]] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": b64u(log_key.public),
    }
    try:
        signed = jws.deserialize_compact(token, OKPKey.import_key(public), algorithms=[ALGORITHM])
    except (JoseError, ValueError) as error:
        raise SealingError(Code.RECEIPT, "the signature is not the log's") from error
    try:
        receipt = _read(_checked(canonical.loads(signed.payload)))
    except SealingError as error:
        raise SealingError(Code.RECEIPT, error.detail) from error
    if receipt.issuer != log_key.origin:
        raise SealingError(Code.RECEIPT, "a receipt of another log")
    if receipt.checkpoint is not None and receipt.proof is not None:
        verify_inclusion(
            receipt, proof=receipt.proof, checkpoint=receipt.checkpoint, log_key=log_key
        )
    return receipt


def verify_inclusion(
    receipt: Receipt, *, proof: LogProof, checkpoint: str, log_key: LogKey
) -> Checkpoint:
    """Check that a promise was kept; return the checkpoint that proves it."""
    state = checkpoints.verify(checkpoint, log_key=log_key)
    proof.verify(receipt.leaf, checkpoint=state)
    return state


def check_file(receipt: Receipt, file: BinaryIO) -> None:
    """Refuse unless the receipt is for exactly this sealed file."""
    header = headers.read(file)
    measured = digests.measure(file, header=header)
    found = {
        "size": measured.size,
        "ct_root": b64u(measured.ct_root),
        "ct_sha256": b64u(measured.ct_sha256),
        "ct_sm3": b64u(measured.ct_sm3),
        "header_sha256": b64u(header.sha256),
        "form_ct_sha256": b64u(measured.form_ct_sha256),
        "kc": b64u(header.commitment),
    }
    for name, value in found.items():
        if getattr(receipt.entry, name) != value:
            raise SealingError(Code.RECEIPT, f"the receipt is for another file: {name}")


def _header(key: LogKey) -> dict[str, Any]:
    return {"alg": ALGORITHM, "kid": key.name, "typ": TYPE}


def _checked(claims: object) -> dict[str, Any]:
    members = exact(claims, _CLAIMS, what="receipt", code=Code.RECEIPT)
    if (members["checkpoint"] is None) != (members["proof"] is None):
        raise SealingError(Code.RECEIPT, "checkpoint and proof come together")
    return members


def _read(claims: dict[str, Any]) -> Receipt:
    receipt = Receipt(
        issuer=claims["iss"],
        id=claims["receipt"],
        issued_at=claims["issued_at"],
        entry=BidReceived.from_body(claims["entry"]),
        salt=unb64u(claims["salt"]),
        max_merge_delay_s=claims["max_merge_delay_s"],
        checkpoint=claims["checkpoint"],
        proof=None if claims["proof"] is None else LogProof.from_body(claims["proof"]),
        tsa=claims["tsa"],
    )
    if b64u(receipt.leaf) != claims["leaf"]:
        raise SealingError(Code.RECEIPT, "the leaf is not the hash of the entry")
    return receipt
