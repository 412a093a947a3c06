"""Boxes by HPKE (RFC 9180, base mode, single shot): over X25519, and over X-Wing."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHAKE256, Hash
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from sealing.suites.base import SECRET_BYTES, SHARE_BYTES, Random

_TAG_BYTES = 16
_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64


class X25519Kem:
    """DHKEM(X25519, HKDF-SHA256)."""

    public_bytes = 32
    hpke = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

    def generate(self, random: Random) -> bytes:
        """Make a secret; every 32 bytes are one."""
        return random(SECRET_BYTES)

    def public_of(self, secret: bytes) -> bytes:
        """Derive the public key."""
        return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()

    def is_box(self, boxed: bytes) -> bool:
        """Tell by the length."""
        return len(boxed) == KEM.X25519.enc_length() + SHARE_BYTES + _TAG_BYTES

    def seal(self, share: bytes, *, public: bytes, info: bytes) -> bytes:
        """Box a share; a low-order public key is refused by the library."""
        return self.hpke.encrypt(share, X25519PublicKey.from_public_bytes(public), info=info)

    def open(self, boxed: bytes, *, secret: bytes, info: bytes) -> bytes:
        """Open a box."""
        try:
            return self.hpke.decrypt(boxed, X25519PrivateKey.from_private_bytes(secret), info=info)
        except InvalidTag as error:
            raise ValueError("does not authenticate") from error


class XWingKem:
    """X-Wing: ML-KEM-768 and X25519 together; who breaks one of them has nothing.

    The secret is the 32-byte seed of both halves, the public key ML-KEM's then X25519's.
    """

    public_bytes = 1216
    hpke = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

    def generate(self, random: Random) -> bytes:
        """Make a secret; every 32 bytes are one."""
        return random(SECRET_BYTES)

    def public_of(self, secret: bytes) -> bytes:
        """Derive the public key."""
        lattice, curve = _expand(secret)
        return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()

    def is_box(self, boxed: bytes) -> bool:
        """Tell by the length."""
        return len(boxed) == KEM.MLKEM768_X25519.enc_length() + SHARE_BYTES + _TAG_BYTES

    def seal(self, share: bytes, *, public: bytes, info: bytes) -> bytes:
        """Box a share; a low-order X25519 half is refused by the library."""
        key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:]),
        )
        return self.hpke.encrypt(share, key, info=info)

    def open(self, boxed: bytes, *, secret: bytes, info: bytes) -> bytes:
        """Open a box."""
        try:
            return self.hpke.decrypt(boxed, MLKEM768X25519PrivateKey(*_expand(secret)), info=info)
        except InvalidTag as error:
            raise ValueError("does not authenticate") from error


def _expand(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    shake = Hash(SHAKE256(_MLKEM_SEED_BYTES + SECRET_BYTES))
    shake.update(seed)
    both = shake.finalize()
    return (
        MLKEM768PrivateKey.from_seed_bytes(both[:_MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(both[_MLKEM_SEED_BYTES:]),
    )
