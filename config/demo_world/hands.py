"""Somebody's hand: does an act as the web would, under a command's id, signed where it must be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from accounts.domain import certificates as domain
from accounts.models import Organisation, Person, Signature
from accounts.services import certificates, signatures
from accounts.services.commands import perform
from config.demo_world.shelf import PIN
from sealing import canonical
from sealing.encoding import b64u, unb64u

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The act under way: its id and, where it is signed, the signature that was accepted."""

    id: UUID
    signed: Signature | None

    @property
    def signature(self) -> UUID:
        """The signature's id; only for acts that are signed."""
        assert self.signed is not None
        return self.signed.pk

    @property
    def signature_sha256(self) -> str:
        """The hash of the signature's bytes, as a bid's log entry has it."""
        assert self.signed is not None
        return b64u(hashlib.sha256(unb64u(self.signed.signature)).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A person with a bound certificate and its key."""

    person: Person
    organisation: Organisation | None
    key: ec.EllipticCurvePrivateKey
    pem: str
    bundle: bytes

    @property
    def actor(self) -> str:
        """The opaque id under which this person's acts are recorded."""
        return str(self.person.pk)

    @property
    def firm(self) -> Organisation:
        """The organisation this person acts for."""
        assert self.organisation is not None
        return self.organisation

    def does(
        self,
        name: str,
        do: Callable[[Act], T],
        *,
        now: datetime,
        purpose: str | None = None,
        args: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> T:
        """Carry out the act of this name; the body has the shape that the web gives it."""
        command = uuid4()
        body = canonical.dumps(
            {
                "act": name,
                "args": {key: str(value) for key, value in (args or {}).items()},
                "command": str(command),
                "fields": {key: str(value) for key, value in (fields or {}).items()},
            }
        )
        outcome: list[T] = []

        def carry_out() -> dict[str, Any]:
            signed = self._sign(purpose, body, now=now) if purpose else None
            outcome.append(do(Act(id=command, signed=signed)))
            return {}

        perform(command_id=command, person=self.person, body=body, act=carry_out, now=now)
        return outcome[0]

    def _sign(self, purpose: str, body: bytes, *, now: datetime) -> Signature:
        return signatures.accept(
            person=self.person,
            purpose=purpose,
            body=body,
            signature=domain.sign(self.key, purpose=purpose, body=body),
            certificate=self.pem,
            now=now,
        )


def equip(
    person: Person, *, organisation: Organisation | None, clock: Callable[[], datetime]
) -> Hand:
    """Fetch a demo certificate for somebody and bind it, as they would on their settings page."""
    bundle = certificates.request_demo(person=person, organisation=organisation, passphrase=PIN)
    key, certificate, _ = pkcs12.load_key_and_certificates(bundle, PIN.encode())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert certificate is not None
    pem = certificate.public_bytes(Encoding.PEM).decode("ascii")
    body = canonical.dumps(
        {"act": "accounts:certificate-bind", "args": {}, "fields": {"certificate": pem}}
    )
    certificates.bind(
        person=person,
        organisation=organisation,
        pem=pem,
        body=body,
        signature=domain.sign(key, purpose="confirm", body=body),
        now=clock(),
    )
    return Hand(person=person, organisation=organisation, key=key, pem=pem, bundle=bundle)
