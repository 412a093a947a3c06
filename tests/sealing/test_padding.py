"""Padding taken off a stream, however the stream is cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing.errors import Code
from sealing.padding import (
    FORM_BYTES,
    PACKAGE_LIMIT,
    PACKAGE_STEP,
    Unpadding,
    padded_form,
    padded_package,
)
from sealing.streams import Collecting
from tests.sealing.sealed import refused


def padded(content: bytes, *, length: int = FORM_BYTES, filler: bytes = b"\0") -> bytes:
    body = len(content).to_bytes(8, "big") + content
    return body + filler * (length - len(body))


def unpadded(data: bytes, cuts: list[int], *, length: int = FORM_BYTES) -> tuple[bytes, int]:
    sink = Collecting()
    taking = Unpadding(sink, length=length)
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    for begin, end in pairwise(places):
        taking.write(memoryview(data[begin:end]))
    return sink.data, taking.content_length


class TestAPaddedForm:
    @given(st.binary(max_size=40), st.lists(st.integers(0, 60), max_size=9))
    def test_gives_its_content_back_whatever_the_pieces(self, content, cuts):
        assert unpadded(padded(content), cuts) == (content, len(content))

    def test_gives_its_content_back_byte_by_byte(self):
        data = padded(b"opening form")
        assert unpadded(data, list(range(1, 40))) == (b"opening form", 12)

    def test_may_be_full_or_empty(self):
        full = bytes(range(256)) * 255 + bytes(248)
        assert len(full) == FORM_BYTES - 8
        assert unpadded(padded(full), [3, 9])[0] == full
        assert unpadded(padded(b""), [3, 9]) == (b"", 0)

    @pytest.mark.parametrize("cuts", [[], [8], [20, 21]])
    def test_with_anything_but_zeros_is_refused(self, cuts):
        data = bytearray(padded(b"abc"))
        for at in (11, 100, FORM_BYTES - 1):
            spoilt = bytes(data[:at] + b"\1" + data[at + 1 :])
            with refused(Code.MALFORMED):
                unpadded(spoilt, cuts)

    def test_tells_no_length_before_eight_bytes(self):
        taking = Unpadding(Collecting(), length=FORM_BYTES)
        taking.write(memoryview(bytes(7)))
        assert taking.content_length == -1

    def test_of_one_byte_too_many_is_too_large(self):
        assert padded_form(FORM_BYTES - 8) == FORM_BYTES
        with refused(Code.TOO_LARGE):
            padded_form(FORM_BYTES - 7)


class TestAPaddedPackage:
    @pytest.mark.parametrize(
        ("size", "steps"),
        [
            (0, 1),
            (PACKAGE_STEP - 8, 1),
            (PACKAGE_STEP - 7, 2),
            (2 * PACKAGE_STEP - 8, 2),
            (PACKAGE_LIMIT, 2049),
        ],
    )
    def test_ends_at_the_next_whole_step(self, size, steps):
        assert padded_package(size) == steps * PACKAGE_STEP

    def test_of_one_byte_above_the_limit_is_too_large(self):
        with refused(Code.TOO_LARGE):
            padded_package(PACKAGE_LIMIT + 1)

    def test_gives_its_content_back(self):
        data = padded(b"package", length=PACKAGE_STEP)
        assert unpadded(data, [5], length=PACKAGE_STEP) == (b"package", 7)

    def test_with_a_step_more_than_it_needs_is_refused(self):
        data = padded(b"package", length=2 * PACKAGE_STEP)
        with refused(Code.MALFORMED):
            unpadded(data, [5], length=2 * PACKAGE_STEP)
