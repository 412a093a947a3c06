"""The authority's revocation lists: fetched ahead of need, kept for as long as signatures live."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from cryptography import x509

from accounts.adapters import authority
from accounts.models import RevocationList
from core.verdicts import Refusal

# How old our copy may be before the clock asks for a new one.
REFRESH = timedelta(minutes=10)
# An authority that is away for a while must not stop a submission in its last minutes.
GRACE = timedelta(hours=24)


def current(*, now: datetime) -> RevocationList:
    """Return the list to judge by now; fetch one only when ours has run out."""
    known = newest(now=now)
    if known is not None and now < known.next_update:
        return known
    try:
        return refresh(now=now)
    except authority.AuthorityError:
        if known is not None and now < known.next_update + GRACE:
            return known
        raise Refusal("A-207") from None


def refresh(*, now: datetime) -> RevocationList:
    """Fetch the authority's list, check that a trusted authority signed it, and keep it."""
    der = authority.fetch_revocation_list()
    parsed = _trusted(der)
    known, _ = RevocationList.objects.update_or_create(
        sha256=hashlib.sha256(der).hexdigest(),
        defaults={"fetched_at": now},
        create_defaults={
            "issuer": parsed.issuer.rfc4514_string(),
            "der": der,
            "this_update": parsed.last_update_utc,
            "next_update": parsed.next_update_utc or parsed.last_update_utc,
            "fetched_at": now,
        },
    )
    return known


def refresh_if_old(*, now: datetime) -> bool:
    """Fetch a new list when ours is getting old; an absent authority is tried again later."""
    known = newest(now=now)
    if known is not None and now - known.fetched_at < REFRESH and now < known.next_update:
        return False
    try:
        refresh(now=now)
    except authority.AuthorityError:
        return False
    return True


def newest(*, now: datetime) -> RevocationList | None:
    """Return the newest list we keep; nobody is asked for one."""
    # A story clock that was set back must not be judged by a list from its future.
    # Lists are dated to the second: of two in one second the one fetched later is the newer.
    known = RevocationList.objects.filter(this_update__lte=now)
    return known.order_by("-this_update", "-fetched_at").first()


def _trusted(der: bytes) -> x509.CertificateRevocationList:
    try:
        parsed = x509.load_der_x509_crl(der)
    except ValueError as error:
        raise authority.AuthorityError("unreadable revocation list") from error
    for item in authority.trusted():
        if item.subject == parsed.issuer and parsed.is_signature_valid(item.public_key()):  # type: ignore[arg-type]  # an authority's key is one of the signing kinds
            return parsed
    raise authority.AuthorityError("revocation list of an unknown authority")
