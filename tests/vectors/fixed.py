"""Fixed randomness for the vectors, and HPKE written a second time to repeat a box."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sealing import suites

KEM = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"\x00\x20" + b"\x00\x01" + b"\x00\x02"


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
    prk = _extract(b"", b"eae_prk", dh, KEM)
    shared = _expand(prk, b"shared_secret", enc + public, 32, KEM)
    context = b"\0" + _extract(b"", b"psk_id_hash", b"", SUITE)
    context += _extract(b"", b"info_hash", info, SUITE)
    secret = _extract(shared, b"secret", b"", SUITE)
    key = _expand(secret, b"key", context, 32, SUITE)
    nonce = _expand(secret, b"base_nonce", context, 12, SUITE)
    return enc + AESGCM(key).encrypt(nonce, plaintext, aad)


def fixed_box(random: Drum):
    """A stand-in for `suites.box` whose ephemeral keys come from `random`."""

    def box(share: bytes, *, public: bytes, label: str, ctxh: bytes) -> bytes:
        info = suites._box_info(suites.kid_of(public), label=label, ctxh=ctxh)
        return hpke_seal(share, public=public, info=info, ephemeral=random.key())

    return box


def _extract(salt: bytes, label: bytes, ikm: bytes, suite: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def _expand(prk: bytes, label: bytes, info: bytes, size: int, suite: bytes) -> bytes:
    assert size <= 32  # one block is all we need
    labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labelled + b"\1", "sha256")[:size]
