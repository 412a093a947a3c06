"""The frozen files are what this package makes and opens, forever."""

from __future__ import annotations

import hashlib
from io import BytesIO
from unittest import mock

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

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
from sealing.suites import SuiteId, hpke
from tests.sealing import scene
from tests.vectors import make
from tests.vectors.fixed import (
    AES_256_GCM,
    X25519,
    X_WING,
    Drum,
    Schedule,
    hpke_seal,
    x_wing_shared,
)
from tests.vectors.reading import FOLDER, read


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


@pytest.fixture(scope="module", params=list(SuiteId))
def frozen(request):
    wanted = read("sealed", request.param)
    return request.param, wanted, (FOLDER / wanted["file"]).read_bytes()


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


@pytest.mark.parametrize("name", ["hpke", "hpke-pq"])
class TestHpke:
    """The whole official record of each HPKE suite.

    The library's public call is single-shot and takes no aad, the record's encryptions have both;
    so the record checks our second key schedule, and the library opens the first of them.
    """

    def test_schedule_opens_every_encryption(self, name):
        record, made = read(name), self.schedule(name)
        aead = AESGCM if record["aead_id"] == AES_256_GCM else ChaCha20Poly1305
        assert (made.key.hex(), made.base_nonce.hex()) == (record["key"], record["base_nonce"])
        for number, one in enumerate(record["encryptions"]):
            assert made.nonce(number).hex() == one["nonce"]
            ct, aad = bytes.fromhex(one["ct"]), bytes.fromhex(one["aad"])
            assert aead(made.key).decrypt(made.nonce(number), ct, aad).hex() == one["pt"]

    def test_schedule_exports_every_secret(self, name):
        made = self.schedule(name)
        for one in read(name)["exports"]:
            context = bytes.fromhex(one["exporter_context"])
            assert made.export(context, one["L"]).hex() == one["exported_value"]

    def test_library_opens_the_first_encryption(self, name):
        record = read(name)
        first = record["encryptions"][0]
        secret = bytes.fromhex(record["skRm"])
        kem, private, aead = {
            X25519: (KEM.X25519, X25519PrivateKey.from_private_bytes, AEAD.AES_256_GCM),
            X_WING: (
                KEM.MLKEM768_X25519,
                lambda seed: MLKEM768X25519PrivateKey(*hpke._expand(seed)),
                AEAD.CHACHA20_POLY1305,
            ),
        }[record["kem_id"]]
        plain = openssl.hpke._decrypt_with_aad(
            Suite(kem, KDF.HKDF_SHA256, aead),
            bytes.fromhex(record["enc"] + first["ct"]),
            private(secret),
            bytes.fromhex(record["info"]),
            bytes.fromhex(first["aad"]),
        )
        assert plain.hex() == first["pt"]

    def test_secret_yields_the_public_key(self, name):
        record = read(name)
        suite = suites.of(SuiteId.X25519 if record["kem_id"] == X25519 else SuiteId.XWING)
        assert suite.kem.public_of(bytes.fromhex(record["skRm"])).hex() == record["pkRm"]

    @staticmethod
    def schedule(name):
        record = read(name)
        shared = bytes.fromhex(record["shared_secret"])
        info = bytes.fromhex(record["info"])
        return Schedule.of(shared, info=info, kem=record["kem_id"], aead=record["aead_id"])


class TestOurSecondSender:
    def test_reproduces_the_official_box(self):
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

    def test_makes_boxes_that_the_library_opens(self):
        key = keys.generate()
        info = suites.DEFAULT.box_info(suites.DEFAULT.kid(key.public), label="host", ctxh=bytes(32))
        made = hpke_seal(
            bytes(range(32)), public=key.public, info=info, ephemeral=X25519PrivateKey.generate()
        )
        assert key.unbox(made, label="host", ctxh=bytes(32)) == bytes(range(32))


class TestXWing:
    def test_decapsulation_is_the_combiner_of_its_halves(self):
        record = read("hpke-pq")
        enc, seed = (bytes.fromhex(record[name]) for name in ("enc", "skRm"))
        assert x_wing_shared(enc, seed=seed).hex() == record["shared_secret"]


class TestTheSealedFile:
    def test_opens_with_both_keys(self, frozen, tmp_path):
        suite, wanted, data = frozen
        file = BytesIO(data)
        made = header.read(file)
        assert made.suite.id is suite
        released = [
            shares.release(
                made,
                label=label,
                key=keys.OpeningKey.from_raw(
                    unb64u(wanted[label]["private"]), suite=suites.of(suite)
                ),
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
        _, wanted, data = frozen
        file = BytesIO(data)
        made = header.read(file)
        measured = digests.measure(file, header=made)
        for name in ("ct_root", "ct_sha256", "ct_sm3", "form_ct_sha256"):
            assert b64u(getattr(measured, name)) == wanted[name]
        assert b64u(made.sha256) == wanted["header_sha256"]

    @pytest.mark.parametrize(
        ("suite", "case"),
        [
            pytest.param(suite, case, id=f"{suite} {case['name']}")
            for suite in SuiteId
            for case in read("negative", suite)
        ],
    )
    def test_spoilt_is_refused_with_its_code(self, suite, case, tmp_path):
        wanted = read("sealed", suite)
        released = [
            Share(label=label, secret=unb64u(secret)) for label, secret in wanted["shares"].items()
        ]
        file = BytesIO(spoil((FOLDER / wanted["file"]).read_bytes(), case))
        with pytest.raises(SealingError) as caught:
            scene.open_all(file, shares=released, into=tmp_path / "out")
        assert caught.value.code == case["code"]
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suite", list(SuiteId))
class TestKeyFiles:
    def test_open_with_the_passphrase_in_any_spelling(self, suite):
        wanted = read("keys", suite)
        for text in wanted["files"]:
            for passphrase in (wanted["passphrase"], wanted["normalised"]):
                key = keys.unwrap(text.encode(), passphrase=passphrase)
                assert key.suite.id is suite
                assert (b64u(key.secret), key.kid) == (wanted["private"], wanted["kid"])

    def test_of_any_two_holders_make_the_host_key(self, suite):
        host = read("keys", suite)["host"]
        held = [
            splitting.unwrap(text.encode(), passphrase=secret)
            for text, secret in zip(host["files"], host["passphrases"], strict=True)
        ]
        for one, other in ((0, 1), (0, 2), (2, 1)):
            key = splitting.combine(held[one], held[other])
            assert (key.suite.id, b64u(key.secret)) == (suite, host["private"])


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


class TestRandomness:
    @pytest.mark.parametrize("suite", list(SuiteId))
    def test_is_asked_for_only_through_the_door(self, suite):
        with mock.patch("secrets.token_bytes", side_effect=AssertionError):
            keys.generate(suite=suites.of(suite), random=Drum("door"))
