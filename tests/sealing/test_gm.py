"""The algorithms of GM-1 repeat the examples of their standards, by the tools that suite uses."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB, GCM
from hypothesis import given
from hypothesis import strategies as st

from sealing.suites import SuiteId, of, openssl
from sealing.suites.sm2 import ORDER, PLAIN_BYTES, Sm2Kem, read_box, write_box
from sealing.suites.sm4 import SM4GCM
from tests.sealing.examples import examples
from tests.vectors.reading import read

SAMPLES = read("gm")
GM1 = of(SuiteId.GM1)


def sample(name: str) -> dict[str, bytes]:
    words = {"user", "message", "plain"} if name == "sm2" else set()
    return {
        key: value.encode() if key in words else bytes.fromhex(value)
        for key, value in SAMPLES[name].items()
    }


def told(words: str):
    return pytest.raises(ValueError, match=rf"\A{words}\Z")


class TestSm3:
    def test_repeats_the_example(self):
        one = sample("sm3")
        assert GM1.digest(one["message"]) == one["digest"]


class TestSm4:
    def test_repeats_the_example(self):
        one = sample("sm4")
        assert Cipher(SM4(one["key"]), ECB()).encryptor().update(one["plain"]) == one["cipher"]

    def test_gcm_repeats_rfc_8998(self):
        one = sample("gcm")
        encryptor = Cipher(SM4(one["key"]), GCM(one["nonce"])).encryptor()
        encryptor.authenticate_additional_data(one["aad"])
        assert encryptor.update(one["plain"]) + encryptor.finalize() == one["cipher"]
        assert encryptor.tag == one["tag"]

    @given(plain=st.binary(max_size=300))
    @examples(30)
    def test_behind_our_door_is_the_librarys_own(self, plain):
        key, nonce = bytes(range(16)), bytes(range(12))
        sealed = memoryview(bytearray(len(plain) + 16))
        assert SM4GCM(key).encrypt_into(nonce, memoryview(plain), None, sealed) == len(sealed)
        encryptor = Cipher(SM4(key), GCM(nonce)).encryptor()
        assert bytes(sealed) == encryptor.update(plain) + encryptor.finalize() + encryptor.tag
        opened = memoryview(bytearray(len(plain)))
        assert SM4GCM(key).decrypt_into(nonce, sealed, None, opened) == len(plain)
        assert bytes(opened) == plain


class TestSm2:
    """GB/T 32918.5, the recommended curve; user id 1234567812345678 as in all its examples."""

    def test_secret_yields_the_public_key(self):
        one = sample("sm2")
        assert GM1.kem.public_of(one["private"]) == one["public"]

    def test_opens_the_encryption_of_the_example(self):
        one = sample("sm2")
        x, y = (int.from_bytes(half, "big") for half in (one["c1"][1:33], one["c1"][33:]))
        sealed = write_box(x, y, one["c3"], one["c2"])
        assert openssl.decrypt(sealed, secret=one["private"]) == one["plain"]

    @pytest.mark.parametrize(("user", "valid"), [("1234567812345678", True), ("other", False)])
    def test_verifies_the_signature_of_the_example(self, tmp_path, user, valid):
        one = sample("sm2")
        numbers = [int.from_bytes(one[name], "big") for name in ("r", "s")]
        integers = [number.to_bytes(33, "big").lstrip(b"\0") for number in numbers]
        signature = b"".join(
            bytes([2, len(whole)]) + whole
            for whole in (b"\0" + one if one[0] & 0x80 else one for one in integers)
        )
        (tmp_path / "signature").write_bytes(bytes([0x30, len(signature)]) + signature)
        (tmp_path / "public").write_bytes(openssl._SPKI + one["public"])
        (tmp_path / "message").write_bytes(one["message"])
        done = subprocess.run(
            [
                *(shutil.which("openssl"), "pkeyutl", "-verify", "-rawin", "-digest", "sm3"),
                *("-pubin", "-keyform", "DER", "-inkey", tmp_path / "public"),
                *("-pkeyopt", f"distid:{user}", "-sigfile", tmp_path / "signature"),
                *("-in", tmp_path / "message"),
            ],
            capture_output=True,
            check=False,
        )
        assert (done.returncode == 0) is valid

    @pytest.mark.parametrize("number", [1, ORDER - 2])
    def test_secrets_are_all_that_the_curve_has(self, number):
        secret = number.to_bytes(32, "big")
        draws = {32: iter([secret])}
        assert GM1.kem.generate(lambda size: next(draws[size])) == secret
        assert len(GM1.kem.public_of(secret)) == 65

    @pytest.mark.parametrize("number", [0, ORDER - 1, ORDER])
    def test_secrets_are_no_others(self, number):
        with told("not a secret of this curve"):
            GM1.kem.public_of(number.to_bytes(32, "big"))

    def test_secrets_are_drawn_within_the_curve(self):
        draws = iter([bytes(32), b"\xff" * 32, (ORDER - 1).to_bytes(32, "big"), bytes([1] * 32)])
        assert Sm2Kem(digest=GM1.digest).generate(lambda _: next(draws)) == bytes([1] * 32)


class TestAnSm2Kem:
    def test_opens_what_it_sealed_for_the_same_use_alone(self):
        kem, one = Sm2Kem(digest=GM1.digest), sample("sm2")
        sealed = kem.seal(bytes(range(32)), public=one["public"], info=b"this")
        assert kem.open(sealed, secret=one["private"], info=b"this") == bytes(range(32))
        with told("a box for something else"):
            kem.open(sealed, secret=one["private"], info=b"that")

    @pytest.mark.parametrize(
        "change",
        [lambda key: b"\2" + key[1:], lambda key: key[:-1], lambda key: key + b"\0"],
        ids=["compressed", "shorter", "longer"],
    )
    def test_seals_to_uncompressed_points_alone(self, change):
        public = change(sample("sm2")["public"])
        with told("not an uncompressed point"):
            GM1.kem.seal(bytes(32), public=public, info=b"")


@st.composite
def boxes(draw):
    coordinate = st.integers(0, (1 << 256) - 1) | st.integers(0, 300)
    octets = [draw(st.binary(min_size=size, max_size=size)) for size in (32, PLAIN_BYTES)]
    return write_box(draw(coordinate), draw(coordinate), *octets)


class TestAnSm2Box:
    @given(boxed=boxes())
    def test_has_one_spelling(self, boxed):
        assert write_box(*read_box(boxed)) == boxed

    @given(boxed=boxes(), data=st.data())
    @examples(300)
    def test_in_any_other_spelling_is_refused(self, boxed, data):
        at = data.draw(st.integers(0, len(boxed)))
        cut = data.draw(st.integers(0, 3))
        spoilt = boxed[:at] + data.draw(st.binary(max_size=3)) + boxed[at + cut :]
        try:
            assert write_box(*read_box(spoilt)) == spoilt
        except ValueError:
            assert not GM1.kem.is_box(spoilt)

    @pytest.mark.parametrize(
        "change",
        [
            lambda box: box + b"\0",
            lambda box: box[:-1],
            lambda box: b"",
            lambda box: b"\x30",
            lambda box: b"\x30\x80" + box[3:] + b"\0\0",
            lambda box: b"\x30\x82\0" + box[2:],
            lambda box: box.replace(b"\x02\x01\x05", b"\x02\x02\x00\x05"),
            lambda box: box.replace(b"\x02\x01\x05", b"\x02\x01\x85"),
        ],
        ids=["longer", "shorter", "empty", "tag", "indefinite", "long length", "zero", "negative"],
    )
    def test_loosely_encoded_is_refused(self, change):
        box = write_box(5, 1 << 255, bytes(32), bytes(PLAIN_BYTES))
        assert GM1.kem.is_box(box)
        assert not GM1.kem.is_box(change(box))

    @pytest.mark.parametrize("sizes", [(31, 64), (33, 64), (32, 63), (32, 65), (0, 96)])
    def test_holds_a_hash_and_a_share_with_its_use(self, sizes):
        box = write_box(5, 6, *map(bytes, sizes))
        with told("not the parts of a box"):
            read_box(box)

    @pytest.mark.parametrize("point", [(1 << 256, 5), (5, 1 << 256)])
    def test_holds_a_point_of_the_curves_size(self, point):
        box = write_box(*point, bytes(32), bytes(PLAIN_BYTES))
        with told("not the one spelling of a box"):
            read_box(box)

    def test_holds_nothing_more(self):
        parts = write_box(5, 6, bytes(32), bytes(PLAIN_BYTES))
        within = bytes([parts[0], parts[1] + 1]) + parts[2:] + b"\0"
        for box in (within, parts + b"\0"):
            with told("not the one spelling of a box"):
                read_box(box)

    @pytest.mark.parametrize(("bits", "begin"), [(86, b"\x30\x7f\x02"), (87, b"\x30\x81\x80\x02")])
    def test_tells_a_length_of_128_in_the_long_form(self, bits, begin):
        box = write_box(1 << bits, 1 << 94, bytes(32), bytes(PLAIN_BYTES))
        assert box.startswith(begin)
        assert GM1.kem.is_box(box)

    @pytest.mark.parametrize("end", range(4))
    def test_cut_within_its_first_bytes_is_refused(self, end):
        box = write_box(1 << 255, 1 << 255, bytes(32), bytes(PLAIN_BYTES))
        with told("not the parts of a box"):
            read_box(box[:end])

    @pytest.mark.parametrize("at", [0, 2, 5, 8, 42])
    def test_with_another_tag_is_refused(self, at):
        box = write_box(5, 6, b"c" * 32, b"c" * PLAIN_BYTES)
        assert box[at] in b"\x30\x02\x04"
        with told("not the parts of a box"):
            read_box(box[:at] + b"\x05" + box[at + 1 :])
