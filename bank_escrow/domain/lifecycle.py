"""The tables of states: an order to pay, a deposit, a paper in its place, a proposal.

The instruction's table is the one that keeps money from leaving twice (`bank.md` §3.1): nothing
leads from UNKNOWN back to QUEUED, and FAILED is reached only by a code of the bank's closed list
or by people holding the bank's written answer.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.states import Machine


class Instruction(StrEnum):
    """Where an order to pay stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    QUEUED = "QUEUED"
    SENDING = "SENDING"
    PROCESSING = "PROCESSING"
    UNKNOWN = "UNKNOWN"
    ABSENT = "ABSENT"
    BREAK = "BREAK"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FAILED_BANK = "FAILED_BANK"
    FAILED_CONFIRMED = "FAILED_CONFIRMED"
    RETURNED = "RETURNED"


INSTRUCTION: Final = Machine(
    "instruction",
    {
        "DRAFT": {"submit": "SUBMITTED", "cancel": "CANCELLED"},
        "SUBMITTED": {"approve": "APPROVED", "refuse": "CANCELLED", "cancel": "CANCELLED"},
        "APPROVED": {"queue": "QUEUED", "cancel": "CANCELLED"},
        # A bank day that ended while nothing had left: the bytes are written anew for today.
        "QUEUED": {"claim": "SENDING", "expire": "APPROVED", "cancel": "CANCELLED"},
        "SENDING": {
            "unsent": "QUEUED",
            "done": "DONE",
            "fail": "FAILED_BANK",
            "process": "PROCESSING",
            "lose": "UNKNOWN",
            "contradict": "BREAK",
        },
        "PROCESSING": {
            "done": "DONE",
            "fail": "FAILED_BANK",
            "miss": "ABSENT",
            "contradict": "BREAK",
        },
        "UNKNOWN": {
            "done": "DONE",
            "fail": "FAILED_BANK",
            "miss": "ABSENT",
            "contradict": "BREAK",
        },
        "ABSENT": {
            "done": "DONE",
            "fail": "FAILED_BANK",
            "confirm_unpaid": "FAILED_CONFIRMED",
            "contradict": "BREAK",
        },
        "BREAK": {"confirm_paid": "DONE", "confirm_unpaid": "FAILED_CONFIRMED"},
        "DONE": {"return": "RETURNED"},
        "CANCELLED": {},
        "FAILED_BANK": {},
        "FAILED_CONFIRMED": {},
        "RETURNED": {},
    },
)

# Money of these will not move, or has come back: a new instruction may take their place.
OVER: Final = frozenset(
    {
        Instruction.CANCELLED,
        Instruction.FAILED_BANK,
        Instruction.FAILED_CONFIRMED,
        Instruction.RETURNED,
    }
)
# People can still take these back: nothing has left the house.
RECALLABLE: Final = frozenset(
    {Instruction.DRAFT, Instruction.SUBMITTED, Instruction.APPROVED, Instruction.QUEUED}
)
# The bank must be asked about these.
OPEN_AT_BANK: Final = frozenset({Instruction.PROCESSING, Instruction.UNKNOWN})


class Deposit(StrEnum):
    """Where a bidder's deposit for a lot stands."""

    UNPAID = "UNPAID"
    RECEIVED = "RECEIVED"
    PARTIAL = "PARTIAL"
    MISMATCH = "MISMATCH"
    MATCHED = "MATCHED"
    GUARANTEE = "GUARANTEE"
    WAIVED = "WAIVED"
    LOCKED = "LOCKED"
    FROZEN = "FROZEN"
    REFUNDING = "REFUNDING"
    REFUNDED = "REFUNDED"
    FORFEITING = "FORFEITING"
    FORFEITED = "FORFEITED"


_JUDGED: Final = {
    "receive": "RECEIVED",
    "match": "MATCHED",
    "fall_short": "PARTIAL",
    "mismatch": "MISMATCH",
    "empty": "UNPAID",
}
# A paper in place of money; what was paid before or comes after is set aside and sent back.
_PAPERS: Final = {"guarantee": "GUARANTEE", "waive": "WAIVED"}

DEPOSIT: Final = Machine(
    "deposit",
    {
        "UNPAID": {**_JUDGED, **_PAPERS},
        "RECEIVED": {**_JUDGED, **_PAPERS},
        "PARTIAL": {**_JUDGED, **_PAPERS, "lock": "LOCKED", "order": "REFUNDING"},
        "MISMATCH": {**_JUDGED, **_PAPERS, "lock": "LOCKED", "order": "REFUNDING"},
        "MATCHED": {**_JUDGED, "lock": "LOCKED", "order": "REFUNDING"},
        "GUARANTEE": {**_PAPERS, "mismatch": "MISMATCH", "empty": "UNPAID", "order": "REFUNDING"},
        "WAIVED": {**_PAPERS, "mismatch": "MISMATCH", "empty": "UNPAID", "order": "REFUNDING"},
        "LOCKED": {
            "mismatch": "MISMATCH",
            "order": "REFUNDING",
            "freeze": "FROZEN",
            "forfeit": "FORFEITING",
        },
        "FROZEN": {"unfreeze": "LOCKED"},
        "REFUNDING": {
            "order": "REFUNDING",
            "complete": "REFUNDED",
            "recall": "LOCKED",
            "recall_mismatch": "MISMATCH",
            "recall_matched": "MATCHED",
        },
        # 退汇: the money is back and owed again. A late second payment is owed as well.
        "REFUNDED": {**_JUDGED, **_PAPERS, "return": "REFUNDING", "order": "REFUNDING"},
        "FORFEITING": {
            "forfeit": "FORFEITING",
            "complete_forfeit": "FORFEITED",
            "recall": "LOCKED",
        },
        "FORFEITED": {"return": "FORFEITING", "order": "REFUNDING"},
    },
)

# Judged anew whenever money arrives; in the other states people have taken over.
JUDGED_STATES: Final = tuple(DEPOSIT.sources("receive"))

# Money that already counts needs no paper; what people have taken over takes none either.
TAKES_PAPER: Final = frozenset({*DEPOSIT.sources("guarantee")})

PAPER: Final = Machine(
    "paper",
    {
        "HELD": {
            "replace": "REPLACED",
            "take_back": "TAKEN_BACK",
            "accept": "ACCEPTED",
            "refuse": "REFUSED",
            "release": "RELEASED",
        },
        "ACCEPTED": {"release": "RELEASED"},
        # A letter that was refused is still somebody's original and goes home like the others.
        "REFUSED": {"release": "RELEASED"},
        "REPLACED": {},
        "TAKEN_BACK": {},
        "RELEASED": {},
    },
)

# Only another person than the one who proposed confirms; see `policies.may_confirm`.
PROPOSAL: Final = Machine(
    "proposal",
    {
        "WAITING": {"confirm": "CONFIRMED", "refuse": "REFUSED", "withdraw": "WITHDRAWN"},
        "CONFIRMED": {},
        "REFUSED": {},
        "WITHDRAWN": {},
    },
)
