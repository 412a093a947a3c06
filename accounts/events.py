"""What happens to accounts, as events; and the streams they are written to.

A person's events stand in `account/<id>`. Those of staff roles stand in `access` as well, for the
supervisor's eyes; those of bidders and experts do not, since how many of them come and go, and
when, is nobody's business before an opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.events import DomainEvent

ACCESS = "access"


def account(subject: UUID) -> str:
    """Name the stream of a person or organisation."""
    return f"account/{subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRegistered(DomainEvent):
    """An organisation registered itself; `checks` are what the machine found, nobody approved."""

    name: ClassVar[str] = "organisation.registered"
    organisation: UUID
    kinds: tuple[str, ...]
    checks: dict[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChanged(DomainEvent):
    """An organisation's data were changed; only the names of the fields are recorded."""

    name: ClassVar[str] = "organisation.changed"
    organisation: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCreated(DomainEvent):
    """A person got an account: by registering, from a colleague or from the administrator."""

    name: ClassVar[str] = "person.created"
    person: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGiven(DomainEvent):
    """A person was given a role for an organisation or at a centre."""

    name: ClassVar[str] = "role.given"
    person: UUID
    role: str
    organisation: UUID | None
    centre: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(DomainEvent):
    """A role was taken back; what was done in it stays."""

    name: ClassVar[str] = "role.ended"
    person: UUID
    role: str
    organisation: UUID | None
    centre: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened(DomainEvent):
    """Somebody signed in; `how` is `password`, `totp` or `certificate`."""

    name: ClassVar[str] = "session.opened"
    person: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionClosed(DomainEvent):
    """Somebody signed out."""

    name: ClassVar[str] = "session.closed"
    person: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(DomainEvent):
    """A password was set anew."""

    name: ClassVar[str] = "password.changed"
    person: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorSet(DomainEvent):
    """A person's authenticator was set up, replacing any before it."""

    name: ClassVar[str] = "second_factor.set"
    person: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateBound(DomainEvent):
    """A signing certificate was bound to a person, after the person had signed with it."""

    name: ClassVar[str] = "certificate.bound"
    person: UUID
    serial: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReleased(DomainEvent):
    """A certificate is no longer used by its person; signatures made with it stay valid."""

    name: ClassVar[str] = "certificate.released"
    person: UUID
    serial: str
    fingerprint: str
