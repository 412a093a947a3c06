"""Joining, submitting and withdrawing: every rule that needs no query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from accounts.models import Organisation
from core.verdicts import ALLOWED, Verdict, refuse
from trading.models import Lot


class Member(Protocol):
    """A consortium member, as far as the rule looks at it."""

    @property
    def credit_code(self) -> str:
        """The member's unified social credit code."""


def is_open(*, lot: Lot, now: datetime) -> Verdict:
    """Say whether the lot takes bids at this instant: before the deadline, never at it."""
    if lot.state == "SUSPENDED":
        return refuse("B-011")
    if lot.state != "SUBMISSION" or lot.deadline_at is None or now >= lot.deadline_at:
        return refuse("B-010", deadline=lot.deadline_at)
    return ALLOWED


def may_join(
    *, lot: Lot, organisation: Organisation, members: Sequence[Member], now: datetime
) -> Verdict:
    """Say whether the firm may take part; the tenderer's own side never may (TBR Art. 34)."""
    tender = lot.tender
    if organisation.pk in {tender.procuring_entity_id, tender.agency_id}:
        return refuse("B-012")
    if members and not tender.consortium_allowed:
        return refuse("B-013")
    codes = [organisation.credit_code, *(member.credit_code for member in members)]
    if len(set(codes)) != len(codes):
        return refuse("B-014")
    return is_open(lot=lot, now=now)


def may_withdraw(*, lot: Lot, has_live_bid: bool, now: datetime) -> Verdict:
    """Say whether a bid may be taken back; after the deadline that would be revocation (撤销)."""
    if not has_live_bid:
        return refuse("B-015")
    if lot.state == "SUSPENDED":
        return ALLOWED
    return is_open(lot=lot, now=now)
