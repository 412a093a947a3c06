"""A bidder's course through a lot: eight steps, where it stands, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The steps in their order. Key and building happen on the bidder's machine, unseen."""

    JOIN = "join"
    DOCUMENTS = "documents"
    DEPOSIT = "deposit"
    KEY = "key"
    BUILD = "build"
    SUBMIT = "submit"
    OPENING = "opening"
    RESULT = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the platform knows of one bidder's part."""

    open: bool  # the lot takes bids at this instant
    documents_taken: bool  # the newest version of the documents
    deposit_needed: bool
    deposit_asked: bool  # an account was given out
    deposit_settled: bool
    delivered: bool
    ever_delivered: bool
    opened: bool  # the opening has ended
    decided: bool  # there is a result to read
    over: bool  # the lot failed or was terminated


def done(facts: Facts) -> frozenset[Step]:
    """Return the steps that lie behind the bidder."""
    behind = {Step.JOIN}
    if facts.documents_taken:
        behind.add(Step.DOCUMENTS)
    if facts.deposit_settled or not facts.deposit_needed:
        behind.add(Step.DEPOSIT)
    if facts.delivered:
        behind |= {Step.KEY, Step.BUILD, Step.SUBMIT}
    if facts.opened:
        behind.add(Step.OPENING)
    if facts.decided:
        behind.add(Step.RESULT)
    return frozenset(behind)


def next_step(facts: Facts) -> Step | None:
    """Return the one thing to do next; None when nothing is left to this bidder.

    An account that was given out is waited for while the bid is made: the money takes its time.
    """
    if facts.over or facts.decided:
        return Step.RESULT
    if not facts.open:
        if not facts.delivered:
            return None
        return Step.RESULT if facts.opened else Step.OPENING
    return next(_open_steps(facts))


def _open_steps(facts: Facts) -> Iterator[Step]:
    unpaid = facts.deposit_needed and not facts.deposit_settled
    if not facts.documents_taken:
        yield Step.DOCUMENTS
    if unpaid and not facts.deposit_asked:
        yield Step.DEPOSIT
    if not facts.delivered:
        yield Step.BUILD if facts.ever_delivered else Step.KEY
    if unpaid:
        yield Step.DEPOSIT
    yield Step.OPENING
