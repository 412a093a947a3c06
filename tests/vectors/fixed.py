"""Fixed randomness for the vectors, and HPKE written a second time to repeat a box."""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sealing.encoding import b64u, unb64u
from sealing.suites.base import Kem
from sealing.suites.hpke import X25519Kem, XWingKem
from sealing.suites.sm2 import Sm2Kem
from tests.vectors.reading import FOLDER

X25519, X_WING = 0x0020, 0x647A
AES_256_GCM = 2


class Drum:
    """Bytes that only look random: SHA-256 of a name and a counter."""

    def __init__(self, name: str) -> None:
        self._name = name.encode()
        self._count = 0

    def __call__(self, size: int) -> bytes:
        made = b""
        while len(made) < size:
            self._count += 1
            made += hashlib.sha256(self._name + b"/" + str(self._count).encode()).digest()
        return made[:size]

    def key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What both sides of HPKE have after the key schedule of RFC 9180 §5.1, base mode."""

    suite: bytes
    key: bytes
    base_nonce: bytes
    exporter_secret: bytes

    @classmethod
    def of(cls, shared: bytes, *, info: bytes, kem: int, aead: int) -> Schedule:
        suite = b"HPKE" + kem.to_bytes(2, "big") + b"\x00\x01" + aead.to_bytes(2, "big")
        context = b"\0" + _extract(b"", b"psk_id_hash", b"", suite)
        context += _extract(b"", b"info_hash", info, suite)
        secret = _extract(shared, b"secret", b"", suite)
        return cls(
            suite=suite,
            key=_expand(secret, b"key", context, 32, suite),
            base_nonce=_expand(secret, b"base_nonce", context, 12, suite),
            exporter_secret=_expand(secret, b"exp", context, 32, suite),
        )

    def nonce(self, number: int) -> bytes:
        return (int.from_bytes(self.base_nonce, "big") ^ number).to_bytes(12, "big")

    def export(self, context: bytes, length: int) -> bytes:
        return _expand(self.exporter_secret, b"sec", context, length, self.suite)


def hpke_seal(
    plaintext: bytes,
    *,
    public: bytes,
    info: bytes,
    ephemeral: X25519PrivateKey,
    aad: bytes = b"",
) -> bytes:
    """RFC 9180 SealBase for DHKEM(X25519), HKDF-SHA256, AES-256-GCM, with a given ephemeral key."""
    enc = ephemeral.public_key().public_bytes_raw()
    dh = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    kem = b"KEM" + X25519.to_bytes(2, "big")
    prk = _extract(b"", b"eae_prk", dh, kem)
    shared = _expand(prk, b"shared_secret", enc + public, 32, kem)
    made = Schedule.of(shared, info=info, kem=X25519, aead=AES_256_GCM)
    return enc + AESGCM(made.key).encrypt(made.base_nonce, plaintext, aad)


def x_wing_shared(enc: bytes, *, seed: bytes) -> bytes:
    """X-Wing's decapsulation from its two halves and its combiner."""
    both = hashlib.shake_256(seed).digest(96)
    lattice = MLKEM768PrivateKey.from_seed_bytes(both[:64])
    curve = X25519PrivateKey.from_private_bytes(both[64:])
    return hashlib.sha3_256(
        lattice.decapsulate(enc[:1088])
        + curve.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
        + enc[1088:]
        + curve.public_key().public_bytes_raw()
        + b"\\.//^\\"
    ).digest()


class Boxes:
    """Boxes that were made once and are repeated ever after.

    ML-KEM and SM2 draw what no library lets us choose, so these boxes are given, not computed.
    """

    def __init__(self, path: Path = FOLDER / "boxes.json") -> None:
        self._known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        self._used: dict[str, str] = {}

    def repeating(self, kem: type[Kem]):
        real = kem.seal

        def seal(kem, share: bytes, *, public: bytes, info: bytes) -> bytes:
            name = b64u(hashlib.sha256(share + public + info).digest())
            if name not in self._known:
                self._known[name] = b64u(real(kem, share, public=public, info=info))
            self._used[name] = self._known[name]
            return unb64u(self._known[name])

        return mock.patch.object(kem, "seal", seal)

    def body(self) -> dict[str, str]:
        return dict(sorted(self._used.items()))


@contextmanager
def fixed_boxes(random: Drum, boxes: Boxes | None = None):
    """Sealing whose boxes never vary: ephemeral X25519 keys come from `random`."""

    def seal(_kem, share: bytes, *, public: bytes, info: bytes) -> bytes:
        return hpke_seal(share, public=public, info=info, ephemeral=random.key())

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(X25519Kem, "seal", seal))
        if boxes:
            stack.enter_context(boxes.repeating(XWingKem))
            stack.enter_context(boxes.repeating(Sm2Kem))
        yield


def _extract(salt: bytes, label: bytes, ikm: bytes, suite: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def _expand(prk: bytes, label: bytes, info: bytes, size: int, suite: bytes) -> bytes:
    assert size <= 32  # one block is all we need
    labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labelled + b"\1", "sha256")[:size]
