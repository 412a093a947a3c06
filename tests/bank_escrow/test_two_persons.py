"""Whatever one person proposes, confirms, refuses and takes back: alone it moves nothing."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank_escrow.domain.proposals import Kind
from bank_escrow.models import Bank, Break, Deposit, ForfeitAccount, Hold, Instruction, Proposal
from bank_escrow.services import proposals
from bank_escrow.services.breaks import open_break
from core.verdicts import Refusal
from tests.bank_escrow import hands
from tests.bank_escrow.fake_bank import FakeBank
from tests.bank_escrow.lots import EARLIER, HENGZHU, PINGJIANG, Lot

BANK = "gusu"
KINDS = st.sampled_from(list(Kind))


def words(*persons: str) -> st.SearchStrategy:
    """Sequences of proposing and deciding; a number chooses among what there is."""
    who, which = st.sampled_from(persons), st.integers(0, 5)
    return st.lists(
        st.one_of(
            st.tuples(st.just("propose"), who, KINDS, which),
            st.tuples(st.sampled_from(["confirm", "refuse", "withdraw"]), who, which),
        ),
        max_size=20,
    )


class Desk:
    """An opened lot with one deposit locked, one frozen, a break, and a bank."""

    def __init__(self, bank: FakeBank) -> None:
        self.lot = Lot(bank)
        self.bank = bank
        paid = [self.lot.paid_deposit(payer) for payer in (HENGZHU, PINGJIANG)]
        self.lot.open()
        self.deposits = [self.lot.deposit(party).pk for party in paid]
        hands.done(self.lot, Kind.FREEZE, self.deposits[1], actor="zhao")
        open_break(
            bank=BANK,
            kind=Break.Kind.UNKNOWN_DEBIT,
            source_id=uuid4(),
            critical=True,
            now=bank.now,
        )
        self.found = Break.objects.get()

    def say(self, name: str, who: str, *facts) -> None:
        if name == "propose":
            kind, which = facts
            payee = hands.TREASURY if kind == Kind.FORFEIT_ACCOUNT else None
            hands.proposed(self.lot, kind, self._subject(kind, which), actor=who, payee=payee)
            return
        known = list(Proposal.objects.exclude(proposed_by="zhao").order_by("proposed_at", "id"))
        if not known:
            return
        proposal = known[facts[0] % len(known)]
        if name == "confirm":
            hands.confirmed(self.lot, proposal, actor=who)
        else:
            end = proposals.refuse if name == "refuse" else proposals.withdraw
            end(
                proposal_id=proposal.pk,
                why="x",
                actor=who,
                signature_id=None,
                now=self.bank.now,
            )

    def _subject(self, kind: Kind, which: int) -> object:
        if kind in {Kind.STOP_BANK, Kind.START_BANK}:
            return BANK
        if kind == Kind.RESOLVE:
            return self.found.pk
        if kind == Kind.FORFEIT_ACCOUNT:
            return self.lot.reference
        return self.deposits[which % 2]

    def states(self) -> list[object]:
        """Everything that proposals can move."""
        tables = (
            Bank.objects.values_list("code", "stopped_at"),
            Break.objects.values_list("id", "resolved_at"),
            Deposit.objects.values_list("id", "state"),
            Hold.objects.values_list("id", "until"),
            Instruction.objects.values_list("id", "state"),
            ForfeitAccount.objects.values_list("id", "maker", "checker"),
        )
        return [sorted(map(str, table)) for table in tables]


@contextlib.contextmanager
def desk(bank: FakeBank):
    """A desk that is gone afterwards."""
    before = transaction.savepoint()
    bank.__dict__.update(FakeBank(now=EARLIER).__dict__)
    try:
        yield Desk(bank)
    finally:
        transaction.savepoint_rollback(before)


PACE = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class TestOnePerson:
    @PACE
    @given(said=words("chen"))
    def test_alone_moves_no_state(self, bank, said):
        with desk(bank) as one:
            before = one.states()
            for name, *facts in said:
                with contextlib.suppress(Refusal):
                    one.say(name, *facts)
            assert one.states() == before
            assert not Proposal.objects.filter(decided_by="chen", state="CONFIRMED").exists()


class TestTwoPersons:
    @PACE
    @given(said=words("chen", "he"))
    def test_move_states_by_a_second_word_and_nothing_else(self, bank, said):
        with desk(bank) as two:
            for name, *facts in said:
                before, confirmed = two.states(), _confirmed()
                with contextlib.suppress(Refusal):
                    two.say(name, *facts)
                assert two.states() == before or _confirmed() == confirmed + 1
            for proposal in Proposal.objects.filter(state="CONFIRMED"):
                assert proposal.decided_by not in {"", proposal.proposed_by}

    def test_of_note_come_far(self, bank):
        """The programs above would prove little if nothing could be moved: this one moves all."""
        with desk(bank) as two:
            before = two.states()
            for kind, which in (
                (Kind.RESOLVE, 0),
                (Kind.START_BANK, 0),
                (Kind.STOP_BANK, 0),
                (Kind.UNFREEZE, 1),
                (Kind.FREEZE, 0),
                (Kind.FORFEIT_ACCOUNT, 0),
                (Kind.FORFEIT, 1),
            ):
                bank.now += timedelta(minutes=1)
                two.say("propose", "chen", kind, which)
                hands.confirmed(two.lot, Proposal.objects.get(state="WAITING"))
            after = two.states()
            moved = [one != other for one, other in zip(before, after, strict=True)]
            assert moved == [True] * len(before)


def _confirmed() -> int:
    return Proposal.objects.filter(state=Proposal.State.CONFIRMED).count()
