"""Scores before the summary: which cells there are, their hash, differences on facts, outliers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT, half_up, write
from core.formulas import Criteria, Kind
from sealing import canonical

# A design choice of ours, not law: so far from the others' mean, the report asks for a reason.
FAR = Decimal("0.3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One member's score of one leaf of one bid; members by seat code, bids by id."""

    member: str
    bid: str
    criterion: str
    value: Decimal

    def body(self) -> dict[str, str]:
        """Return the cell as a case writes it."""
        return {
            "member": self.member,
            "bid": self.bid,
            "criterion": self.criterion,
            "score": write(self.value),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """A score far from what the other members gave."""

    member: str
    bid: str
    criterion: str
    value: Decimal
    others: Decimal

    def body(self) -> dict[str, str]:
        """Return the flag as JSON values."""
        return {
            "member": self.member,
            "bid": self.bid,
            "criterion": self.criterion,
            "score": write(self.value),
            "others": write(self.others, places=2),
        }


def ordered(cells: Iterable[Cell]) -> list[Cell]:
    """Return cells in the one order they are hashed and written in."""
    return sorted(cells, key=lambda cell: (cell.member, cell.bid, cell.criterion))


def digest(cells: Iterable[Cell]) -> str:
    """Return the SHA-256 a member signs when locking."""
    body = [cell.body() for cell in ordered(cells)]
    return hashlib.sha256(canonical.dumps(body)).hexdigest()


def blanks(
    cells: Iterable[Cell], *, bids: Iterable[str], criteria: Criteria
) -> list[tuple[str, str]]:
    """Return bid and leaf of every cell one member has not scored."""
    filled = {(cell.bid, cell.criterion) for cell in cells}
    return [
        (bid, leaf.key) for bid in bids for leaf in criteria.scored if (bid, leaf.key) not in filled
    ]


def differences(cells: Iterable[Cell], *, criteria: Criteria) -> list[tuple[str, str]]:
    """Return bid and leaf wherever members differ on a fact (MOF87 Art. 64)."""
    facts = {leaf.key for leaf in criteria.scored if leaf.kind is Kind.OBJECTIVE}
    values: dict[tuple[str, str], set[Decimal]] = {}
    for cell in cells:
        if cell.criterion in facts:
            values.setdefault((cell.bid, cell.criterion), set()).add(cell.value)
    return sorted(key for key, told in values.items() if len(told) > 1)


def outliers(cells: Sequence[Cell], *, criteria: Criteria) -> list[Far]:
    """Return judged scores that lie far from the mean of the other members."""
    tops = {leaf.key: leaf.maximum for leaf in criteria.scored if leaf.kind is Kind.JUDGED}
    columns: dict[tuple[str, str], list[Cell]] = {}
    for cell in ordered(cells):
        if cell.criterion in tops:
            columns.setdefault((cell.bid, cell.criterion), []).append(cell)
    found = []
    for (bid, criterion), column in columns.items():
        total = sum((cell.value for cell in column), Decimal(0))
        for cell in column if len(column) > 1 else ():
            others = EXACT.divide(total - cell.value, Decimal(len(column) - 1))
            if abs(cell.value - others) > FAR * tops[criterion]:
                found.append(
                    Far(
                        member=cell.member,
                        bid=bid,
                        criterion=criterion,
                        value=cell.value,
                        others=half_up(others, 2),
                    )
                )
    return found
