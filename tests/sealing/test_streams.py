"""Bytes on the move: short writes, short reads, files that appear only when whole."""

from __future__ import annotations

import gc
import threading
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing import stream
from sealing.errors import Code
from sealing.streams import Background, Chain, Collecting, FilePiece, published, write_all
from sealing.suites import DEFAULT
from tests.sealing.sealed import refused


def drained(chain: Chain, sizes: list[int]) -> bytes:
    """Read a chain in pieces of these sizes, the rest at once."""
    out, left = b"", chain.size
    for size in [*sizes, left]:
        take = min(size, left)
        buffer = memoryview(bytearray(take))
        chain.readinto(buffer)
        out, left = out + bytes(buffer), left - take
    return out


class Slow:
    """A raw file that takes three bytes at a time."""

    def __init__(self) -> None:
        self.taken = b""

    def write(self, data: memoryview) -> int:
        self.taken += bytes(data[:3])
        return min(3, len(data))


class TestAChain:
    @given(
        st.lists(st.binary(max_size=20), max_size=5),
        st.lists(st.integers(0, 15), max_size=12),
        st.integers(0, 30),
    )
    def test_gives_its_pieces_then_zeros_however_it_is_asked(self, pieces, sizes, more):
        content = b"".join(pieces)
        chain = Chain(pieces, size=len(content) + more)
        assert chain.size == len(content) + more
        assert drained(chain, sizes) == content + bytes(more)

    def test_reads_files_between_bytes(self, tmp_path):
        paths = [tmp_path / name for name in ("a", "empty", "b")]
        for path, data in zip(paths, (b"one", b"", b"three"), strict=True):
            path.write_bytes(data)
        files = [FilePiece.of(path) for path in paths]
        assert [piece.size for piece in files] == [3, 0, 5]
        chain = Chain([b"<", files[0], b"|", files[1], files[2], b">"])
        assert chain.size == 11
        assert drained(chain, [1, 2, 2, 4]) == b"<one|three>"

    @pytest.mark.parametrize(("before", "after"), [(b"", b"x"), (b"abc", b"ab"), (b"abc", b"abcd")])
    def test_notices_a_file_that_changed_since_its_size_was_taken(self, tmp_path, before, after):
        path = tmp_path / "file"
        path.write_bytes(before)
        chain = Chain([FilePiece.of(path), b"end"])
        path.write_bytes(after)
        with refused(Code.SOURCE):
            drained(chain, [])
        chain.close()

    def test_lets_go_of_its_file_when_closed_and_may_be_closed_twice(self, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(b"abc")
        chain = Chain([FilePiece.of(path)])
        chain.readinto(memoryview(bytearray(2)))
        chain.close()
        chain.close()
        # An open file that is forgotten warns when it is collected, and a warning is an error here.
        del chain
        gc.collect()


class Trickle(BytesIO):
    """An unbuffered file: it fills less of a buffer than it is given."""

    def readinto(self, buffer, /) -> int:
        return super().readinto(memoryview(buffer)[:9])


class TestAPart:
    def test_is_decrypted_from_a_file_that_gives_little_at_a_time(self):
        plain = bytes(range(256)) * 4
        sealed, opened = BytesIO(), Collecting()
        facts = {"key": bytes(32), "aad": b"header", "suite": DEFAULT}
        stream.encrypt(Chain([plain]), sealed, **facts)
        file = Trickle(sealed.getvalue())
        stream.decrypt(file, opened, length=len(plain), **facts)
        assert opened.data == plain
        assert file.read() == b""

    def test_that_ends_early_is_cut_short(self):
        sealed = BytesIO()
        facts = {"key": bytes(32), "aad": b"header", "suite": DEFAULT}
        stream.encrypt(Chain([b"plain"]), sealed, **facts)
        for end in (0, 20, len(sealed.getvalue()) - 1):
            with refused(Code.TRUNCATED):
                stream.decrypt(Trickle(sealed.getvalue()[:end]), Collecting(), length=5, **facts)


class TestWritingAll:
    @given(st.binary(max_size=40))
    def test_goes_on_until_a_slow_file_has_taken_everything(self, data):
        slow = Slow()
        write_all(slow, memoryview(data))
        assert slow.taken == data


class TestAPublishedFile:
    def test_appears_under_its_name_when_whole(self, tmp_path):
        path = tmp_path / "bid.stb"
        with published(path) as file:
            file.write(b"whole")
            assert not path.exists()
            (temporary,) = tmp_path.iterdir()
            assert temporary.name.startswith(".bid.stb.")
            assert temporary.name.endswith(".part")
            assert temporary.stat().st_mode & 0o777 == 0o600
        assert path.read_bytes() == b"whole"
        assert list(tmp_path.iterdir()) == [path]

    def test_leaves_the_former_one_alone_where_something_went_wrong(self, tmp_path):
        path = tmp_path / "bid.stb"
        path.write_bytes(b"former")

        def spoil():
            with published(path) as file:
                file.write(b"half")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            spoil()
        assert path.read_bytes() == b"former"
        assert list(tmp_path.iterdir()) == [path]

    def test_may_have_a_long_name(self, tmp_path):
        path = tmp_path / ("n" * 250)
        with published(path) as file:
            file.write(b"x")
        assert path.read_bytes() == b"x"

    def test_that_vanished_meanwhile_does_not_hide_the_fault(self, tmp_path):
        def spoil():
            with published(tmp_path / "bid") as file:
                file.write(b"half")
                next(tmp_path.iterdir()).unlink()
                raise ValueError("the fault")

        with pytest.raises(ValueError, match="the fault"):
            spoil()


class TestABackground:
    def test_digests_in_order_and_tells_a_fault_at_the_next_buffer(self):
        seen = []
        background = Background()
        for piece in (b"a", b"b", b"c"):
            background.submit(lambda data: seen.append(bytes(data)), memoryview(piece))
        background.wait()
        background.wait()
        assert seen == [b"a", b"b", b"c"]

        def fail(_data):
            raise ValueError("disk")

        background.submit(fail, memoryview(b"d"))
        with pytest.raises(ValueError, match="disk"):
            background.submit(lambda _data: None, memoryview(b"e"))
        background.close()

    def test_works_in_one_thread_of_its_own(self):
        names = set()
        background = Background()
        for _ in range(3):
            background.submit(
                lambda _data: names.add(threading.current_thread().name), memoryview(b"")
            )
        background.wait()
        background.close()
        assert names == {"digest_0"}


class TestCollecting:
    def test_keeps_copies(self):
        sink, buffer = Collecting(), bytearray(b"abc")
        sink.write(memoryview(buffer))
        buffer[:] = b"xyz"
        sink.write(memoryview(buffer)[:1])
        assert sink.data == b"abcx"
