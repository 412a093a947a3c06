"""Move a deposit or an instruction along its table: a compare-and-set, never a plain write."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from bank_escrow.domain.lifecycle import DEPOSIT, INSTRUCTION
from bank_escrow.models import Deposit, Instruction
from core.states import IllegalMove
from core.verdicts import Refusal


class Overtaken(RuntimeError):  # noqa: N818 - what happened to us
    """Another hand moved the row first."""


def move_deposit(deposit: Deposit, act: str, **changes: Any) -> str:
    """Move a deposit and return its new state; the caller holds its lock."""
    new = DEPOSIT.after(deposit.state, act)
    moved = Deposit.objects.filter(pk=deposit.pk, state=deposit.state).update(state=new, **changes)
    if moved != 1:
        raise Overtaken(f"deposit {deposit.pk}")
    deposit.state = new
    for name, value in changes.items():
        setattr(deposit, name, value)
    return new


def move_instruction(instruction: Instruction, act: str, *, now: datetime, **changes: Any) -> str:
    """Move an instruction and return its new state; of two racing hands one is `Overtaken`."""
    new = INSTRUCTION.after(instruction.state, act)
    changes |= {"state": new, "changed_at": now}
    moved = Instruction.objects.filter(pk=instruction.pk, state=instruction.state).update(**changes)
    if moved != 1:
        raise Overtaken(f"instruction {instruction.pk}")
    for name, value in changes.items():
        setattr(instruction, name, value)
    return new


def locked_deposit(pk: UUID) -> Deposit:
    """Return a deposit with its row locked; the requirement is read along, not locked."""
    return Deposit.objects.select_for_update(of=("self",)).select_related("requirement").get(pk=pk)


def locked_instruction(pk: UUID) -> Instruction:
    """Return an instruction, its deposit's row locked first and then its own.

    Every act takes deposit before instruction before credit, so that no two wait for each other.
    """
    deposit_id = Instruction.objects.values_list("deposit_id", flat=True).get(pk=pk)
    if deposit_id is not None:
        Deposit.objects.select_for_update().get(pk=deposit_id)
    return (
        Instruction.objects.select_for_update(of=("self",))
        .select_related("deposit__requirement", "credit__deposit__requirement", "bank")
        .get(pk=pk)
    )


def refuse_unless(instruction: Instruction, act: str) -> None:
    """Refuse an act of a person that the table does not know in this state."""
    if not INSTRUCTION.can(instruction.state, act):
        raise Refusal("M-203", state=instruction.state)


__all__ = [
    "IllegalMove",
    "Overtaken",
    "locked_deposit",
    "locked_instruction",
    "move_deposit",
    "move_instruction",
    "refuse_unless",
]
