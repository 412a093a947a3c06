"""One proposes, another confirms: the one way in which two persons move what neither may alone.

Orders to pay have their own three hands (`refunds`); everything else that finance decides on
money goes through here. What is done, is done in the transaction of the second person's word.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.services import todo
from audit.services import record
from bank_escrow import sealed
from bank_escrow.domain.beneficiary import Party
from bank_escrow.domain.lifecycle import PROPOSAL
from bank_escrow.domain.proposals import BY_DOCUMENT, Kind, content_sha
from bank_escrow.events import ProposalDecided, ProposalMade
from bank_escrow.models import Proposal
from bank_escrow.policies import may_confirm, may_end
from bank_escrow.selectors.people import finance_people
from bank_escrow.services.deeds import DEEDS
from core.verdicts import Refusal


@transaction.atomic
def propose(
    *,
    kind: Kind,
    subject: str,
    reason: str,
    actor: str,
    signature_id: UUID | None,
    now: datetime,
    file: bytes = b"",
    payee: Party | None = None,
) -> Proposal:
    """Propose an act, as its first person; nothing moves yet."""
    if kind in BY_DOCUMENT and not file:
        raise Refusal("M-609")
    if Proposal.objects.filter(kind=kind, subject=subject, state="WAITING").exists():
        raise Refusal("M-604")
    proposal = Proposal(
        id=uuid4(),
        kind=kind.value,
        subject=subject,
        facts=DEEDS[kind].facts(subject),
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=now,
        proposed_signature=signature_id,
    )
    if file:
        proposal.file_sealed = sealed.seal_document(file, proposal=proposal.pk)
        proposal.file_sha = hashlib.sha256(file).hexdigest()
    if payee is not None:
        proposal.payee_sealed = sealed.seal_payee(payee, owner=proposal.pk)
    proposal.content_sha = content_sha(_content(proposal, payee))
    _save(proposal)
    event = ProposalMade(
        kind=proposal.kind,
        subject=subject,
        content_sha=proposal.content_sha,
        signature=signature_id,
    )
    record(stream=f"account/{proposal.pk}", event=event, actor=actor, now=now)
    _ask(proposal, now=now)
    return proposal


@transaction.atomic
def confirm(
    *,
    proposal_id: UUID,
    content_sha: str,
    actor: str,
    signature_id: UUID | None,
    now: datetime,
) -> Proposal:
    """Confirm what another has proposed, as the second person, and do it."""
    proposal = _locked(proposal_id)
    may_confirm(proposal, actor=actor, content_sha=content_sha).or_raise()
    proposal.decided_by = actor
    DEEDS[proposal.kind].carry_out(proposal, now)
    _end(proposal, "confirm", answer="", actor=actor, signature_id=signature_id, now=now)
    return proposal


@transaction.atomic
def refuse(
    *, proposal_id: UUID, why: str, actor: str, signature_id: UUID | None, now: datetime
) -> None:
    """Refuse what another has proposed; it may be proposed anew."""
    proposal = _locked(proposal_id)
    may_end(proposal, actor=actor, act="refuse").or_raise()
    _end(proposal, "refuse", answer=why, actor=actor, signature_id=signature_id, now=now)


@transaction.atomic
def withdraw(
    *, proposal_id: UUID, why: str, actor: str, signature_id: UUID | None, now: datetime
) -> None:
    """Take one's own proposal back."""
    proposal = _locked(proposal_id)
    may_end(proposal, actor=actor, act="withdraw").or_raise()
    _end(proposal, "withdraw", answer=why, actor=actor, signature_id=signature_id, now=now)


def _end(
    proposal: Proposal,
    act: str,
    *,
    answer: str,
    actor: str,
    signature_id: UUID | None,
    now: datetime,
) -> None:
    proposal.state = PROPOSAL.after(proposal.state, act)
    proposal.decided_by, proposal.decided_at = actor, now
    proposal.decided_signature, proposal.answer = signature_id, answer.strip()
    fields = ["state", "decided_by", "decided_at", "decided_signature", "answer"]
    proposal.save(update_fields=fields)
    todo.done(key=_key(proposal), now=now)
    event = ProposalDecided(
        kind=proposal.kind,
        outcome=proposal.state,
        content_sha=proposal.content_sha,
        signature=signature_id,
    )
    record(stream=f"account/{proposal.pk}", event=event, actor=actor, now=now)


def _ask(proposal: Proposal, *, now: datetime) -> None:
    """Put it on the desk of everybody who may be the second person."""
    link = reverse("bank_escrow:proposal", kwargs={"proposal": proposal.pk})
    text = _("确认另一位财务人员提出的事项")
    for person in finance_people():
        if str(person.pk) != proposal.proposed_by:
            todo.add(to=person, key=_key(proposal), text=text, link=link, now=now)


def _key(proposal: Proposal) -> str:
    return f"bank_escrow.proposal/{proposal.pk}"


def _content(proposal: Proposal, payee: Party | None) -> dict[str, Any]:
    return {
        "proposal": str(proposal.pk),
        "kind": proposal.kind,
        "subject": proposal.subject,
        "facts": proposal.facts,
        "reason": proposal.reason,
        "document": proposal.file_sha,
        "payee": "" if payee is None else sealed.payee_mark(payee),
    }


def _save(proposal: Proposal) -> None:
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as error:
        if "proposal_waits_once" not in str(error):
            raise
        # Two persons pressed at once; one of the two proposals is enough.
        raise Refusal("M-604") from None


def _locked(proposal_id: UUID) -> Proposal:
    found = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if found is None:
        raise Refusal("M-404")
    return found
