"""What can be wrong with a formula or its case, always with the JSON pointer of the place."""

from __future__ import annotations

from core.door import BadInput


class BadFormula(BadInput):
    """A formula, its parameters or the case around it are not what the method wants."""


class NotBuilt(BadFormula):
    """A known method or rule that this version does not carry out."""

    def __init__(self, pointer: str, name: str) -> None:
        self.name = name
        super().__init__(pointer, f"{name} is not built yet")
