"""Entries of the log: what may stand in their lists, and how a wrong one is refused."""

from __future__ import annotations

import pytest

from sealing import entries
from sealing.encoding import b64u
from sealing.entries import Outcome, ShareRecovered
from sealing.errors import Code, SealingError
from tests.sealing import scene
from tests.sealing.sealed import refused

AT = "2026-11-23T06:05:00.000Z"
KIDS = tuple(sorted(b64u(bytes([number]) * 16) for number in range(3)))
LEAVES = tuple(sorted(b64u(bytes([number]) * 32) for number in range(3)))


def recovered(holders: object) -> dict:
    made = ShareRecovered(at=AT, **scene.LOT, bid="b-1", com=b64u(bytes(32)), holders=KIDS)
    return {**made.body(), "holders": holders}


def announced(outcomes: object) -> dict:
    made = entries.OpeningResult(
        at=AT,
        **scene.LOT,
        outcomes=tuple(Outcome(leaf=leaf, outcome="invalid") for leaf in LEAVES),
    )
    return {**made.body(), "outcomes": outcomes}


def outcome(leaf: str, *, ended: str = "invalid", form: str | None = None) -> dict:
    return {"leaf": leaf, "outcome": ended, "form_sha256": form}


class TestHolders:
    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_stand_in_the_order_of_their_names(self, count):
        body = recovered(list(KIDS[:count]))
        read = entries.parse(body)
        assert isinstance(read, ShareRecovered)
        assert (read.holders, read.body()) == (KIDS[:count], body)

    @pytest.mark.parametrize(
        "holders",
        [["x"], [1], list(reversed(KIDS)), [KIDS[0], KIDS[0]], KIDS[0], "", 7, None, {}],
    )
    def test_are_refused_in_another_order_twice_or_as_something_else(self, holders):
        with refused(Code.ENTRY):
            entries.parse(recovered(holders))


class TestOutcomes:
    def test_show_a_form_exactly_where_a_bid_was_opened(self):
        form = b64u(bytes(32))
        body = announced([outcome(LEAVES[0], ended="opened", form=form), outcome(LEAVES[1])])
        assert entries.parse(body).body() == body
        for bad in (outcome(LEAVES[0], ended="opened"), outcome(LEAVES[0], form=form)):
            with refused(Code.ENTRY):
                entries.parse(announced([bad]))

    def test_stand_in_the_order_of_their_leaves_and_once(self):
        for leaves in (list(reversed(LEAVES)), [LEAVES[0], LEAVES[0]]):
            with refused(Code.ENTRY):
                entries.parse(announced([outcome(leaf) for leaf in leaves]))

    def test_of_another_shape_are_told_by_their_name(self):
        with pytest.raises(SealingError) as caught:
            entries.parse(announced([outcome("x")]))
        assert str(caught.value) == "ENTRY: outcome: leaf"
        for other in ({}, "none"):
            with refused(Code.ENTRY):
                entries.parse(announced(other))


class TestKeys:
    def test_of_another_shape_are_told_by_their_name(self):
        named = entries.NamedKey(kid=KIDS[0], public=b64u(bytes(32)))
        made = entries.RecoveryPublished(at=AT, tender="T", need=2, keys=(named,))
        with pytest.raises(SealingError) as caught:
            entries.parse({**made.body(), "keys": [{"kid": "x", "public": named.public}]})
        assert str(caught.value) == "ENTRY: key: kid"


class TestWhatIsNoEntry:
    @pytest.mark.parametrize("body", [None, [], "key.publish", 1, {}, {"kind": ["bid.receive"]}])
    def test_is_refused(self, body):
        with refused(Code.ENTRY):
            entries.parse(body)


class TestTheSuite:
    @pytest.mark.parametrize("suite", ["1", "2", "GM-1"])
    def test_is_named_unless_it_is_the_first(self, suite):
        made = entries.KeyPublished(
            at=AT, tender="T", role="host", kid=KIDS[0], public=b64u(bytes(32)), suite=suite
        )
        body = made.body()
        assert body.get("suite") == (None if suite == "1" else suite)
        assert entries.parse(body) == made
        with refused(Code.ENTRY):
            entries.parse({**body, "suite": "1"})
