"""Spoilt at random, a header or a part is refused with a code and nothing else happens."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing import canonical, header
from sealing.errors import SealingError
from sealing.suites import SuiteId, of
from tests.sealing import fuzz
from tests.sealing.examples import examples

SUITES = st.sampled_from(list(SuiteId))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@st.composite
def edits(draw, good: bytes):
    """Replace a few stretches, most often short ones."""
    data = good
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = at + draw(st.integers(0, 4) | st.integers(0, len(data)))
        inserted = draw(
            st.binary(max_size=6) | st.sampled_from([good[:12], good[-40:], b"}", b"["])
        )
        data = data[:at] + inserted + data[end:]
    return data


@st.composite
def rewritten(draw, suite: SuiteId):
    """Change the header's JSON at any depth and write it canonically again."""
    body = canonical.loads(fuzz.prefix(suite)[12:])
    place: Any = None
    key: Any = None
    inner: Any = body
    while isinstance(inner, dict | list) and inner and (place is None or draw(st.booleans())):
        place = inner
        key = draw(
            st.sampled_from(sorted(inner))
            if isinstance(inner, dict)
            else st.integers(0, len(inner) - 1)
        )
        inner = inner[key]
    text = inner if isinstance(inner, str) else ""
    place[key] = draw(
        JSON
        | st.just(text[:-1])
        | st.just(text + "A")
        | st.just([inner, inner])
        | st.sampled_from([*SuiteId, "3"]).map(str)
    )
    return body


class TestTheHeaderParser:
    @given(suite=SUITES, data=st.data())
    @examples(400)
    def test_takes_any_bytes(self, suite, data):
        good = fuzz.prefix(suite)
        assert fuzz.read_header(good)
        fuzz.read_header(data.draw(edits(good)))

    @given(suite=SUITES, data=st.data())
    @examples(400)
    def test_takes_any_json_in_place_of_any_member(self, suite, data):
        body = data.draw(rewritten(suite))
        try:
            written = canonical.dumps(body)
        except SealingError:
            return
        try:
            made = header.parse(written)
        except SealingError:
            return
        # What is accepted says exactly what was written.
        assert made.json == written


class TestThePartReader:
    @given(suite=SUITES, data=st.data())
    @examples(300)
    def test_takes_any_bytes(self, suite, data):
        good = fuzz.part(of(suite))
        assert fuzz.read_part(good, suite=of(suite))
        spoilt = data.draw(edits(good))
        opened = fuzz.read_part(spoilt, suite=of(suite))
        # Only the bytes after the last segment are not the part's own: the header counts them.
        assert opened == spoilt.startswith(good)

    @given(suite=SUITES, length=st.integers(0, 3000))
    @examples(100)
    def test_takes_no_other_length_than_was_sealed(self, suite, length):
        opened = fuzz.read_part(fuzz.part(of(suite)), suite=of(suite), length=length)
        assert opened == (length == fuzz.PART_BYTES)


class TestAWholeFile:
    @given(suite=SUITES, data=st.data())
    @examples(40)
    def test_is_opened_or_leaves_nothing_behind(self, suite, data):
        good, _ = fuzz.sealed(suite)
        at = data.draw(st.integers(0, len(good) - 1))
        spoilt = data.draw(
            st.sampled_from(
                [
                    good[:at],
                    good[:at] + good[at + 1 :],
                    good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :],
                    good + good[at:],
                    good[:at] + good,
                ]
            )
        )
        assert fuzz.open_file(spoilt, suite=suite) == (spoilt == good)


@pytest.mark.long
class TestWithCoverage:
    @pytest.mark.parametrize("target", ["header", "part"])
    def test_finds_no_other_exception(self, target, tmp_path):
        pytest.importorskip("atheris")
        fuzz.corpus(tmp_path)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.sealing.fuzz_with_coverage", target, str(tmp_path)),
                *("-runs=200000", "-max_total_time=120", "-max_len=8192", "-verbosity=0"),
                f"-artifact_prefix={tmp_path}/",
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr[-4000:]
