"""Opening keys and the passphrase-wrapped key file, SPEC.md §6."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from sealing import canonical, suites
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.shapes import Check, exact, is_kid, is_object, octets, same, text
from sealing.suites import DEFAULT, OTHERS, SECRET_BYTES, Random, Suite

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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningKey:
    """A private key that opens boxes of one suite. Its repr shows the kid only."""

    suite: Suite = field(repr=False)
    secret: bytes = field(repr=False)
    public: bytes = field(repr=False)
    kid: str

    @classmethod
    def from_raw(cls, secret: bytes, *, suite: Suite = DEFAULT) -> OpeningKey:
        """Give 32 private bytes their public half and their name."""
        try:
            public = suite.kem.public_of(secret)
        except ValueError as error:
            raise SealingError(Code.KEY_FILE, "not a private key of its suite") from error
        return cls(suite=suite, secret=secret, public=public, kid=suite.b64_kid(public))

    def unbox(self, boxed: bytes, *, label: str, ctxh: bytes) -> bytes:
        """Open a box; the caller has compared suite and kid."""
        return self.suite.unbox(boxed, secret=self.secret, label=label, ctxh=ctxh)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key with its name: what a key file tells without its passphrase."""

    suite: Suite = field(repr=False)
    public: bytes
    kid: str
    label: str = ""


def generate(*, suite: Suite = DEFAULT, random: Random = secrets.token_bytes) -> OpeningKey:
    """Make an opening key."""
    return OpeningKey.from_raw(suite.kem.generate(random), suite=suite)


def wrap(
    key: OpeningKey, *, passphrase: str, label: str = "", random: Random = secrets.token_bytes
) -> bytes:
    """Write the key file."""
    kdf: dict[str, object] = {**ARGON2ID, "salt": b64u(random(SALT_BYTES))}
    body = {
        "v": 1,
        "kind": KIND,
        **named(key.suite),
        "kid": key.kid,
        "public": b64u(key.public),
        "label": label,
        "kdf": kdf,
        "nonce": b64u(random(NONCE_BYTES)),
    }
    plain = _frame(key.suite) + key.secret
    cipher = AESGCM(derive(normalise(passphrase, writing=True), kdf))
    sealed = cipher.encrypt(unb64u(str(body["nonce"])), plain, _aad(body))
    return canonical.dumps(
        exact(
            {**body, "ct": b64u(sealed)},
            _members(key.suite),
            what="key file",
            code=Code.KEY_FILE,
        )
    )


def read_public(data: bytes) -> PublicKey:
    """Read what a key file says openly; only `unwrap` proves that the private half fits."""
    body = _read(data)
    return PublicKey(
        suite=suite_of(body), public=unb64u(body["public"]), kid=body["kid"], label=body["label"]
    )


def unwrap(data: bytes, *, passphrase: str) -> OpeningKey:
    """Open a key file."""
    body = _read(data)
    suite = suite_of(body)
    secret = derive(normalise(passphrase), body["kdf"])
    try:
        plain = AESGCM(secret).decrypt(unb64u(body["nonce"]), unb64u(body["ct"]), _aad(body))
    except InvalidTag as error:
        raise SealingError(Code.PASSPHRASE, "the passphrase does not open this file") from error
    frame = _frame(suite)
    key = OpeningKey.from_raw(plain[len(frame) :], suite=suite)
    if not plain.startswith(frame) or key.public != unb64u(body["public"]):
        raise SealingError(Code.KEY_FILE, "private and public key do not belong together")
    return key


def named(suite: Suite) -> dict[str, object]:
    """Give the member that names the suite; files of suite 1 have none."""
    return {} if suite is DEFAULT else {"suite": suite.id.value}


def suite_of(body: object) -> Suite:
    """Tell the suite of a key file or holder file; an unknown one is refused."""
    if not isinstance(body, dict) or "suite" not in body:
        return DEFAULT
    return suites.of(body["suite"])


def naming(suite: Suite) -> Mapping[str, Check]:
    """Give the checks of the members that every file of a key has."""
    return {
        "kid": is_kid,
        "public": octets(suite.kem.public_bytes),
        "label": text(200),
        "kdf": is_object,
        "nonce": octets(NONCE_BYTES),
        **({"suite": same(suite.id.value)} if suite.id in OTHERS else {}),
    }


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


def read_file(data: bytes, members: Callable[[Suite], Mapping[str, Check]], *, what: str) -> Any:
    """Read a file of a key: its shape, its suite, and that its kid is that of its public key."""
    try:
        body = canonical.loads(data)
    except SealingError as error:
        raise SealingError(Code.KEY_FILE, error.detail) from error
    suite = suite_of(body)
    body = exact(body, members(suite), what=what, code=Code.KEY_FILE)
    if suite.b64_kid(unb64u(body["public"])) != body["kid"]:
        raise SealingError(Code.KEY_FILE, "kid and public key differ")
    return body


def _read(data: bytes) -> dict[str, Any]:
    return cast("dict[str, Any]", read_file(data, _members, what="key file"))


def _members(suite: Suite) -> Mapping[str, Check]:
    length = len(_frame(suite)) + SECRET_BYTES + TAG_BYTES
    return {"v": same(1), "kind": same(KIND), **naming(suite), "ct": octets(length)}


def _frame(suite: Suite) -> bytes:
    """Give what stands before the secret: PKCS#8 where it has one fixed form."""
    return _PKCS8 if suite is DEFAULT else b""


def _aad(body: Mapping[str, Any]) -> bytes:
    """Bind the public key in suite 1, as it was frozen; the whole open file in every other."""
    if "suite" not in body:
        return unb64u(body["public"])
    return canonical.dumps({name: value for name, value in body.items() if name != "ct"})
