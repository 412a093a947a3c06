"""Two persons of finance at work on proposals, by the services: plain functions for tests."""

from __future__ import annotations

from bank_escrow.domain.beneficiary import Party
from bank_escrow.domain.proposals import BY_DOCUMENT, Kind
from bank_escrow.models import Proposal
from bank_escrow.services import proposals

PDF = b"%PDF-1.7 a decision %%EOF"
TREASURY = Party(name="姑苏区财政局", account="3205000011112222")


def proposed(lot, kind: Kind, subject: object, *, actor: str = "chen", **changes) -> Proposal:
    """One person proposes."""
    file = PDF if kind in BY_DOCUMENT else b""
    return proposals.propose(
        kind=kind,
        subject=str(subject),
        **{"reason": "已与银行核对", "file": file, **changes},
        actor=actor,
        signature_id=None,
        now=lot.bank.now,
    )


def confirmed(lot, proposal: Proposal, *, actor: str = "he", **changes) -> Proposal:
    """Another confirms."""
    facts = {"content_sha": proposal.content_sha, **changes}
    return proposals.confirm(
        proposal_id=proposal.pk, **facts, actor=actor, signature_id=None, now=lot.bank.now
    )


def done(lot, kind: Kind, subject: object, **changes) -> Proposal:
    """Both, one after the other."""
    return confirmed(lot, proposed(lot, kind, subject, **changes))


def payee_set(lot) -> Proposal:
    """Two persons have set where forfeited money of the lot goes."""
    return done(lot, Kind.FORFEIT_ACCOUNT, lot.reference, payee=TREASURY)
