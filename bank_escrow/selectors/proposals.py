"""Proposals as finance and supervision see them: who wants what done, to what, on which paper.

A proposal is only ever about what its first person could see, so nothing here is of a sealed lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from bank_escrow import adapters, sealed
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import (
    Break,
    Deposit,
    DepositRequirement,
    ForfeitAccount,
    Instruction,
    Proposal,
)
from bank_escrow.selectors.finance import deposit_of
from bank_escrow.words_desk import BREAKS, DEEDS

LATEST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One thing the second person compares before signing."""

    name: str | Promise
    value: Any
    # How it is written: "", "money", "number" for accounts and serials, "breaks" for their ids.
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """A proposal with all that its second person must see."""

    id: UUID
    kind: str
    name: str | Promise
    effect: str | Promise
    about: tuple[About, ...]
    reason: str
    content_sha: str
    state: str
    has_file: bool
    file_sha: str
    proposer: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    answer: str

    @property
    def chip(self) -> str:
        """Name the chip of the state."""
        return f"proposal.{self.state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeRow:
    """Where forfeited money of a lot goes, as two persons have set it."""

    title: str
    name: str
    account: str
    since: datetime


def waiting() -> tuple[ProposalRow, ...]:
    """Return what waits for a second person, the oldest first."""
    return _rows(_all().filter(state=Proposal.State.WAITING).order_by("proposed_at", "id"))


def decided() -> tuple[ProposalRow, ...]:
    """Return what was decided, the newest first."""
    ended = _all().exclude(state=Proposal.State.WAITING).order_by("-decided_at", "id")
    return _rows(ended[:LATEST])


def proposal_of(proposal_id: UUID) -> ProposalRow | None:
    """Return one proposal."""
    return next(iter(_rows(_all().filter(pk=proposal_id))), None)


def waits_for(kinds: Iterable[Kind], *subjects: str) -> UUID | None:
    """Return the proposal of one of these kinds that waits for a word on one of these subjects."""
    found = Proposal.objects.filter(
        kind__in=list(kinds), subject__in=subjects, state=Proposal.State.WAITING
    )
    return found.values_list("pk", flat=True).first()


def document_of(proposal_id: UUID) -> bytes | None:
    """Return the document a proposal came with; None where there is none."""
    row = Proposal.objects.filter(pk=proposal_id).first()
    return None if row is None else sealed.document(row) or None


def payees() -> tuple[PayeeRow, ...]:
    """Return the confirmed accounts, their numbers masked to all but those who set them."""
    found = ForfeitAccount.objects.select_related("requirement").order_by("-created_at", "id")
    rows = [(row, sealed.payee(row)) for row in found.exclude(checker="")]
    return tuple(
        PayeeRow(
            title=row.requirement.title,
            name=to.name,
            account=to.masked_account,
            since=row.created_at,
        )
        for row, to in rows
    )


def payable_lots() -> tuple[DepositRequirement, ...]:
    """Return the unsealed lots in which no money was ordered to be forfeited yet."""
    ordered = Instruction.objects.filter(purpose=Instruction.Purpose.FORFEIT)
    lots = DepositRequirement.objects.filter(unsealed_at__isnull=False)
    taken = ordered.values("deposit__requirement")
    return tuple(lots.exclude(pk__in=taken).order_by("-unsealed_at", "id"))


def _all() -> QuerySet[Proposal]:
    return Proposal.objects.defer("file_sealed")


def _rows(found: QuerySet[Proposal]) -> tuple[ProposalRow, ...]:
    rows = list(found)
    names = _names(who for row in rows for who in (row.proposed_by, row.decided_by))
    return tuple(_row(row, names) for row in rows)


def _row(row: Proposal, names: Mapping[str, str]) -> ProposalRow:
    words = DEEDS[row.kind]
    return ProposalRow(
        id=row.pk,
        kind=row.kind,
        name=words.name,
        effect=words.effect,
        about=tuple(_about(row)),
        reason=row.reason,
        content_sha=row.content_sha,
        state=row.state,
        has_file=bool(row.file_sha),
        file_sha=row.file_sha,
        proposer=row.proposed_by,
        proposed_by=names.get(row.proposed_by, row.proposed_by),
        proposed_at=row.proposed_at,
        decided_by=names.get(row.decided_by, row.decided_by),
        decided_at=row.decided_at,
        answer=row.answer,
    )


def _names(actors: Iterable[str]) -> Mapping[str, str]:
    ids = set()
    for actor in actors:
        with suppress(ValueError):
            ids.add(UUID(actor))
    found = Person.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def _about(row: Proposal) -> Iterable[About]:
    match row.kind:
        case Kind.STOP_BANK | Kind.START_BANK:
            yield About(name=_("银行"), value=adapters.profile_for(row.subject).name)
            if row.facts.get("breaks"):
                yield About(name=_("未结严重差错"), value=row.facts["breaks"], style="breaks")
        case Kind.RESOLVE:
            found = Break.objects.get(pk=row.subject)
            yield About(name=_("银行"), value=adapters.profile_for(found.bank_id).name)
            yield About(name=_("差错"), value=BREAKS[found.kind].what)
            yield About(name=_("差错编号"), value=[row.subject], style="breaks")
        case Kind.UNPAID:
            yield from _about_order(row)
        case Kind.FORFEIT_ACCOUNT:
            lot = DepositRequirement.objects.get(reference=row.subject)
            yield About(name=_("标段"), value=lot.title)
            yield About(name=_("收款户名"), value=sealed.payee(row).name)
            yield About(name=_("收款账号"), value=sealed.payee(row).account, style="number")
        case _:
            yield from _about_deposit(row)


def _about_order(row: Proposal) -> Iterable[About]:
    order = Instruction.objects.select_related("deposit__requirement").get(pk=row.subject)
    if order.deposit is not None:
        yield About(name=_("标段"), value=order.deposit.requirement.title)
    yield About(name=_("指令流水号"), value=order.serial, style="number")
    yield About(name=_("金额"), value=order.amount_fen, style="money")
    yield About(name=_("差错编号"), value=[row.facts["break"]], style="breaks")


def _about_deposit(row: Proposal) -> Iterable[About]:
    found = deposit_of(UUID(row.subject))
    if found is None:
        return
    yield About(name=_("标段"), value=found.title)
    yield About(name=_("付款人"), value=found.payer_name)
    yield About(name=_("计入"), value=found.counted_fen, style="money")
    if row.kind == Kind.FORFEIT:
        lot = Deposit.objects.select_related("requirement__forfeit_account").get(pk=row.subject)
        to = sealed.payee(lot.requirement.forfeit_account)
        yield About(name=_("收款户名"), value=to.name)
        yield About(name=_("收款账号"), value=to.masked_account, style="number")
