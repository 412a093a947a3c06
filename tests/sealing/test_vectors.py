"""The frozen files are what this package makes and opens, forever."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path
from unittest import mock

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sealing import (
    canonical,
    checkpoint,
    digests,
    envelope,
    header,
    keys,
    log,
    receipts,
    shares,
    splitting,
    suites,
)
from sealing.checkpoint import LogKey
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.opening import verify_opening
from sealing.shares import Share
from tests.sealing import scene
from tests.vectors import make
from tests.vectors.fixed import hpke_seal

FOLDER = Path(__file__).parent.parent / "vectors"


def read(name: str):
    return json.loads((FOLDER / f"{name}.json").read_text())


def spoil(data: bytes, case: dict) -> bytes:
    """Apply one case of `negative.json`."""
    made = bytearray(data)
    length = int.from_bytes(data[8:12], "big")
    if "header" in case:
        text = case["header"].encode()
        made[8 : 12 + length] = len(text).to_bytes(4, "big") + text
    if "header_length" in case:
        made[8:12] = case["header_length"].to_bytes(4, "big")
    for offset, bits in case.get("xor", []):
        made[offset] ^= bits
    if "replace" in case:
        made = bytearray(unb64u(case["replace"]))
    return bytes(made)[: case.get("size")] + unb64u(case.get("append", ""))


@pytest.fixture(scope="module")
def frozen():
    return read("sealed"), (FOLDER / "sealed-1.stb").read_bytes()


class TestTheFrozenFiles:
    def test_are_still_what_the_generator_makes(self, tmp_path):
        make.main(tmp_path)
        for path in sorted(tmp_path.iterdir()):
            assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name


class TestCanonicalJson:
    @pytest.mark.parametrize("case", read("canonical")["good"], ids=lambda case: case["bytes"][:20])
    def test_has_one_spelling(self, case):
        assert canonical.dumps(case["value"]) == unb64u(case["bytes"])
        assert canonical.loads(unb64u(case["bytes"])) == case["value"]

    @pytest.mark.parametrize("case", read("canonical")["bad"], ids=lambda case: case["name"])
    def test_refuses_any_other(self, case):
        with pytest.raises(SealingError) as caught:
            canonical.loads(unb64u(case["bytes"]))
        assert caught.value.code is Code.MALFORMED


class TestHpke:
    """RFC 9180, the record of our suite. The library's public call takes no aad, the record's
    encryptions do; so the record checks our second sender, and the sender checks the library."""

    def test_reproduces_the_official_record(self):
        record = read("hpke")
        first = record["encryptions"][0]
        made = hpke_seal(
            bytes.fromhex(first["pt"]),
            public=bytes.fromhex(record["pkRm"]),
            info=bytes.fromhex(record["info"]),
            ephemeral=X25519PrivateKey.from_private_bytes(bytes.fromhex(record["skEm"])),
            aad=bytes.fromhex(first["aad"]),
        )
        assert made.hex() == record["enc"] + first["ct"]

    def test_and_the_library_open_the_official_record(self):
        record = read("hpke")
        first = record["encryptions"][0]
        plain = openssl.hpke._decrypt_with_aad(
            suites._HPKE,
            bytes.fromhex(record["enc"] + first["ct"]),
            X25519PrivateKey.from_private_bytes(bytes.fromhex(record["skRm"])),
            bytes.fromhex(record["info"]),
            bytes.fromhex(first["aad"]),
        )
        assert plain.hex() == first["pt"]


class TestTheSealedFile:
    def test_opens_with_both_keys(self, frozen, tmp_path):
        wanted, data = frozen
        file = BytesIO(data)
        made = header.read(file)
        released = [
            shares.release(
                made,
                label=label,
                key=keys.OpeningKey.from_raw(unb64u(wanted[label]["private"])),
            )
            for label in ("bidder", "host")
        ]
        assert [b64u(one.secret) for one in released] == list(wanted["shares"].values())
        form = envelope.open_form(file, header=made, shares=released)
        files = envelope.open_package(file, header=made, shares=released, into=tmp_path / "out")
        assert form.body() == wanted["form"]
        assert [
            {"name": f.name, "part": f.part, "size": f.size, "sha256": b64u(f.sha256)}
            for f in files
        ] == wanted["files"]
        for one in files:
            data = (tmp_path / "out" / one.name).read_bytes()
            assert hashlib.sha256(data).digest() == one.sha256

    def test_has_the_digests_of_the_page(self, frozen):
        wanted, data = frozen
        file = BytesIO(data)
        made = header.read(file)
        measured = digests.measure(file, header=made)
        for name in ("ct_root", "ct_sha256", "ct_sm3", "form_ct_sha256"):
            assert b64u(getattr(measured, name)) == wanted[name]
        assert b64u(made.sha256) == wanted["header_sha256"]

    @pytest.mark.parametrize("case", read("negative"), ids=lambda case: case["name"])
    def test_spoilt_is_refused_with_its_code(self, frozen, case, tmp_path):
        wanted, data = frozen
        released = [
            Share(label=label, secret=unb64u(secret)) for label, secret in wanted["shares"].items()
        ]
        file = BytesIO(spoil(data, case))
        with pytest.raises(SealingError) as caught:
            scene.open_all(file, shares=released, into=tmp_path / "out")
        assert caught.value.code == case["code"]
        assert list(tmp_path.iterdir()) == []


class TestKeyFiles:
    def test_open_with_the_passphrase_in_any_spelling(self):
        wanted = read("keys")
        for text in wanted["files"]:
            for passphrase in (wanted["passphrase"], wanted["normalised"]):
                key = keys.unwrap(text.encode(), passphrase=passphrase)
                assert (b64u(key.private.private_bytes_raw()), key.kid) == (
                    wanted["private"],
                    wanted["kid"],
                )

    def test_of_any_two_holders_make_the_host_key(self):
        host = read("keys")["host"]
        held = [
            splitting.unwrap(text.encode(), passphrase=secret)
            for text, secret in zip(host["files"], host["passphrases"], strict=True)
        ]
        for one, other in ((0, 1), (0, 2), (2, 1)):
            key = splitting.combine(held[one], held[other])
            assert b64u(key.private.private_bytes_raw()) == host["private"]


class TestEvidence:
    def test_is_valid(self):
        wanted = read("evidence")
        key = LogKey.loads(wanted["log_key"])
        state = checkpoint.verify(wanted["checkpoint"], log_key=key)
        before = checkpoint.verify(wanted["earlier"], log_key=key)
        log.verify_consistency(wanted["consistency"], old=before, new=state)
        for body, leaf in zip(wanted["logged"], wanted["leaves"], strict=True):
            logged = log.Logged.from_body(body)
            logged.verify(state)
            assert b64u(logged.leaf) == leaf
        for token in wanted["receipts"].values():
            receipts.verify(token, log_key=key)
        report = verify_opening(
            (FOLDER / wanted["opening"]).read_bytes(),
            checkpoint=wanted["checkpoint"],
            log_key=key,
            receipts=list(wanted["receipts"].values()),
        )
        assert report.valid


class TestTheLibrary:
    def test_opens_what_the_second_sender_boxed(self):
        private = X25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        info = suites._box_info(suites.kid_of(public), label="host", ctxh=bytes(32))
        made = hpke_seal(
            bytes(range(32)), public=public, info=info, ephemeral=X25519PrivateKey.generate()
        )
        assert suites.unbox(made, private=private, label="host", ctxh=bytes(32)) == bytes(range(32))

    def test_is_asked_for_randomness_only_through_the_door(self):
        with mock.patch("secrets.token_bytes", side_effect=AssertionError):
            keys.generate(random=bytes)
