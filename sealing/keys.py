"""Opening keys (X25519) and the passphrase-wrapped key file, SPEC.md §6."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from sealing import canonical
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.shapes import exact, is_kid, is_object, octets, same, text
from sealing.suites import kid_of

Random = Callable[[int], bytes]

KIND = "ggzy-key"
ARGON2ID = {"name": "argon2id", "m": 65536, "t": 3, "p": 1}
PBKDF2 = {"name": "pbkdf2-sha256", "i": 600_000}
SALT_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16
MIN_PASSPHRASE = 8
MAX_PASSPHRASE_BYTES = 1024

# RFC 8410: the DER around the 32 raw bytes never varies, so the file has one length.
_PKCS8 = bytes.fromhex("302e020100300506032b656e04220420")

_MEMBERS = {
    "v": same(1),
    "kind": same(KIND),
    "kid": is_kid,
    "public": octets(32),
    "label": text(200),
    "kdf": is_object,
    "nonce": octets(NONCE_BYTES),
    "ct": octets(len(_PKCS8) + 32 + TAG_BYTES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningKey:
    """A private key that opens boxes. Its repr shows the kid only."""

    private: X25519PrivateKey = field(repr=False)
    public: bytes = field(repr=False)
    kid: str

    @classmethod
    def of(cls, private: X25519PrivateKey) -> OpeningKey:
        """Give a private key its public half and its name."""
        public = private.public_key().public_bytes_raw()
        return cls(private=private, public=public, kid=b64u(kid_of(public)))

    @classmethod
    def from_raw(cls, raw: bytes) -> OpeningKey:
        """Take 32 raw private bytes."""
        return cls.of(X25519PrivateKey.from_private_bytes(raw))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key with its name: what a key file tells without its passphrase."""

    public: bytes
    kid: str
    label: str = ""


def generate(*, random: Random = secrets.token_bytes) -> OpeningKey:
    """Make an opening key."""
    return OpeningKey.from_raw(random(32))


def wrap(
    key: OpeningKey, *, passphrase: str, label: str = "", random: Random = secrets.token_bytes
) -> bytes:
    """Write the key file."""
    kdf: dict[str, object] = {**ARGON2ID, "salt": b64u(random(SALT_BYTES))}
    nonce = random(NONCE_BYTES)
    secret = derive(normalise(passphrase, writing=True), kdf)
    pkcs8 = _PKCS8 + key.private.private_bytes_raw()
    return canonical.dumps(
        exact(
            {
                "v": 1,
                "kind": KIND,
                "kid": key.kid,
                "public": b64u(key.public),
                "label": label,
                "kdf": kdf,
                "nonce": b64u(nonce),
                "ct": b64u(AESGCM(secret).encrypt(nonce, pkcs8, key.public)),
            },
            _MEMBERS,
            what="key file",
            code=Code.KEY_FILE,
        )
    )


def read_public(data: bytes) -> PublicKey:
    """Read what a key file says openly; only `unwrap` proves that the private half fits."""
    body = _read(data)
    return PublicKey(public=unb64u(body["public"]), kid=body["kid"], label=body["label"])


def unwrap(data: bytes, *, passphrase: str) -> OpeningKey:
    """Open a key file."""
    body = _read(data)
    public = unb64u(body["public"])
    secret = derive(normalise(passphrase), body["kdf"])
    try:
        pkcs8 = AESGCM(secret).decrypt(unb64u(body["nonce"]), unb64u(body["ct"]), public)
    except InvalidTag as error:
        raise SealingError(Code.PASSPHRASE, "the passphrase does not open this file") from error
    key = OpeningKey.from_raw(pkcs8[len(_PKCS8) :])
    if not pkcs8.startswith(_PKCS8) or key.public != public:
        raise SealingError(Code.KEY_FILE, "private and public key do not belong together")
    return key


def normalise(passphrase: str, *, writing: bool = False) -> bytes:
    """Bring a passphrase into one spelling, whatever keyboard it was typed on."""
    normal = unicodedata.normalize("NFKC", passphrase)
    if writing and len(normal) < MIN_PASSPHRASE:
        raise SealingError(Code.PASSPHRASE, f"shorter than {MIN_PASSPHRASE} characters")
    try:
        data = normal.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SealingError(Code.PASSPHRASE, "not text") from error
    if len(data) > MAX_PASSPHRASE_BYTES:
        raise SealingError(Code.PASSPHRASE, f"longer than {MAX_PASSPHRASE_BYTES} bytes")
    return data


def derive(passphrase: bytes, kdf: object) -> bytes:
    """Turn a passphrase into a key. The costs are fixed: a file cannot ask for a gigabyte."""
    salt = octets(SALT_BYTES)
    name = kdf.get("name") if isinstance(kdf, dict) else None
    if name == PBKDF2["name"]:
        members = {**{key: same(value) for key, value in PBKDF2.items()}, "salt": salt}
        body = exact(kdf, members, what="kdf", code=Code.KEY_FILE)
        return PBKDF2HMAC(
            algorithm=SHA256(), length=32, salt=unb64u(body["salt"]), iterations=body["i"]
        ).derive(passphrase)
    members = {**{key: same(value) for key, value in ARGON2ID.items()}, "salt": salt}
    body = exact(kdf, members, what="kdf", code=Code.KEY_FILE)
    return Argon2id(
        salt=unb64u(body["salt"]),
        length=32,
        iterations=body["t"],
        lanes=body["p"],
        memory_cost=body["m"],
    ).derive(passphrase)


def _read(data: bytes) -> dict[str, Any]:
    try:
        body = exact(canonical.loads(data), _MEMBERS, what="key file", code=Code.KEY_FILE)
    except SealingError as error:
        raise SealingError(Code.KEY_FILE, error.detail) from error
    if b64u(kid_of(unb64u(body["public"]))) != body["kid"]:
        raise SealingError(Code.KEY_FILE, "kid and public key differ")
    return body
