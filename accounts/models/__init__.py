"""The tables of people: who they are, whom they act for, what they signed, what they were told."""

from __future__ import annotations

from accounts.models.authenticators import Authenticator
from accounts.models.certificates import Certificate, Challenge, RevocationList, Signature
from accounts.models.messages import Message, Outgoing, SecretMatter, Todo
from accounts.models.organisations import Centre, Organisation, OrganisationKind
from accounts.models.papers import SealedPaper
from accounts.models.people import ORGANISATION_ROLES, STAFF_ROLES, Membership, Person, Role

__all__ = [
    "ORGANISATION_ROLES",
    "STAFF_ROLES",
    "Authenticator",
    "Centre",
    "Certificate",
    "Challenge",
    "Membership",
    "Message",
    "Organisation",
    "OrganisationKind",
    "Outgoing",
    "Person",
    "RevocationList",
    "Role",
    "SealedPaper",
    "SecretMatter",
    "Signature",
    "Todo",
]
