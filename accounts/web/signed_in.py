"""Who is behind a request, with the roles this session may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest

from accounts import selectors
from accounts.models import STAFF_ROLES, Membership, Organisation, Person
from accounts.web import strength

ORGANISATION_KEY = "hp_organisation"
_CACHED = "hp_signed_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person and their roles in force; staff roles count only after a second proof."""

    person: Person
    memberships: tuple[Membership, ...]
    strong: bool
    chosen: str = ""

    @property
    def held(self) -> frozenset[str]:
        """Every role held, usable in this session or not."""
        return frozenset(item.role for item in self.memberships)

    @property
    def roles(self) -> frozenset[str]:
        """The roles this session may use: of the organisation acted for, and of centres."""
        here = self.organisation
        return frozenset(
            item.role
            for item in self.memberships
            if (item.organisation is None or item.organisation == here)
            and (self.strong or item.role not in STAFF_ROLES)
        )

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """The organisations acted for, each once."""
        found = {
            item.organisation.id: item.organisation
            for item in self.memberships
            if item.organisation is not None
        }
        return tuple(found.values())

    @property
    def organisation(self) -> Organisation | None:
        """The organisation acted for now: the one chosen, else the first."""
        for item in self.organisations:
            if str(item.id) == self.chosen:
                return item
        return self.organisations[0] if self.organisations else None

    @property
    def manages(self) -> bool:
        """Whether they may change the data and users of the organisation acted for."""
        here = self.organisation
        return any(item.manager for item in self.memberships if item.organisation == here)

    def has(self, *roles: str) -> bool:
        """Tell whether one of these roles may be used."""
        return bool(self.roles & set(roles))

    def centres(self, *roles: str) -> frozenset[str]:
        """Return the codes of the centres where one of these roles is held."""
        usable = self.roles & set(roles)
        return frozenset(
            item.centre_id for item in self.memberships if item.centre_id and item.role in usable
        )


def signed_in(request: HttpRequest) -> SignedIn | None:
    """Return who is behind a request, or None; the first call queries, the rest remember."""
    # A request that was refused at the gate, for its host, never got a user.
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return None
    known = getattr(request, _CACHED, None)
    if known is None:
        known = SignedIn(
            person=request.user,
            memberships=selectors.memberships_of(request.user),
            strong=request.session.get(strength.KEY) in strength.STRONG,
            chosen=request.session.get(ORGANISATION_KEY, ""),
        )
        setattr(request, _CACHED, known)
    return cast("SignedIn", known)


def current(request: HttpRequest) -> SignedIn:
    """Return who is behind a request that a guard has let through."""
    found = signed_in(request)
    if found is None:
        raise PermissionError("a view without @requires asked who is signed in")
    return found


def forget(request: HttpRequest) -> None:
    """Drop what is remembered, after roles, organisation or strength have changed."""
    if hasattr(request, _CACHED):
        delattr(request, _CACHED)
