"""A letter of guarantee, or the claim that no money is owed: handed in, checked, given back.

Before the opening only the bidder knows of it. Its typed facts are judged at once, so that it can
put right what is wrong; the paper itself is looked at by the tenderer's side after the opening.
Asking the issuer, and checking its signature, is the work of the banks' later issue: until then a
check is what a person saw, and says so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from audit.services import record
from bank_escrow import sealed
from bank_escrow.domain.lifecycle import PAPER, TAKES_PAPER
from bank_escrow.domain.matching import PayerIdentity
from bank_escrow.domain.papers import Claim, Letter
from bank_escrow.events import PaperChecked, PaperHandedIn, PaperReleased, PaperTakenBack
from bank_escrow.models import Deposit, DepositRequirement, Paper
from bank_escrow.services.judging import judge
from bank_escrow.services.requirements import fix_verdict
from bank_escrow.services.states import locked_deposit, move_deposit
from core.verdicts import Refusal

SYSTEM = "system:escrow"
_LIVE = (Paper.State.HELD, Paper.State.ACCEPTED, Paper.State.REFUSED)


@transaction.atomic
def hand_in(
    *,
    reference: UUID,
    party: UUID,
    payer: PayerIdentity,
    says: Letter | Claim,
    file: bytes,
    actor: str,
    now: datetime,
) -> Paper:
    """Take a paper in place of money; another one takes the place of the one before."""
    requirement = _open(reference, now=now)
    made, _ = Deposit.objects.get_or_create(
        requirement=requirement, party=party, defaults={"id": uuid4(), "created_at": now}
    )
    deposit = locked_deposit(made.pk)
    if deposit.state not in TAKES_PAPER:
        raise Refusal("M-006")
    for old in _held(deposit):
        _end(old, "replace", now=now)
    is_letter = isinstance(says, Letter)
    paper = Paper(
        id=uuid4(),
        deposit=deposit,
        kind=Paper.Kind.GUARANTEE if is_letter else Paper.Kind.WAIVER,
        handed_in_at=now,
    )
    paper.facts_sealed = sealed.seal_paper(says, paper=paper.id, key=requirement.key)
    paper.file_sealed = sealed.seal_file(file, paper=paper.id) if file else None
    paper.save(force_insert=True)
    deposit.form = Deposit.Form.GUARANTEE if is_letter else Deposit.Form.WAIVED
    deposit.payer_sealed = sealed.seal_identity(payer, deposit=deposit.id, key=requirement.key)
    deposit.save(update_fields=["form", "payer_sealed"])
    event = PaperHandedIn(paper=paper.id, kind=paper.kind)
    record(stream=f"deposit/{deposit.id}", event=event, actor=actor, now=now)
    judge(deposit, now=now)
    return paper


@transaction.atomic
def take_back(*, reference: UUID, party: UUID, actor: str, now: datetime) -> None:
    """Give the bidder its paper back before the cut-off; it may pay, or bring another."""
    requirement = _open(reference, now=now)
    owned = Deposit.objects.filter(requirement=requirement, party=party).first()
    deposit = locked_deposit(owned.pk) if owned is not None else None
    held = _held(deposit) if deposit is not None else []
    if deposit is None or not held:
        raise Refusal("M-502")
    for paper in held:
        _end(paper, "take_back", now=now)
        event = PaperTakenBack(paper=paper.id)
        record(stream=f"deposit/{deposit.id}", event=event, actor=actor, now=now)
    deposit.form = Deposit.Form.TRANSFER
    deposit.save(update_fields=["form"])
    if deposit.state in {Deposit.State.GUARANTEE, Deposit.State.WAIVED}:
        move_deposit(deposit, "empty", codes=[])
    judge(deposit, now=now)


@transaction.atomic
def check(
    *,
    reference: UUID,
    paper_id: UUID,
    accepted: bool,
    clause: str,
    fact: str,
    actor: str,
    now: datetime,
) -> Paper:
    """Write down what the tenderer's side found, once; a refusal names clause and fact.

    The refusal makes the security a mismatch like money that did not count. What follows for the
    bid is the panel's decision, not this one (实施条例 art. 51; GPR Art. 33).
    """
    found = (
        Paper.objects.filter(
            pk=paper_id,
            deposit__requirement__reference=reference,
            deposit__requirement__unsealed_at__isnull=False,
        )
        .values_list("deposit_id", flat=True)
        .first()
    )
    if found is None:
        raise Refusal("M-404")
    deposit = locked_deposit(found)
    paper = Paper.objects.select_for_update().defer("file_sealed").get(pk=paper_id)
    act = "accept" if accepted else "refuse"
    if not PAPER.can(paper.state, act):
        raise Refusal("M-503")
    if not accepted and not (clause.strip() and fact.strip()):
        raise Refusal("M-504")
    clause, fact = ("", "") if accepted else (clause.strip(), fact.strip())
    changes = {"checked_by": actor, "checked_at": now, "clause": clause, "fact": fact}
    Paper.objects.filter(pk=paper.pk).update(state=PAPER.after(paper.state, act), **changes)
    event = PaperChecked(paper=paper.pk, accepted=accepted, clause=clause, fact=fact)
    record(stream=f"deposit/{deposit.id}", event=event, actor=actor, now=now)
    judge(deposit, now=now)
    fix_verdict(deposit, now=now)
    paper.refresh_from_db(fields=["state", "checked_by", "checked_at", "clause", "fact"])
    return paper


@transaction.atomic
def release(
    *, reference: UUID, parties: Collection[UUID] | None, basis: str, now: datetime
) -> None:
    """Let letters of guarantee go when deposits of the same bidders go home; twice is once."""
    letters = Paper.objects.filter(
        deposit__requirement__reference=reference,
        deposit__requirement__unsealed_at__isnull=False,
        kind=Paper.Kind.GUARANTEE,
        state__in=_LIVE,
    )
    if parties is not None:
        letters = letters.filter(deposit__party__in=parties)
    for pk in letters.order_by("deposit_id").values_list("pk", flat=True):
        paper = Paper.objects.select_for_update().defer("file_sealed").get(pk=pk)
        if not PAPER.can(paper.state, "release"):
            continue
        _end(paper, "release", now=now)
        event = PaperReleased(paper=paper.pk, basis=basis)
        record(stream=f"deposit/{paper.deposit_id}", event=event, actor=SYSTEM, now=now)


def _open(reference: UUID, *, now: datetime) -> DepositRequirement:
    """Return the demand while papers may come and go, its row locked against the cut-off."""
    requirement = DepositRequirement.objects.select_for_update().filter(reference=reference).first()
    if requirement is None:
        raise Refusal("M-001")
    if requirement.locked_at is not None or now >= requirement.cutoff_at:
        raise Refusal("M-501", cutoff_at=requirement.cutoff_at)
    return requirement


def _held(deposit: Deposit) -> list[Paper]:
    held = deposit.papers.filter(state=Paper.State.HELD)
    return list(held.select_for_update().defer("file_sealed"))


def _end(paper: Paper, act: str, *, now: datetime) -> None:
    state = PAPER.after(paper.state, act)
    Paper.objects.filter(pk=paper.pk).update(state=state, ended_at=now)
