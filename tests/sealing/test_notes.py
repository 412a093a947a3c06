"""Signed notes: how they are divided, and how the keys and lines in them are spelled."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing import notes
from sealing.checkpoint import LogKey
from sealing.errors import Code
from sealing.notes import MAX_NOTE, SIGNATURE_BYTES, base64_of, divide, signer_name, unbase64
from tests.sealing.sealed import refused

KEY = LogKey(origin="log.example", public=bytes(range(32)))
SIGNATURE = bytes(range(SIGNATURE_BYTES))


def found(lines: str) -> list[bytes]:
    return list(KEY.signatures(lines, length=SIGNATURE_BYTES, code=Code.CHECKPOINT))


class TestANote:
    def test_is_divided_at_its_first_empty_line(self):
        assert divide("a\nb\n\n— c\n\nd\n", code=Code.PROOF) == ("a\nb\n", "— c\n\nd\n")

    @pytest.mark.parametrize("note", ["", "a\n", "a\n\n", "a\n\n— b", "a\n— b\n"])
    def test_without_text_and_signatures_is_refused(self, note):
        with refused(Code.PROOF):
            divide(note, code=Code.PROOF)

    def test_is_so_long_and_no_longer(self):
        note = "a\n\n" + "—" * (MAX_NOTE - 4) + "\n"
        assert divide(note, code=Code.PROOF)[0] == "a\n"
        with refused(Code.PROOF):
            divide("a" + note, code=Code.PROOF)


class TestASignatureLine:
    def test_is_found_among_those_of_others(self):
        mine = KEY.line(SIGNATURE)
        assert found(f"— other AAAA\n{mine}{mine}") == [SIGNATURE, SIGNATURE]
        assert found(KEY.line(SIGNATURE[1:])) == []
        assert found(LogKey(origin=KEY.origin, public=bytes(32)).line(SIGNATURE)) == []

    @pytest.mark.parametrize("lines", ["", "\n", "- log.example AAAA\n", "— x AAAA\n\n— y AAAA\n"])
    def test_is_one_line_and_begins_with_a_dash(self, lines):
        with refused(Code.CHECKPOINT):
            found(lines)

    def test_has_one_space_before_its_signature(self):
        with refused(Code.CHECKPOINT):
            found(KEY.line(SIGNATURE).replace("example ", "example x "))


class TestAKey:
    def test_is_read_as_it_was_written(self):
        with_plus = next(
            key
            for key in (LogKey(origin="log", public=bytes([n] * 32)) for n in range(256))
            if "+" in key.dumps().split("+", 2)[2]
        )
        for key in (KEY, with_plus):
            assert LogKey.loads(key.dumps() + "\n") == key

    @pytest.mark.parametrize("data", [b"\2" + bytes(32), b"\1" + bytes(31), b"\1" + bytes(33), b""])
    def test_of_another_kind_or_length_is_refused(self, data):
        key = LogKey(origin="log", public=data[1:])
        with refused(Code.KEY_FILE):
            LogKey.loads(f"log+{key.id.hex()}+{base64_of(data)}")

    @pytest.mark.parametrize("origin", ["", "a b", "a+b", "é", "a" * 201, "a\n"])
    def test_of_nobody_is_refused(self, origin):
        with refused(Code.KEY_FILE):
            LogKey.loads(LogKey(origin=origin, public=bytes(32)).dumps())
        with refused(Code.ENTRY):
            signer_name(origin, Code.ENTRY)
        with refused(Code.KEY_FILE):
            LogKey.of(Ed25519PrivateKey.from_private_bytes(bytes(32)), origin=origin)
        assert signer_name("a" * 200, Code.ENTRY) == "a" * 200


class TestBase64:
    @pytest.mark.parametrize(
        "text", ["AA", "AA=", "A A=", "AAAA\n", "AB==", "-_8=", "é", "AA==AA=="]
    )
    def test_has_one_spelling(self, text):
        with refused(Code.PROOF):
            unbase64(text, Code.PROOF)
        assert unbase64("+/8=", Code.PROOF) == b"\xfb\xff"
        assert notes.base64_of(b"\xfb\xff") == "+/8="
