"""A lot with its deposits, for tests of money: plain functions that go through the services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from bank_escrow import services
from bank_escrow.domain.matching import AccountPolicy, PayerIdentity
from bank_escrow.domain.refund_dates import Basis
from bank_escrow.models import Bank, Deposit, Instruction
from bank_escrow.services import banks, due
from bank_escrow.services.accounts import fill_pool
from bank_escrow.services.orders import order_deposits

CUTOFF = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
EARLIER = CUTOFF - timedelta(days=5)
REQUIRED = 50_000_000
HENGZHU = PayerIdentity(name="苏州恒筑建设有限公司", basic_account="1102020301040506")
PINGJIANG = PayerIdentity(name="苏州平江路桥有限公司", basic_account="1102020399990001")


class Lot:
    """One lot: its reference, and the bank's clock and ours together."""

    def __init__(self, bank, *, amount_fen: int = REQUIRED, track: str = "T", **demand: Any):
        self.bank = bank
        self.reference = uuid4()
        banks.connected(bank.now)
        fill_pool(Bank.objects.get(), now=bank.now)
        services.open_requirement(
            reference=self.reference,
            amount_fen=amount_fen,
            cutoff_at=CUTOFF,
            track=track,
            account_policy=AccountPolicy.BASIC,
            now=bank.now,
            title="姑苏区平江片区市政道路改造工程 一标段",
            **demand,
        )

    def join(self, payer: PayerIdentity = HENGZHU) -> tuple[UUID, str]:
        """A bidder asks for its account."""
        party = uuid4()
        issued = services.issue_account(
            reference=self.reference, party=party, payer=payer, now=self.bank.now
        )
        return party, issued.number

    def tick(self) -> None:
        """The clock comes round."""
        due.tick(self.bank.now)

    def open(self, at: datetime = CUTOFF) -> None:
        """The hour comes: lock and unseal, as the opening does."""
        self.bank.now = at
        self.tick()
        services.lock(reference=self.reference, now=at)
        services.unseal(reference=self.reference, basis="OPENED", now=at)

    def deposit(self, party: UUID) -> Deposit:
        return Deposit.objects.get(requirement__reference=self.reference, party=party)

    def paid_deposit(self, payer: PayerIdentity = HENGZHU, fen: int = REQUIRED) -> UUID:
        """A bidder that has paid what it should."""
        party, number = self.join(payer)
        self.bank.transfer(number, fen, name=payer.name, from_account=payer.basic_account)
        self.tick()
        return party

    def order(self, *parties: UUID, with_interest: bool = False) -> list[Instruction]:
        """Order refunds, and return what lies there to be put forward."""
        self.order_anew(*parties, with_interest=with_interest)
        drafts = Instruction.objects.filter(
            deposit__requirement__reference=self.reference, state=Instruction.State.DRAFT
        )
        if parties:
            drafts = drafts.filter(deposit__party__in=parties)
        return list(drafts.order_by("created_at", "id"))

    def order_anew(self, *parties: UUID, with_interest: bool = False) -> list[Instruction]:
        """Order refunds, and return the orders this very call has made."""
        deposits = Deposit.objects.filter(requirement__reference=self.reference)
        if parties:
            deposits = deposits.filter(party__in=parties)
        with transaction.atomic():
            return order_deposits(
                deposits.order_by("id").values_list("id", flat=True),
                basis=Basis.CONTRACT,
                due=self.bank.now + timedelta(days=5),
                with_interest=with_interest,
                actor="system:escrow",
                now=self.bank.now,
            )

    def approve(self, order: Instruction) -> Instruction:
        """Two persons sign."""
        for act, who in ((services.submit, "chen"), (services.approve, "he")):
            act(
                instruction_id=order.id,
                content_sha=order.content_sha,
                actor=who,
                signature_id=uuid4(),
                now=self.bank.now,
            )
        order.refresh_from_db()
        return order

    def approved_refund(self, *, with_interest: bool = False) -> Instruction:
        """A locked deposit whose refund two persons have signed."""
        party = self.paid_deposit()
        self.open()
        (order,) = self.order(party, with_interest=with_interest)
        return self.approve(order)
