"""How a person proves who they are; axes stands before these and counts the failures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import Person
from accounts.services import proofs, sessions
from accounts.services.sessions import Proof
from core.verdicts import Refusal


class _People(BaseBackend):
    def get_user(self, user_id: Any) -> Person | None:
        """Return the person of a session; a person switched off is nobody at once."""
        return Person.objects.filter(pk=user_id, is_active=True).first()


class PasswordBackend(_People):
    """Username, password and, where the person has set one up, the six digits."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django's signature
        username: str | None = None,
        password: str | None = None,
        code: str = "",
        **_: Any,
    ) -> Person | None:
        """Return the person if all proofs hold; which of them failed is not told."""
        if username is None or password is None:
            return None
        person = Person.objects.filter(username=username.lower()).first()
        if person is None:
            # As slow as for a name that exists, so that the time tells nothing.
            Person().set_password(password)
            return None
        if not person.check_password(password) or not person.is_active:
            return None
        # A code left empty is no guess and must not slow down the one that follows.
        if proofs.needs_code(person) and not (code and proofs.is_right(code, person=person)):
            return None
        return person


class CertificateBackend(_People):
    """A signature over this browser's challenge with a certificate bound to the person."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django's signature
        proof: Proof | None = None,
        now: datetime | None = None,
        refused: list[Refusal] | None = None,
        **_: Any,
    ) -> Person | None:
        """Return the person whose certificate signed the challenge.

        A failed proof returns None, so that axes counts it, and leaves its reason in `refused`;
        an authority that cannot be asked is nobody's fault and is raised instead.
        """
        if proof is None or now is None:
            return None
        try:
            return sessions.by_certificate(proof=proof, now=now)
        except Refusal as refusal:
            if refusal.reason.code == "A-207" or refused is None:
                raise
            refused.append(refusal)
            return None
