"""Reading a sealed file once, in whatever pieces it comes, says what the sealing package says."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing import digests, keys
from sealing import header as headers
from sealing.encoding import b64u
from sealing.envelope import Recipients, seal
from sealing.errors import SealingError
from sealing.form import Form
from sealing.header import Context
from sealing.package import PackedFile
from trading.services.sealed_files import examine


@pytest.fixture(scope="module")
def content():
    """A sealed file of more than one block."""
    sink = BytesIO()
    seal(
        Context(tender="T", lot="L", envelope="single", bidder="P", bid="B", deadline_id="D"),
        recipients=Recipients(bidder=keys.generate().public, host=keys.generate().public),
        form=Form(
            lot="L",
            doc_version=1,
            price_fen=1,
            duration_days=1,
            quality="合格",
            manager="赵立",
            claims={},
            extra=(),
        ),
        files=[PackedFile(name="a.pdf", part="technical", content=b"%PDF-1.7 " + bytes(700_000))],
        sink=sink,
    )
    return sink.getvalue()


def pieces_of(content, cuts):
    """The content cut at these places."""
    places = [0, *sorted({cut % len(content) for cut in cuts}), len(content)]
    return [content[a:b] for a, b in pairwise(places) if a < b]


class TestExamining:
    @given(cuts=st.lists(st.integers(0, 10_000_000), max_size=30))
    def test_does_not_depend_on_how_the_bytes_were_cut(self, content, cuts):
        facts = examine(pieces_of(content, cuts), len(content))
        header = headers.read(BytesIO(content))
        measured = digests.measure(BytesIO(content), header=header)
        assert (facts.size, facts.ct_root, facts.ct_sha256, facts.ct_sm3, facts.form_ct_sha256) == (
            measured.size,
            b64u(measured.ct_root),
            b64u(measured.ct_sha256),
            b64u(measured.ct_sm3),
            b64u(measured.form_ct_sha256),
        )

    @given(
        edits=st.lists(
            st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=6
        ),
        keep=st.integers(0, 4000),
    )
    def test_answers_any_damage_in_words_never_with_a_crash(self, content, edits, keep):
        """An exception of another kind would keep the submission, and so the lot, from closing."""
        damaged = bytearray(content[: keep or None])
        for place, byte in edits:
            damaged[place % len(damaged)] = byte
        with suppress(SealingError):
            examine([bytes(damaged)], len(damaged))

    @given(noise=st.binary(min_size=1, max_size=2000))
    def test_takes_no_noise_for_a_bid(self, noise):
        with pytest.raises(SealingError):
            examine([noise], len(noise))

    @pytest.mark.parametrize("head", [b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{}"])
    def test_knows_plain_files(self, head):
        with pytest.raises(SealingError) as refused:
            examine([head + bytes(500)], 500 + len(head))
        assert refused.value.code.value == "NOT_ENCRYPTED"
