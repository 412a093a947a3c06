"""May this be done now, and if not: what happened, why, and what to do.

A policy answers with a `Verdict`; a service raises a `Refusal`. Both carry a `Reason`: a code and
the facts of the case. The words belong to the app that owns the code: it registers a `Text` for
each of its codes, and `explain` joins words and facts at the moment somebody reads them, so that
a lazy translation speaks the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from core import decimals
from core.zone import local


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and the facts that fill its sentences."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a policy; a refusal always carries its reason."""

    allowed: bool
    reason: Reason | None = None

    def __post_init__(self) -> None:
        if self.allowed is not (self.reason is None):
            raise ValueError("a refusal carries a reason, a permission carries none")

    def __bool__(self) -> bool:
        return self.allowed

    def or_raise(self) -> None:
        """Return when allowed; otherwise raise the refusal."""
        if self.reason is not None:
            raise Refusal(self.reason.code, **self.reason.facts)


ALLOWED = Verdict(True)


def refuse(code: str, /, **facts: object) -> Verdict:
    """Return the verdict that says no, with the facts its sentences name."""
    return Verdict(False, Reason(code, facts))


class Refusal(Exception):  # noqa: N818 - the word of the domain; an error would be ours
    """An act was refused for a reason a user can read."""

    def __init__(self, code: str, /, **facts: object) -> None:
        self.reason = Reason(code, facts)
        told = ", ".join(f"{name}={value!s}" for name, value in facts.items())
        super().__init__(f"{code} ({told})" if told else code)


@dataclass(frozen=True, slots=True)
class Text:
    """The sentences of one code; facts stand as `%(name)s`, a percent sign as `%%`.

    Each is anything that turns into a sentence with `str()`: a string or a lazy translation.
    `words` puts a fact that is a code of ours (a state, a stage) into the reader's words.
    """

    what: object
    why: object
    do: object
    words: Mapping[str, Callable[[str], object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A reason in words, ready for a page or a JSON reply."""

    code: str
    what: str
    why: str
    do: str


class TextError(LookupError):
    """A code has no words, has them twice, or its words name a fact the case lacks."""


_texts: dict[str, Text] = {}


def register(texts: Mapping[str, Text]) -> None:
    """Take in the words of an app; a code that already has other words is a clash."""
    for code, text in texts.items():
        if _texts.setdefault(code, text) is not text:
            raise TextError(f"two texts for {code}")


def registered() -> Mapping[str, Text]:
    """Return every code with its words, for the catalogue and its test."""
    return MappingProxyType(_texts)


def explain(reason: Reason) -> Explained:
    """Put a reason into words."""
    text = _texts.get(reason.code)
    if text is None:
        raise TextError(f"no text for {reason.code}")
    facts = {name: _shown(value) for name, value in reason.facts.items()}
    facts |= {name: str(say(facts[name])) for name, say in text.words.items() if name in facts}
    try:
        what, why, do = (str(words) % facts for words in (text.what, text.why, text.do))
    except KeyError as error:
        raise TextError(f"the text of {reason.code} names a missing fact: {error}") from error
    return Explained(code=reason.code, what=what, why=why, do=do)


def _shown(value: object) -> str:
    """Write a fact as people here read it: moments on Suzhou's clock, decimals in full."""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return decimals.write(value)
    return str(value)
