"""Tables of the escrow: ledger, banks, deposits and papers, grounds, instructions, proposals."""

from __future__ import annotations

from bank_escrow.models.banks import (
    Bank,
    BankMessage,
    Break,
    Nonce,
    Statement,
    StatementRow,
    SubAccount,
)
from bank_escrow.models.deposits import (
    BankCredit,
    Deposit,
    DepositRequirement,
    ForfeitAccount,
    Hold,
)
from bank_escrow.models.grounds import RefundGround
from bank_escrow.models.instructions import Instruction, Outbox
from bank_escrow.models.ledger import JournalEntry, JournalLine, LedgerAccount
from bank_escrow.models.papers import Paper
from bank_escrow.models.proposals import Proposal

__all__ = [
    "Bank",
    "BankCredit",
    "BankMessage",
    "Break",
    "Deposit",
    "DepositRequirement",
    "ForfeitAccount",
    "Hold",
    "Instruction",
    "JournalEntry",
    "JournalLine",
    "LedgerAccount",
    "Nonce",
    "Outbox",
    "Paper",
    "Proposal",
    "RefundGround",
    "Statement",
    "StatementRow",
    "SubAccount",
]
