"""The methods by name. A new one is a file with a `read` and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.formulas import gov_lowest, m1, m2
from core.formulas.errors import BadFormula, NotBuilt
from core.formulas.params import Params
from core.formulas.pricing import Formula

METHODS: Mapping[str, Callable[[Params], Formula]] = {
    "gov_lowest": gov_lowest.read,
    "m1": m1.read,
    "m2": m2.read,
}

# Named by the story's schema and refused by name until they are built.
NOT_BUILT = ("lowest_evaluated", "m3", "m4", "m5", "reasonable_low", "highest_price")


def read_formula(
    method: object, params: Mapping[str, object], *, pointer: str = "/formula"
) -> Formula:
    """Return the method with its parameters, or refuse with the pointer of the fault."""
    if method in NOT_BUILT:
        raise NotBuilt(f"{pointer}/method", str(method))
    reader = METHODS.get(method) if isinstance(method, str) else None
    if reader is None:
        raise BadFormula(f"{pointer}/method", f"no method {method!r}; known: {', '.join(METHODS)}")
    return reader(Params(params, f"{pointer}/params"))
