"""Judge a deposit: compare what came with what is demanded, and move the money accordingly.

Judging is a function of the credits (or of the paper in their place) and the demand alone.
Whatever the order in which notices arrive, and however often they are judged, the books end the
same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from audit.services import record
from bank_escrow import sealed
from bank_escrow.domain import matching, papers
from bank_escrow.domain.lifecycle import JUDGED_STATES, TAKES_PAPER
from bank_escrow.domain.matching import AccountPolicy, Answer, Demand, Place
from bank_escrow.domain.postings import Posting
from bank_escrow.events import DepositJudged
from bank_escrow.models import BankCredit, Deposit, DepositRequirement, Paper
from bank_escrow.services.ledger import move
from bank_escrow.services.states import move_deposit

# Money in these places is ours to place; elsewhere people have taken over.
_PLACEABLE = frozenset(
    {BankCredit.State.RECEIVED, BankCredit.State.COUNTED, BankCredit.State.SUSPENSE}
)
_JUDGED = (*sorted(_PLACEABLE), BankCredit.State.FOREIGN)
_GONE = (Paper.State.REPLACED, Paper.State.TAKEN_BACK)


def judge(deposit: Deposit, *, now: datetime) -> None:
    """Judge one deposit; the caller holds its lock."""
    credits_ = list(
        BankCredit.objects.select_for_update()
        .filter(deposit=deposit, state__in=_JUDGED, confirmed=True)
        .order_by("booked_at", "id")
    )
    for credit in credits_:
        credit.deposit = deposit
    answer = _answer(deposit, credits_)
    if deposit.form != Deposit.Form.TRANSFER:
        # A paper stands for the money: all that came is set aside and sent back.
        _place(credits_, answer, counting=False, kept=False, now=now)
        _conclude_paper(deposit, now=now)
        return
    if deposit.state not in JUDGED_STATES:
        # Locked, frozen, being refunded: what still comes is set aside and sent back.
        _place(credits_, answer, counting=False, now=now)
        return
    _place(credits_, answer, counting=True, now=now)
    _conclude(deposit, answer, credits_, now=now)


def demand_of(requirement: DepositRequirement) -> Demand:
    """Return the demand as the rules read it."""
    return Demand(
        required_fen=requirement.amount_fen,
        cutoff_at=requirement.cutoff_at,
        account_policy=AccountPolicy(requirement.account_policy),
        members_may_pay=requirement.members_may_pay,
        several_credits=requirement.several_credits,
    )


def _answer(deposit: Deposit, credits_: Sequence[BankCredit]) -> Answer:
    payer = sealed.identity(deposit)
    if payer is None:
        payer = matching.PayerIdentity(name="", basic_account="")
    return matching.decide(
        [_fact(credit) for credit in credits_],
        payer=payer,
        demand=demand_of(deposit.requirement),
        # The row hangs on the deposit because it came to the deposit's account.
        accounts=[str(deposit.id)],
    )


def _fact(credit: BankCredit) -> matching.Credit:
    paid_by = sealed.payer(credit)
    return matching.Credit(
        ref=credit.bank_ref,
        account=str(credit.deposit_id),
        payer_name=paid_by.name,
        payer_account=paid_by.account,
        amount_fen=credit.amount_fen,
        booked_at=credit.booked_at,
        personal=credit.personal,
        currency=credit.currency,
    )


def _place(
    credits_: Sequence[BankCredit],
    answer: Answer,
    *,
    counting: bool,
    kept: bool = True,
    now: datetime,
) -> None:
    """Put each payment's money where the answer says; what counted stays unless not `kept`."""
    placed = {part.ref: part for part in answer.credits}
    for credit in credits_:
        part = placed[credit.bank_ref]
        codes = [code.value for code in part.codes]
        if credit.state == BankCredit.State.FOREIGN:
            _note(credit, codes)
            continue
        wanted = (
            BankCredit.State.COUNTED
            if part.place is Place.COUNTED and counting
            else BankCredit.State.SUSPENSE
        )
        if not counting and kept and credit.state == BankCredit.State.COUNTED:
            continue
        posting = _MOVES.get((credit.state, wanted.value))
        if posting is not None:
            move(
                credit,
                posting,
                state=wanted,
                business_date=credit.bank_day,
                now=now,
                codes=codes,
            )
        else:
            _note(credit, codes)


def _note(credit: BankCredit, codes: list[str]) -> None:
    if credit.codes != codes:
        credit.codes = codes
        credit.save(update_fields=["codes"])


_MOVES = {
    ("RECEIVED", "COUNTED"): Posting.COUNTED,
    ("RECEIVED", "SUSPENSE"): Posting.SET_ASIDE,
    ("COUNTED", "SUSPENSE"): Posting.UNCOUNTED,
    ("SUSPENSE", "COUNTED"): Posting.COUNTED_AFTER_ALL,
}


def _conclude(
    deposit: Deposit, answer: Answer, credits_: Sequence[BankCredit], *, now: datetime
) -> None:
    codes = [code.value for code in answer.codes]
    act = _act(answer, locked=deposit.requirement.locked_at is not None)
    if deposit.state == Deposit.State.REFUNDED and not credits_:
        return
    _move(deposit, act, codes=codes, counted_fen=answer.counted_fen, now=now)


def _conclude_paper(deposit: Deposit, *, now: datetime) -> None:
    """Judge by the paper: by what it says, and after the opening by what its check found."""
    if deposit.state not in TAKES_PAPER:
        return
    paper = deposit.papers.defer("file_sealed").exclude(state__in=_GONE).get()
    codes = _paper_codes(paper, deposit)
    good = "guarantee" if paper.kind == Paper.Kind.GUARANTEE else "waive"
    _move(deposit, "mismatch" if codes else good, codes=codes, counted_fen=0, now=now)


def _paper_codes(paper: Paper, deposit: Deposit) -> list[str]:
    if paper.clause:  # refused, be it released since
        return [f"{paper.kind}_REFUSED"]
    found = sealed.paper(paper, deposit)
    if not isinstance(found, papers.Letter):
        return []
    demand = deposit.requirement
    until = papers.valid_until(demand.cutoff_at, days=demand.validity_days)
    return [
        code.value for code in papers.faults(found, required_fen=demand.amount_fen, until=until)
    ]


def _move(deposit: Deposit, act: str, *, codes: list[str], counted_fen: int, now: datetime) -> None:
    known = (deposit.state, list(deposit.codes), deposit.counted_fen)
    move_deposit(deposit, act, codes=codes, counted_fen=counted_fen)
    if known == (deposit.state, codes, counted_fen):
        return
    record(
        stream=f"deposit/{deposit.id}",
        event=DepositJudged(state=deposit.state, codes=codes, counted_fen=counted_fen),
        actor="system:escrow",
        now=now,
    )


def _act(answer: Answer, *, locked: bool) -> str:
    if answer.state is matching.State.UNPAID:
        return "empty"
    if answer.state is matching.State.MATCHED:
        return "match"
    # After the cut-off nothing can be added: too little is then a mismatch like any other.
    return "fall_short" if answer.partial and not locked else "mismatch"
