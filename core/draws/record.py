"""A draw on record: what was drawn from, what was committed to, what came out; and its replay."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.draws.stream import Stream, commitment


class DrawMismatch(Exception):  # noqa: N818 - the finding of a check
    """A record does not come out again as it stands; `field` names the first that differs."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(f"{field}: {message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """So many drawn, in order, from the inputs.

    Inputs stand sorted, so that their order cannot be chosen. The commitment was published before
    the entropy was known, the seed is revealed with the result.
    """

    context: str
    inputs: tuple[str, ...]
    take: int
    commitment: bytes
    entropy: bytes
    seed: bytes
    result: tuple[str, ...]

    def body(self) -> dict[str, Any]:
        """Return the record as JSON values; bytes in hexadecimal."""
        return {
            "context": self.context,
            "inputs": list(self.inputs),
            "take": self.take,
            "commitment": self.commitment.hex(),
            "entropy": self.entropy.hex(),
            "seed": self.seed.hex(),
            "result": list(self.result),
        }

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Draw:
        """Read a record; a missing or malformed field raises `DrawMismatch` with its name."""
        names = ("context", "inputs", "take", "commitment", "entropy", "seed", "result")
        for name in names:
            if name not in body:
                raise DrawMismatch(name, "is missing")
        return cls(
            context=_text(body["context"], "context"),
            inputs=_keys(body["inputs"], "inputs"),
            take=_count(body["take"]),
            commitment=_hex(body["commitment"], "commitment"),
            entropy=_hex(body["entropy"], "entropy"),
            seed=_hex(body["seed"], "seed"),
            result=_keys(body["result"], "result"),
        )


def hold(
    *, context: str, inputs: Sequence[str], take: int | None = None, seed: bytes, entropy: bytes
) -> Draw:
    """Hold a draw; without `take` all inputs are put in order."""
    ordered = tuple(sorted(inputs))
    if len(set(ordered)) != len(ordered):
        raise ValueError("an input stands twice and would have two chances")
    count = len(ordered) if take is None else take
    stream = Stream(seed=seed, context=context, entropy=entropy)
    return Draw(
        context=context,
        inputs=ordered,
        take=count,
        commitment=commitment(seed, context),
        entropy=entropy,
        seed=seed,
        result=tuple(stream.sample(ordered, count)),
    )


def replay(draw: Draw) -> None:
    """Hold a recorded draw again; return if everything comes out, else raise `DrawMismatch`."""
    if list(draw.inputs) != sorted(set(draw.inputs)):
        raise DrawMismatch("inputs", "are not sorted, or stand twice")
    if not 0 <= draw.take <= len(draw.inputs):
        raise DrawMismatch("take", "is more than there is to draw from")
    try:
        promised = commitment(draw.seed, draw.context)
        again = hold(
            context=draw.context,
            inputs=draw.inputs,
            take=draw.take,
            seed=draw.seed,
            entropy=draw.entropy,
        )
    except ValueError as error:
        raise DrawMismatch("seed", str(error)) from error
    if not hmac.compare_digest(promised, draw.commitment):
        raise DrawMismatch("commitment", "the seed is not the one committed to")
    if again.result != draw.result:
        raise DrawMismatch("result", f"comes out as {', '.join(again.result)}")


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise DrawMismatch(name, "a text is wanted")
    return value


def _keys(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise DrawMismatch(name, "a list of texts is wanted")
    return tuple(_text(item, name) for item in value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise DrawMismatch("take", "a whole number is wanted")
    return value


def _hex(value: object, name: str) -> bytes:
    try:
        return bytes.fromhex(_text(value, name))
    except ValueError as error:
        raise DrawMismatch(name, "hexadecimal figures are wanted") from error
