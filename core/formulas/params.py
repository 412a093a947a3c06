"""Reading the parameters of a formula: every name wanted once, none left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.decimals import DecimalError, read
from core.formulas.errors import BadFormula, NotBuilt


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim:
    """From so many bids on, drop so many of the highest and of the lowest."""

    least: int
    high: int
    low: int


NO_TRIM = Trim(least=1, high=0, low=0)


@dataclass(slots=True)
class Params:
    """The parameters as given; each read takes a name away, `finish` refuses what remains."""

    given: Mapping[str, object]
    pointer: str
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if "draw" in self.given:
            raise NotBuilt(f"{self.pointer}/draw", "drawing a parameter at the opening")

    def positive(self, name: str) -> Decimal:
        """Read a decimal above zero that must be there."""
        value = self._decimal(name)
        if value <= 0:
            raise BadFormula(f"{self.pointer}/{name}", "must be above zero")
        return value

    def at_least_zero(self, name: str) -> Decimal:
        """Read a decimal that must be there and not below zero."""
        value = self._decimal(name)
        if value < 0:
            raise BadFormula(f"{self.pointer}/{name}", "must not be below zero")
        return value

    def optional_fraction(self, name: str) -> Decimal:
        """Read a share from 0 to less than 1, zero when it is absent."""
        if name not in self.given:
            return Decimal(0)
        value = self.at_least_zero(name)
        if value >= 1:
            raise BadFormula(f"{self.pointer}/{name}", "must be a fraction below 1")
        return value

    def trim(self) -> Trim:
        """Read the trim; a formula without one drops nothing."""
        if "trim" not in self.given:
            return NO_TRIM
        self._taken.add("trim")
        pointer, value = f"{self.pointer}/trim", self.given["trim"]
        if not isinstance(value, Mapping):
            raise BadFormula(pointer, "an object {from, high, low} is wanted")
        _names(set(value), wanted={"from", "high", "low"}, pointer=pointer)
        least, high, low = (_count(value[name], f"{pointer}/{name}") for name in _TRIM)
        if least <= high + low:
            raise BadFormula(f"{pointer}/from", "would leave no bid to take the mean of")
        return Trim(least=least, high=high, low=low)

    def finish(self) -> None:
        """Refuse names that the method does not know."""
        _names(set(self.given), wanted=self._taken, pointer=self.pointer)

    def _decimal(self, name: str) -> Decimal:
        self._taken.add(name)
        if name not in self.given:
            raise BadFormula(f"{self.pointer}/{name}", "is missing")
        try:
            return read(self.given[name])
        except DecimalError as error:
            raise BadFormula(f"{self.pointer}/{name}", str(error)) from error


_TRIM = ("from", "high", "low")


def _names(given: set[str], *, wanted: set[str], pointer: str) -> None:
    for name in sorted(given - wanted):
        raise BadFormula(f"{pointer}/{name}", "is not a name this method knows")
    for name in sorted(wanted - given):
        raise BadFormula(f"{pointer}/{name}", "is missing")


def _count(value: object, pointer: str) -> int:
    """Read a count, written as a number or, like every parameter, as a string of figures."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadFormula(pointer, "a count is wanted")
    return value
