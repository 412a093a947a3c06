"""A package laid out into a folder, however its bytes come."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing import envelope, keys
from sealing.envelope import Recipients
from sealing.errors import Code
from sealing.package import MAX_FILES, MAX_MANIFEST, PackedFile, Unpacking, pack
from sealing.streams import Chain
from tests.sealing import scene
from tests.sealing.sealed import CONTEXT, refused

FILES = [
    PackedFile(name="技术标.pdf", part="technical", content=b"%PDF-1.7 plan"),
    PackedFile(name="empty.txt", part="commercial", content=b""),
    PackedFile(name="price.xlsx", part="price", content=bytes(range(256))),
    PackedFile(name="last", part="price", content=b""),
]


def packed(files) -> bytes:
    chain = Chain(pack(files))
    buffer = bytearray(chain.size)
    chain.readinto(memoryview(buffer))
    return bytes(buffer)


def fed(sink: Unpacking, data: bytes, cuts=()) -> None:
    places = [0, *sorted({cut for cut in cuts if 0 < cut < len(data)}), len(data)]
    for begin, end in itertools.pairwise(places):
        sink.write(memoryview(data[begin:end]))


@pytest.fixture
def sink(tmp_path):
    made = Unpacking(tmp_path / "bid")
    yield made
    made.discard()


class TestUnpacking:
    data = packed(FILES)

    @given(st.lists(st.integers(0, 700), max_size=12))
    def test_gives_every_file_whatever_the_pieces(self, tmp_path_factory, cuts):
        into = tmp_path_factory.mktemp("out") / "bid"
        made = Unpacking(into)
        fed(made, self.data, cuts)
        opened = made.publish()
        made.discard()
        assert [(one.name, one.part, one.size, one.sha256) for one in opened] == [
            (one.name, one.part, one.size, hashlib.sha256(one.content).digest()) for one in FILES
        ]
        assert {path.name: path.read_bytes() for path in into.iterdir()} == {
            one.name: one.content for one in FILES
        }

    def test_gives_every_file_byte_by_byte(self, tmp_path, sink):
        fed(sink, self.data, range(len(self.data)))
        assert len(sink.publish()) == 4
        assert (tmp_path / "bid" / "price.xlsx").read_bytes() == bytes(range(256))

    def test_shows_nothing_before_it_is_whole(self, tmp_path, sink):
        for end in (0, 2, 4, 30, len(self.data) - 1):
            made = Unpacking(tmp_path / f"cut-{end}")
            fed(made, self.data[:end])
            with refused(Code.PACKAGE):
                made.publish()
            made.discard()
        fed(sink, self.data)
        assert not (tmp_path / "bid").exists()
        (folder,) = tmp_path.iterdir()
        assert folder.name.startswith(".bid.")
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_leaves_nothing_behind_when_discarded(self, tmp_path, sink):
        fed(sink, self.data[:-5])
        sink.discard()
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("cuts", [[], [1_000], [len(data)]])
    def test_refuses_bytes_after_the_last_file(self, sink, cuts):
        with refused(Code.PACKAGE):
            fed(sink, self.data + b"x", cuts)

    def test_of_no_files_is_an_empty_folder(self, tmp_path, sink):
        fed(sink, packed([]))
        assert sink.publish() == ()
        assert list((tmp_path / "bid").iterdir()) == []

    @pytest.mark.parametrize("size", [MAX_MANIFEST + 1, 2**32 - 1])
    def test_refuses_a_list_of_files_that_is_too_long_before_it_is_read(self, sink, size):
        with refused(Code.PACKAGE):
            sink.write(memoryview(size.to_bytes(4, "big")))

    def test_waits_for_the_longest_list_of_files_there_may_be(self, sink):
        sink.write(memoryview(MAX_MANIFEST.to_bytes(4, "big")))
        assert sink.files == []

    def test_may_take_an_empty_folders_place_and_no_other(self, tmp_path):
        (tmp_path / "bid").mkdir()
        made = Unpacking(tmp_path / "bid")
        fed(made, self.data)
        made.publish()
        made.discard()
        again = Unpacking(tmp_path / "bid")
        fed(again, self.data)
        with pytest.raises(OSError, match="not empty"):
            again.publish()
        again.discard()
        assert [path.name for path in tmp_path.iterdir()] == ["bid"]


class TestAList:
    def test_may_name_five_hundred_files_and_no_more(self):
        def named(count):
            return [PackedFile(name=str(n), part="price", content=b"") for n in range(count)]

        assert len(pack(named(MAX_FILES))) == MAX_FILES + 1
        with refused(Code.TOO_LARGE):
            pack(named(MAX_FILES + 1))

    @pytest.mark.parametrize("name", ["X", "XLSX", "X.XLSX", "报价.XLS"])
    def test_takes_names_in_capitals(self, name):
        assert pack([PackedFile(name=name, part="price", content=b"")])


class TestSealingIntoAFile:
    def test_takes_its_dice_from_the_caller(self, host, tmp_path):
        """With the same dice the same shares: what the frozen vectors rest on."""
        key = keys.generate()

        def commitment(name):
            thrown = itertools.count()
            made = envelope.seal_file(
                CONTEXT,
                recipients=Recipients(bidder=key.public, host=host.public),
                form=scene.form(1),
                files=FILES,
                path=tmp_path / name,
                random=lambda size: hashlib.shake_128(bytes([next(thrown)])).digest(size),
            )
            assert made.size == (tmp_path / name).stat().st_size
            return made.header.commitment

        assert commitment("one") == commitment("other")


class TestAPassphrase:
    def test_is_read_at_any_length_up_to_a_kibibyte_and_written_from_eight(self):
        assert keys.normalise("short") == b"short"
        assert keys.normalise("x" * 1024) == b"x" * 1024
        assert keys.normalise("12345678", writing=True) == b"12345678"
        for wrong in ({"passphrase": "x" * 1025}, {"passphrase": "1234567", "writing": True}):
            with refused(Code.PASSPHRASE):
                keys.normalise(**wrong)

    def test_is_one_whatever_keyboard_it_was_typed_on(self):
        assert keys.normalise("ｐａｓｓ　ｗｏｒｄ") == b"pass word"


class TestAKeyFile:
    def test_tells_openly_whose_key_it_is(self):
        key = keys.generate()
        public = keys.read_public(keys.wrap(key, passphrase="long enough", label="王建国"))
        assert (public.public, public.kid, public.label) == (key.public, key.kid, "王建国")
        assert public.suite is key.suite
