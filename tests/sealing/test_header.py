"""The first bytes of a sealed file: how they are read, and where they must end."""

from __future__ import annotations

from io import BytesIO

import pytest

from sealing import canonical, stream
from sealing import header as headers
from sealing.errors import Code, SealingError
from sealing.header import MAGIC, MAX_HEADER
from sealing.padding import PACKAGE_STEP, PACKAGE_STEPS
from tests.sealing.sealed import refused


class Trickle(BytesIO):
    """An unbuffered file: it gives less than it is asked for, and forgets nothing."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(7, size) if size is not None and size >= 0 else 7)


def prefixed(size: int, data: bytes = b"") -> BytesIO:
    return BytesIO(MAGIC + size.to_bytes(4, "big") + data)


def with_package(bid, *, steps: int) -> bytes:
    body = canonical.loads(bid.header.json)
    length = steps * PACKAGE_STEP
    body["parts"][1].update(len=length, ct=stream.ciphertext_length(length))
    return canonical.dumps(body)


class TestReading:
    def test_leaves_the_file_at_its_first_part(self, bid, sealed):
        assert headers.read(sealed) == bid.header
        assert sealed.tell() == bid.header.offset(0)

    def test_takes_a_file_that_gives_little_at_a_time(self, bid):
        file = Trickle(bid.data)
        assert headers.read(file) == bid.header
        assert file.tell() == bid.header.offset(0)

    @pytest.mark.parametrize("size", [1, 2, MAX_HEADER])
    def test_of_a_header_that_is_missing_is_cut_short(self, size):
        with refused(Code.TRUNCATED):
            headers.read(prefixed(size))
        with refused(Code.TRUNCATED):
            headers.read(prefixed(size, b"{" * (size - 1)))

    @pytest.mark.parametrize("size", [0, MAX_HEADER + 1, 2**32 - 1])
    def test_of_a_header_of_no_lawful_size_is_refused_before_it_is_read(self, size):
        with refused(Code.MALFORMED):
            headers.read(prefixed(size))

    @pytest.mark.parametrize("end", range(12))
    def test_of_a_beginning_is_cut_short_and_of_nothing_not_ours(self, bid, end):
        wanted = Code.TRUNCATED if end else Code.NOT_ENCRYPTED
        with refused(wanted):
            headers.read(BytesIO(bid.data[:end]))

    @pytest.mark.parametrize("data", [b"%PDF-1.7", b"GGZYBID2", b"XGGZYBID1", b"ggzybid1"])
    def test_of_a_plain_file_is_told_that_it_is_not_sealed(self, data):
        with pytest.raises(SealingError) as caught:
            headers.read(BytesIO(data * 9))
        assert str(caught.value) == "NOT_ENCRYPTED: this is not a sealed bid"


class TestAHeader:
    def test_knows_where_everything_lies(self, bid):
        header = bid.header
        assert bid.data.startswith(header.prefix)
        assert header.offset(0) == len(header.prefix)
        assert header.offset(1) == header.offset(0) + header.parts[0].ciphertext
        assert header.size == header.offset(1) + header.parts[1].ciphertext == len(bid.data)

    def test_fixes_the_size_of_its_file_to_the_byte(self, bid):
        size = len(bid.data)
        headers.check_size(bid.header, size)
        for wrong, told in (
            (size - 1, f"TRUNCATED: {size - 1} of {size} bytes"),
            (size + 1, "TRAILING: 1 bytes too many"),
        ):
            with pytest.raises(SealingError) as caught:
                headers.check_size(bid.header, wrong)
            assert str(caught.value) == told

    def test_has_two_shares_by_label_and_no_third(self, bid):
        assert [bid.header.share(label).label for label in ("bidder", "host")] == ["bidder", "host"]
        with refused(Code.MALFORMED):
            bid.header.share("witness")

    @pytest.mark.parametrize("name", ["v", "suite", "ctx", "kc", "shares", "rec", "parts"])
    def test_lacks_no_member(self, bid, name):
        body = canonical.loads(bid.header.json)
        del body[name]
        with refused(Code.MALFORMED):
            headers.parse(canonical.dumps(body))

    @pytest.mark.parametrize("data", [b'["suite"]', b'"suite"', b"1", b"null", b"[]"])
    def test_is_an_object(self, data):
        with refused(Code.MALFORMED):
            headers.parse(data)

    def test_of_an_unknown_suite_is_told_so_before_anything_else(self, bid):
        body = {**canonical.loads(bid.header.json), "suite": "99", "kc": 1}
        with refused(Code.UNKNOWN_SUITE):
            headers.parse(canonical.dumps(body))

    @pytest.mark.parametrize("steps", [1, PACKAGE_STEPS])
    def test_holds_a_package_of_one_step_up_to_the_most(self, bid, steps):
        header = headers.parse(with_package(bid, steps=steps))
        assert header.parts[1].length == steps * PACKAGE_STEP

    @pytest.mark.parametrize("steps", [0, PACKAGE_STEPS + 1])
    def test_holds_no_smaller_and_no_larger_package(self, bid, steps):
        with refused(Code.MALFORMED):
            headers.parse(with_package(bid, steps=steps))
