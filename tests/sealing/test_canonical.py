"""Canonical JSON at its bounds, and what is refused even in another layout."""

from __future__ import annotations

import json

import pytest

from sealing import canonical
from sealing.canonical import MAX_DEPTH
from sealing.errors import Code, SealingError
from tests.sealing.sealed import refused


def nested(depth: int, *, within: str = "[]") -> bytes:
    begin, end = ("[", "]") if within == "[]" else ('{"a":', "}")
    return (begin * (depth - 1) + within + end * (depth - 1)).encode()


class TestAnyLayout:
    def test_is_read_by_the_lenient_reader_alone(self):
        data = b'{"b": 1, "a": [true, null]}\n'
        assert canonical.loads_lenient(data) == {"a": [True, None], "b": 1}
        with refused(Code.MALFORMED):
            canonical.loads(data)

    @pytest.mark.parametrize(
        ("data", "detail"),
        [
            (b'{"a":1, "a":1}', "a key stands twice"),
            (b"[1.5]", "1.5 is not an integer"),
            (b"[1e3]", "1e3 is not an integer"),
            (b"[NaN]", "NaN is not an integer"),
            (b"[9007199254740992]", "an integer of 2^53 or more"),
            (b"[\xff]", "not JSON"),
        ],
    )
    def test_has_one_value_and_no_exotic_ones(self, data, detail):
        with pytest.raises(SealingError) as caught:
            canonical.loads_lenient(data)
        assert (caught.value.code, caught.value.detail) == (Code.MALFORMED, detail)


class TestABound:
    @pytest.mark.parametrize("number", [2**53 - 1, -(2**53) + 1])
    def test_is_met_by_the_largest_integers(self, number):
        assert canonical.loads(canonical.dumps([number])) == [number]

    @pytest.mark.parametrize("number", [2**53, -(2**53)])
    def test_is_passed_by_those_that_scripts_confuse(self, number):
        with refused(Code.MALFORMED):
            canonical.dumps([number])

    @pytest.mark.parametrize("within", ["[]", "{}"])
    def test_of_depth_is_the_same_for_lists_and_objects(self, within):
        data = nested(MAX_DEPTH, within=within)
        assert canonical.loads(data) == json.loads(data)
        with refused(Code.MALFORMED):
            canonical.loads(nested(MAX_DEPTH + 1, within=within))
