"""One person at the platform's doors: a session over HTTP that signs as a browser does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from sealing import canonical
from sealing.encoding import b64u
from stories.troubles import CannotRun

_SIGNING = b"ggzy-sign/1\0"
_HALF = 32  # bytes of r and of s on P-256
_PATIENCE = 60.0  # seconds for a door that a crash has closed to open again
_NONCE_USED = "A-106"
_TOTP_SECONDS = 30
_JSON = {"Accept": "application/json"}


class Refused(Exception):  # noqa: N818 - the platform's word, and often the one wanted
    """The platform said no, in its own words."""

    def __init__(self, *, status: int, error: Mapping[str, Any], address: str) -> None:
        self.status = status
        self.code = str(error.get("code", ""))
        self.facts: Mapping[str, Any] = error.get("facts") or {}
        self.fields: Mapping[str, Any] = error.get("fields") or {}
        words = " ".join(str(error.get(part, "")) for part in ("what", "why", "do"))
        details = f" {json.dumps(self.fields, ensure_ascii=False)}" if self.fields else ""
        super().__init__(f"{address}: {status} {self.code} {words}{details}")


@dataclass(frozen=True, slots=True)
class Act:
    """An act of the platform: the name it is signed under, its address, its purpose if signed."""

    name: str
    address: str
    purpose: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A signing key with its certificate."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: str

    def sign(self, *, purpose: str, body: bytes) -> str:
        """Sign a body for a purpose: r and s, base64url."""
        message = _SIGNING + purpose.encode("ascii") + b"\0" + body
        r, s = utils.decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return b64u(r.to_bytes(_HALF) + s.to_bytes(_HALF))


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFile:
    """The PKCS#12 file as the authority hands it out, for a browser's own pages."""

    content: bytes = field(repr=False)
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A field that stands several times, as ticked boxes do."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file sent with an act."""

    name: str
    content: bytes
    type: str = "application/pdf"


class Session:
    """Somebody's browser."""

    def __init__(self, base: str, *, name: str = "visitor") -> None:
        self.base = base
        self.name = name
        self.identity: Identity | None = None
        self._certificate_file: CertificateFile | None = None
        # The system under test is on this machine: no proxy of the environment is asked.
        self._http = httpx.Client(base_url=base, timeout=300, trust_env=False)

    @property
    def certificate_file(self) -> CertificateFile:
        """The certificate as a file."""
        if self._certificate_file is None:
            raise CannotRun(f"{self.name} has no certificate file")
        return self._certificate_file

    @property
    def cookie_values(self) -> dict[str, str]:
        """The session's cookies by name, for a browser of the same person."""
        return dict(self._http.cookies.items())

    @property
    def cookies(self) -> str:
        """The session's cookies as a header, for its websocket."""
        return "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the browser."""
        self._http.close()

    # -- coming in

    def sign_in(self, *, username: str, password: str, secret: str = "") -> dict[str, Any]:
        """Sign in by password, with the authenticator's code where there is a secret."""
        code = totp(secret) if secret else ""
        fields = {"username": username, "password": password, "code": code}
        return self._form("/login", fields)

    def get_certificate(self, *, passphrase: str) -> None:
        """Ask for a demo certificate, bind it, and sign in anew with it."""
        answer = self._send(
            "POST",
            "/org/certificates/request",
            data={"passphrase": passphrase},
            headers=self._token(),
        )
        key, certificate, _ = pkcs12.load_key_and_certificates(
            answer.content, passphrase.encode("utf-8")
        )
        if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
            raise CannotRun("the certificate authority gave no P-256 certificate")
        self.identity = Identity(key=key, certificate=_pem(certificate))
        self._certificate_file = CertificateFile(content=answer.content, passphrase=passphrase)
        self.act(Act("accounts:bind", "/org/certificates/bind", "confirm"))
        try:
            self._sign_in_by_certificate()
        except Refused as refused:
            if refused.code != _NONCE_USED:
                raise
            # The answer was lost after the nonce was used up: begin anew, as the page says.
            self._sign_in_by_certificate()

    def _sign_in_by_certificate(self) -> None:
        challenge = self._form("/login/challenge", {})
        fields = {"nonce": challenge["nonce"], "origin": challenge["origin"]}
        body = act_body("accounts:login-certificate", {}, fields)
        self._form("/login/certificate", fields | self._signed(challenge["purpose"], body))

    # -- reading

    def read(self, address: str) -> dict[str, Any]:
        """Return a JSON document."""
        answer = self._send("GET", address, headers=_JSON)
        found: dict[str, Any] = answer.json()
        return found

    def exists(self, address: str) -> bool:
        """Tell whether there is something to read at an address."""
        answer = self._send("GET", address, check=False)
        return answer.status_code == HTTPStatus.OK

    def fetch(self, address: str) -> bytes:
        """Return a file."""
        return self._send("GET", address).content

    # -- acting

    def act(
        self,
        act: Act,
        fields: Mapping[str, object] | None = None,
        *,
        files: Mapping[str, Attached] | None = None,
        **where: object,
    ) -> dict[str, Any]:
        """Carry out an act and return its reply; a lost answer is asked for again, done once."""
        args = {name: str(value) for name, value in where.items()}
        sent = {name: text(value) for name, value in (fields or {}).items()}
        described = {name: _described(file) for name, file in (files or {}).items()}
        command = str(uuid4())
        data = sent | {"command_id": command}
        if act.purpose is not None:
            body = act_body(act.name, args, {**sent, **described}, command=command)
            data |= self._signed(act.purpose, body)
        answer = self._send(
            "POST",
            act.address.format(**args),
            data=data,
            files={
                name: (file.name, file.content, file.type) for name, file in (files or {}).items()
            }
            or None,
            headers=_JSON | self._token(),
        )
        reply: dict[str, Any] = answer.json()
        return reply

    def upload(self, method: str, address: str, **options: Any) -> httpx.Response:
        """Send one request of the tus protocol; the caller looks at the status."""
        headers = {"Tus-Resumable": "1.0.0", **self._token(), **options.pop("headers", {})}
        return self._send(method, address, check=False, headers=headers, **options)

    def _form(self, address: str, fields: Mapping[str, str]) -> dict[str, Any]:
        answer = self._send("POST", address, data=fields, headers=_JSON | self._token())
        reply: dict[str, Any] = answer.json()
        return reply

    def _signed(self, purpose: str, body: bytes) -> dict[str, str]:
        if self.identity is None:
            raise CannotRun(f"{self.name} has no certificate to sign with")
        return {
            "signature": self.identity.sign(purpose=purpose, body=body),
            "certificate": self.identity.certificate,
        }

    def _token(self) -> dict[str, str]:
        for _ in range(2):
            for name, value in self._http.cookies.items():
                if name.endswith("csrf"):
                    return {"X-CSRFToken": value, "Referer": f"{self.base}/"}
            self._send("GET", "/login")
        raise CannotRun("the sign-in page set no token against forged requests")

    def _send(
        self, method: str, address: str, *, check: bool = True, **options: Any
    ) -> httpx.Response:
        limit = time.monotonic() + _PATIENCE
        while True:
            try:
                answer = self._http.request(method, address, **options)
                break
            except httpx.TransportError as error:
                if time.monotonic() > limit:
                    raise CannotRun(f"{method} {address}: {error}") from error
                time.sleep(0.25)
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise CannotRun(f"{method} {address} ({self.name}): status {answer.status_code}")
        if check and answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise Refused(status=answer.status_code, error=_error(answer), address=address)
        return answer


def act_body(
    name: str, args: Mapping[str, str], fields: Mapping[str, Any], *, command: str = ""
) -> bytes:
    """Return the canonical body of an act: what is signed. A sign-in is no command."""
    return canonical.dumps(
        {"act": name, "args": dict(args), "command": command, "fields": dict(fields)}
    )


def text(value: object) -> str | list[str]:
    """Spell a field: JSON for lists and objects, 1 and empty for yes and no."""
    match value:
        case None | False:
            return ""
        case True:
            return "1"
        case str():
            return value
        case Repeated():
            return list(value.values)
        case dict() | list() | tuple():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def totp(secret: str) -> str:
    """Return what an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time()) // _TOTP_SECONDS)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    place = digest[-1] & 0xF
    number = int.from_bytes(digest[place : place + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def uuid(value: object) -> UUID:
    """Read an id of a reply."""
    return UUID(str(value))


def _described(file: Attached) -> dict[str, Any]:
    digest = hashlib.sha256(file.content).hexdigest()
    return {"name": file.name, "size": len(file.content), "sha256": digest}


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode("ascii")


def _error(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {"code": "", "what": answer.text[:200] if answer.is_success else ""}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}
