"""What lies inside the parts: form, package, padding; and what must not."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing import canonical, envelope
from sealing import form as forms
from sealing.errors import Code, SealingError
from sealing.form import Column
from sealing.package import MAX_FILES, PackedFile
from sealing.streams import Chain, FilePiece
from tests.sealing import scene
from tests.sealing.sealed import refused, seal, unseal


class TestAName:
    @pytest.mark.parametrize(
        "name",
        ["../a", "a/b", "a\\b", "", ".", "..", ".hidden", "a\0b", "a\nb", "x" * 241, "a ", " a",
         "a.", "a:b", "a\u202eb", "\ufeffa", "\ud800", unicodedata.normalize("NFD", "é"), "a|b"],
    )  # fmt: skip
    def test_that_could_do_harm_is_refused(self, host, name):
        with refused(Code.PACKAGE):
            seal(host=host, files=[PackedFile(name=name, part="price", content=b"")])

    @pytest.mark.parametrize("name", ["技术标(第一册).pdf", "a b.PDF", "标" * 80, "..a"[2:]])
    def test_that_people_use_is_taken(self, host, name, tmp_path):
        key, made, sink = seal(host=host, files=[PackedFile(name=name, part="price", content=b"x")])
        unseal(key, host, made, sink, tmp_path / "out")
        assert (tmp_path / "out" / name).read_bytes() == b"x"

    def test_twice_is_refused_whatever_its_case(self, host):
        files = [PackedFile(name=name, part="price", content=b"") for name in ("a.PDF", "A.pdf")]
        with refused(Code.PACKAGE):
            seal(host=host, files=files)

    def test_from_a_path_is_composed(self, tmp_path):
        path = tmp_path / unicodedata.normalize("NFD", "é.pdf")
        path.write_bytes(b"")
        assert PackedFile.from_path(path, part="price").name == "é.pdf"

    def test_is_one_of_five_hundred_at_most(self, host):
        files = [PackedFile(name=str(n), part="price", content=b"") for n in range(MAX_FILES + 1)]
        with refused(Code.TOO_LARGE):
            seal(host=host, files=files)


class TestAPackage:
    """What only a bidder with other software could send: sealed well, packed badly."""

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\0\0\0",
            b"\0\0\0\x02{}",
            b"\x7f\xff\xff\xff",
            b'\0\0\0\x14{"files":[], "v":1} ',
            b'\0\0\0\x12{"files":[],"v":1}trailing',
        ],
    )
    def test_that_is_packed_badly_leaves_nothing(self, host, content, tmp_path, monkeypatch):
        self._refused(host, content, tmp_path, monkeypatch)

    @pytest.mark.parametrize(
        "files",
        [
            [{"name": "../../etc/passwd", "part": "price", "size": 1}],
            [{"name": "a", "part": "price", "size": 2}],
            [{"name": "a", "part": "secret", "size": 1}],
            [{"name": "a", "part": "price", "size": -1}],
            [{"name": "a", "part": "price", "size": 1, "mode": 511}],
        ],
    )
    def test_with_a_bad_manifest_leaves_nothing(self, host, files, tmp_path, monkeypatch):
        manifest = canonical.dumps({"v": 1, "files": files})
        content = len(manifest).to_bytes(4, "big") + manifest + b"x"
        self._refused(host, content, tmp_path, monkeypatch)

    @staticmethod
    def _refused(host, content, tmp_path, monkeypatch):
        monkeypatch.setattr("sealing.package.pack", lambda _: [content])
        key, made, sink = seal(host=host)
        with refused(Code.PACKAGE):
            unseal(key, host, made, sink, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []


class TestPadding:
    @pytest.mark.parametrize(
        ("length", "rest"), [(5, b"x"), (65529, b""), (2**63, b""), (2**64 - 1, b"")]
    )
    def test_of_a_form_must_be_zero_and_fit(self, host, monkeypatch, length, rest):
        def chain(form, files):
            data = length.to_bytes(8, "big") + b"12345" + rest
            return Chain([data], size=65536), Chain([bytes(8)], size=1 << 20)

        monkeypatch.setattr(envelope, "_sources", chain)
        key, made, sink = seal(host=host)
        with pytest.raises(SealingError) as caught:
            unseal(key, host, made, sink, Path("/nonexistent/out"))
        assert caught.value.code in {Code.MALFORMED, Code.TOO_LARGE}

    def test_of_a_package_may_not_exceed_the_next_step(self, host, monkeypatch, tmp_path):
        def chain(form, files):
            text = form.dumps()
            return (
                Chain([len(text).to_bytes(8, "big"), text], size=65536),
                Chain([bytes(8)], size=2 << 20),
            )

        monkeypatch.setattr(envelope, "_sources", chain)
        key, made, sink = seal(host=host)
        with refused(Code.MALFORMED):
            unseal(key, host, made, sink, tmp_path / "out")


class TestAForm:
    @given(
        price=st.integers(0, 2**53 - 1),
        text=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=100),
        rate=st.decimals(0, 9, places=2).map(str),
    )
    def test_survives_its_bytes(self, price, text, rate):
        made = replace(
            scene.form(price),
            quality=text,
            claims={"deviations": [{"rate": rate, "units": 1}]},
            extra=(Column(label="质保期", value=text),),
        )
        assert forms.loads(made.dumps()) == made

    @pytest.mark.parametrize(
        "change",
        [
            {"price_fen": -1},
            {"price_fen": 2**53},
            {"price_fen": True},
            {"quality": "x" * 201},
            {"manager": "a\nb"},
            {"claims": {"rate": 0.5}},
            {"claims": {"x": "y" * 20000}},
            {"claims": []},
            {"claims": {"x": [{"y": "a\0b"}]}},
            {"claims": {"a\0b": 1}},
            {"extra": [{"label": "a"}]},
            {"v": 2},
            {"more": 1},
        ],
    )
    def test_with_anything_else_is_refused(self, change):
        with pytest.raises(SealingError):
            forms.from_body({**scene.form(1).body(), **change})


class TestAChain:
    @given(st.lists(st.binary(max_size=50), max_size=8), st.integers(1, 40))
    def test_gives_its_pieces_then_zeros(self, tmp_path_factory, pieces, step):
        folder = tmp_path_factory.mktemp("pieces")
        made = []
        for number, data in enumerate(pieces):
            path = folder / str(number)
            path.write_bytes(data)
            made.append(FilePiece.of(path) if number % 2 else data)
        content = b"".join(pieces)
        chain = Chain(made, size=len(content) + 7)
        out = b""
        while len(out) < chain.size:
            buffer = bytearray(min(step, chain.size - len(out)))
            chain.readinto(memoryview(buffer))
            out += buffer
        assert out == content + bytes(7)
