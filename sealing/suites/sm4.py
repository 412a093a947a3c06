"""SM4-GCM (RFC 8998) behind the door that AES-GCM has in the library."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

KEY_BYTES = 16
_TAG_BYTES = 16


class SM4GCM:
    """SM4 in Galois/counter mode, 12-byte nonces, 16-byte tags behind the ciphertext."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt_into(
        self, nonce: bytes, data: memoryview, _associated_data: None, buf: memoryview, /
    ) -> int:
        """Encrypt; nothing in a sealed bid has associated data."""
        encryptor = Cipher(self._algorithm, GCM(nonce)).encryptor()
        done = encryptor.update_into(data, buf)
        encryptor.finalize()
        buf[done:] = encryptor.tag
        return done + _TAG_BYTES

    def decrypt_into(
        self, nonce: bytes, data: memoryview, _associated_data: None, buf: memoryview, /
    ) -> int:
        """Decrypt; the buffer is filled only when the tag was right."""
        decryptor = Cipher(self._algorithm, GCM(nonce)).decryptor()
        plain = decryptor.update(data[:-_TAG_BYTES])
        decryptor.finalize_with_tag(bytes(data[-_TAG_BYTES:]))
        buf[:] = plain
        return len(plain)
