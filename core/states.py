"""States are tables: a machine is a list of moves, and nothing else moves a thing.

The machine only says where an act leads. Doing the move is the service's work: one
`UPDATE … WHERE state = old`, so that of two racing hands only one wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class IllegalMove(Exception):  # noqa: N818 - named for what it is
    """An act was tried in a state from which the table gives it no way."""

    def __init__(self, *, machine: str, state: str, act: str) -> None:
        self.machine, self.state, self.act = machine, state, act
        super().__init__(f"{machine}: no act {act!r} in state {state!r}")


@dataclass(frozen=True, slots=True)
class Machine:
    """A named table `state → act → next state`; the first state listed is where life begins."""

    name: str
    moves: Mapping[str, Mapping[str, str]]

    def __post_init__(self) -> None:
        if not self.moves:
            raise ValueError(f"{self.name}: a machine without states")
        frozen = {
            str(state): MappingProxyType({str(act): str(new) for act, new in acts.items()})
            for state, acts in self.moves.items()
        }
        strays = {new for acts in frozen.values() for new in acts.values()} - set(frozen)
        if strays:
            # A typing slip would otherwise be a silent dead end.
            raise ValueError(f"{self.name}: states not listed: {sorted(strays)}")
        object.__setattr__(self, "moves", MappingProxyType(frozen))

    @property
    def initial(self) -> str:
        """The state everything starts in."""
        return next(iter(self.moves))

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order of the table."""
        return tuple(self.moves)

    @property
    def acts(self) -> tuple[str, ...]:
        """Every act, each once, in the order of the table."""
        return tuple(dict.fromkeys(act for acts in self.moves.values() for act in acts))

    @property
    def terminal(self) -> frozenset[str]:
        """The states from which nothing leads on."""
        return frozenset(state for state, acts in self.moves.items() if not acts)

    def can(self, state: str, act: str) -> bool:
        """Say whether the table knows this act in this state."""
        return act in self.moves.get(state, {})

    def after(self, state: str, act: str) -> str:
        """Return the state the act leads to, or raise `IllegalMove`."""
        try:
            return self.moves[state][act]
        except KeyError:
            raise IllegalMove(machine=self.name, state=state, act=act) from None

    def acts_in(self, state: str) -> tuple[str, ...]:
        """Return the acts open in a state; none in an unknown one."""
        return tuple(self.moves.get(state, {}))

    def sources(self, act: str) -> tuple[str, ...]:
        """Return the states in which an act is open, for the `WHERE` of a compare-and-set."""
        return tuple(state for state, acts in self.moves.items() if act in acts)

    def mermaid(self) -> str:
        """Return the table as a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [
            f"    {state} --> {new}: {act}"
            for state, acts in self.moves.items()
            for act, new in acts.items()
        ]
        lines += [f"    {state} --> [*]" for state in self.moves if state in self.terminal]
        return "\n".join(lines) + "\n"
