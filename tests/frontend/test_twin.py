"""The browser's sealing and Python's are one format, held by the same frozen files."""

from __future__ import annotations

import hashlib
import itertools
import json
from io import BytesIO

import pytest

from sealing import canonical, digests, envelope, header, keys, recovery, splitting, suites
from sealing.encoding import b64u
from sealing.errors import Code
from sealing.form import Form
from sealing.header import Context
from sealing.shares import release
from sealing.suites import SuiteId
from tests.frontend.server import VECTORS
from tests.vectors.reading import read

pytestmark = pytest.mark.browser


SUITES = [suite.value for suite in SuiteId]
SEALED = read("sealed")
FILE = "/vectors/sealed-1.stb"


@pytest.fixture(params=SUITES)
def suite(request) -> str:
    return str(request.param)


@pytest.fixture
def sealed(suite):
    return read("sealed", suite)


@pytest.fixture
def file(sealed) -> str:
    return f"/vectors/{sealed['file']}"


@pytest.fixture
def keyring(suite):
    return read("keys", suite)


class TestCanonicalJson:
    def test_is_spelt_as_python_spells_it(self, twin):
        for case in read("canonical")["good"]:
            assert twin.call("canonical", case["value"]) == case["bytes"]
            assert twin.call("reread", case["bytes"]) == case["bytes"]

    def test_refuses_every_other_spelling(self, twin):
        refused = {
            case["name"]: twin.outcome("reread", case["bytes"]) for case in read("canonical")["bad"]
        }
        assert {name for name, code in refused.items() if code != "MALFORMED"} == set()


class TestPrimitives:
    def test_hpke_repeats_the_whole_record_of_rfc_9180(self, twin):
        record = read("hpke")
        every = len(record["encryptions"])
        assert every > 250
        assert twin.call("hpkeRecord", record) == {
            "public": record["pkRm"],
            "enc": record["enc"],
            "sealed": every,
            "opened": every,
            "exported": len(record["exports"]),
        }

    def test_x_wing_repeats_its_record(self, twin):
        record = read("hpke-pq")
        assert twin.call("xWingRecord", record) == {
            "public": record["pkRm"],
            "enc": record["enc"],
            "encapsulated": record["shared_secret"],
            "decapsulated": record["shared_secret"],
        }

    def test_sm_algorithms_repeat_the_examples_of_their_standards(self, twin):
        samples = {name: one for name, one in read("gm").items() if name != "source"}
        found = twin.call("guomi", samples)
        assert [name for name, right in found.items() if right is not True] == []
        assert len(found) == 6

    def test_streams_are_the_same_bytes_at_every_boundary(self, twin):
        for case in read("stream")["cases"]:
            assert twin.call("streamed", case) == {
                "length": case["ciphertext_length"],
                "sha256": case["ciphertext_sha256"],
                "back": True,
            }, case["length"]


class TestTheFrozenBid:
    def test_opens_to_what_was_sealed(self, twin, suite, sealed, file):
        expected = {**sealed["ctx"], "suite": suite}
        found = twin.call("open", file, sealed["shares"], expected)
        assert found["form"] == sealed["form"]
        assert found["files"] == sealed["files"]
        assert found["header_sha256"] == sealed["header_sha256"]

    def test_has_the_same_ct_root(self, twin, sealed, file):
        assert twin.call("root", file) == sealed["ct_root"]

    def test_gives_the_form_before_any_file_is_shown(self, twin, sealed, file):
        found = twin.call("openStreamed", file, sealed["shares"])
        assert found == ["form before 0", f"files {len(sealed['files'])}"]

    @pytest.mark.parametrize("label", ["bidder", "host"])
    def test_releases_the_same_share_file(self, twin, suite, sealed, file, label):
        assert (
            twin.call("release", file, label, sealed[label]["private"], suite)
            == sealed["share_files"][label]
        )

    def test_is_of_suite_1_unless_the_tender_says_otherwise(self, twin, suite, sealed, file):
        found = twin.outcome("open", file, sealed["shares"], sealed["ctx"])
        assert found == ("" if suite == SuiteId.X25519 else "UNKNOWN_SUITE")

    @pytest.mark.parametrize("other", SUITES)
    def test_is_released_by_no_key_of_another_suite(self, twin, suite, sealed, file, other):
        secret = sealed["bidder"]["private"]
        wanted = "" if other == suite else "WRONG_KEY"
        assert twin.outcome("release", file, "bidder", secret, other) == wanted


class TestSpoiltBids:
    def test_are_refused_with_the_codes_python_gives(self, twin, suite, sealed, file):
        cases = read("negative", suite)
        found = twin.call("openSpoilt", file, sealed["shares"], cases)
        assert found == {case["name"]: case["code"] for case in cases}

    def test_the_unspoilt_one_is_accepted(self, twin, sealed, file):
        found = twin.call("openSpoilt", file, sealed["shares"], [{"name": "good"}])
        assert found == {"good": " but files were shown"}

    def test_at_random_are_refused_with_a_code_and_nothing_else(self, twin, suite, sealed, file):
        rounds = 150 if suite != SuiteId.GM1 else 60
        found = twin.call("fuzz", file, sealed["shares"], 20261123, rounds)
        assert found["odd"] == []
        assert sum(found["codes"].values()) == rounds
        assert len(found["codes"]) > 3

    def test_segments_and_parts_may_not_change_places(self, twin, sealed, file):
        data = (VECTORS / sealed["file"]).read_bytes()
        parts = json.loads(sealed["header"])["parts"]
        start = len(data) - parts[1]["ct"]
        segments = [data[start : start + 524288], data[start + 524288 : start + 2 * 524288]]
        swapped = data[:start] + segments[1] + segments[0] + data[start + 2 * 524288 :]
        prefix = len(data) - parts[0]["ct"] - parts[1]["ct"]
        crossed = data[:prefix] + data[start:] + data[prefix:start]
        cases = [
            {"name": "segments", "replace": b64u(swapped)},
            {"name": "parts", "replace": b64u(crossed)},
        ]
        found = twin.call("openSpoilt", file, sealed["shares"], cases)
        assert found == {"segments": "CORRUPT", "parts": "CORRUPT"}

    @pytest.mark.parametrize(
        ("shares", "code"),
        [
            (
                {"bidder": SEALED["shares"]["host"], "host": SEALED["shares"]["bidder"]},
                "COMMITMENT",
            ),
            ({**SEALED["shares"], "bidder": b64u(bytes(32))}, "COMMITMENT"),
            ({**SEALED["shares"], "host": b64u(bytes(32))}, "COMMITMENT"),
            ({"bidder": SEALED["shares"]["bidder"]}, "COMMITMENT"),
            ({"host": SEALED["shares"]["host"]}, "COMMITMENT"),
        ],
        ids=["exchanged", "zero bidder", "zero host", "bidder alone", "host alone"],
    )
    def test_need_both_true_shares(self, twin, shares, code):
        assert twin.outcome("open", FILE, shares) == code

    @pytest.mark.parametrize(
        "member", ["tender", "lot", "envelope", "bidder", "bid", "deadline_id"]
    )
    def test_belong_to_one_context(self, twin, member):
        expected = {**SEALED["ctx"], member: "price" if member == "envelope" else "another"}
        assert twin.outcome("open", FILE, SEALED["shares"], expected) == "WRONG_CONTEXT"

    def test_a_box_opens_under_its_own_key_only(self, twin):
        assert twin.outcome("release", FILE, "bidder", SEALED["host"]["private"]) == "WRONG_KEY"


CONTEXT = Context(
    tender="T-1", lot="L-1", envelope="single", bidder="P-9", bid="B-1", deadline_id="D-1"
)
FORM = Form(
    lot="L-1",
    doc_version=3,
    price_fen=3_366_358_016,
    duration_days=336,
    quality="合格",
    manager="赵立",
    claims={"small_business": True},
)


class TestABidSealedInTheBrowser:
    @pytest.mark.parametrize(
        ("suite", "sizes"),
        [
            ("1", []),
            ("1", [0]),
            ("1", [1, 1_048_000]),
            ("1", [5_000_000, 3, 524_232]),
            ("2", [5_000_000, 3]),
            ("GM-1", [0, 1_048_000]),
        ],
        ids=["none", "empty", "small", "large", "suite 2", "suite GM-1"],
    )
    def test_is_opened_by_python(self, twin, tmp_path, suite, sizes):
        bidder, host = (keys.generate(suite=suites.of(suite)) for _ in range(2))
        files = [
            {"name": f"文件 {number}.pdf", "part": "technical", "size": size}
            for number, size in enumerate(sizes)
        ]
        bid = {
            "context": CONTEXT.body(),
            "bidder": b64u(bidder.public),
            "host": b64u(host.public),
            "suite": suite,
            "form": FORM.body(),
            "files": files,
        }
        made = twin.call("seal", bid, f"{twin.address}/posted")
        sealed = BytesIO(twin.posted.pop())
        found = header.read(sealed)
        shares = [
            release(found, label=label, key=key)
            for label, key in (("bidder", bidder), ("host", host))
        ]
        assert found.context == CONTEXT
        assert envelope.open_form(sealed, header=found, shares=shares) == FORM
        opened = envelope.open_package(sealed, header=found, shares=shares, into=tmp_path / "out")
        assert [(one.name, one.size) for one in opened] == [
            (one["name"], one["size"]) for one in files
        ]
        for one in opened:
            pattern = (bytes(range(251)) * (one.size // 251 + 1))[: one.size]
            assert one.sha256 == hashlib.sha256(pattern).digest()
        measured = digests.measure(sealed, header=found)
        assert made["ct_root"] == made["again"] == b64u(measured.ct_root)
        assert made["size"] == made["posted"] == measured.size
        assert made["header_sha256"] == b64u(found.sha256)

    def test_is_not_made_for_a_public_key_that_everybody_can_open(self, twin, suite):
        public = keys.generate(suite=suites.of(suite)).public
        bid = {
            "context": CONTEXT.body(),
            "bidder": b64u(public[:-32] + bytes(32)),
            "host": b64u(public),
            "suite": suite,
            "form": FORM.body(),
            "files": [],
        }
        assert twin.outcome("seal", bid, f"{twin.address}/posted") == "MALFORMED"

    def test_is_not_made_with_a_form_of_another_lot(self, twin):
        bid = {
            "context": CONTEXT.body(),
            "bidder": b64u(keys.generate().public),
            "host": b64u(keys.generate().public),
            "form": {**FORM.body(), "lot": "L-2"},
            "files": [],
        }
        assert twin.outcome("seal", bid, f"{twin.address}/posted") == "FORM"


class TestRecovery:
    def test_gives_the_share_to_any_two_of_three(self, twin, suite):
        frozen = read("recovery", suite)
        for one, file in zip(frozen["holders"], frozen["files"], strict=True):
            assert twin.call("pieces", frozen["header"], one["private"], suite) == file
        for some in itertools.combinations(frozen["files"], 2):
            assert twin.call("recover", frozen["header"], list(some)) == frozen["share"]
        for file in frozen["files"]:
            assert twin.outcome("recover", frozen["header"], [file]) == "COMMITMENT"

    def test_is_refused_with_any_other_list(self, twin, suite):
        for case in read("recovery", suite)["refused"]:
            assert twin.outcome("parseHeader", case["header"]) == "MALFORMED", case["name"]

    def test_is_for_the_holders_of_the_tender_alone(self, twin):
        frozen = read("recovery")
        kids = [one["kid"] for one in frozen["holders"]]
        for offered, code in (
            ({"recovery": {"need": 2, "kids": kids}}, ""),
            ({"recovery": {"need": 3, "kids": kids}}, "WRONG_KEY"),
            ({"recovery": {"need": 2, "kids": kids[:2]}}, "WRONG_KEY"),
            ({}, "WRONG_KEY"),
        ):
            assert twin.outcome("expects", frozen["header"], offered) == code

    @pytest.mark.parametrize(("need", "count"), [(2, 2), (2, 3), (3, 5)])
    def test_sealed_in_the_browser_is_used_by_python(self, twin, suite, need, count):
        bidder, host, *who = (keys.generate(suite=suites.of(suite)) for _ in range(count + 2))
        bid = {
            "context": CONTEXT.body(),
            "bidder": b64u(bidder.public),
            "host": b64u(host.public),
            "suite": suite,
            "recovery": {"need": need, "publics": [b64u(one.public) for one in who]},
            "form": FORM.body(),
            "files": [],
        }
        twin.call("seal", bid, f"{twin.address}/posted")
        sealed = BytesIO(twin.posted.pop())
        found = header.read(sealed)
        given = [piece for one in who[-need:] for piece in recovery.release(found, key=one)]
        shares = [recovery.recover(found, given), release(found, label="host", key=host)]
        assert envelope.open_form(sealed, header=found, shares=shares) == FORM


class TestKeyFiles:
    @pytest.mark.parametrize("number", [0, 1], ids=["argon2id", "pbkdf2"])
    def test_open_under_any_spelling_of_the_passphrase(self, twin, suite, keyring, number):
        drafts = set()
        for words in (keyring["passphrase"], keyring["normalised"]):
            found = twin.call("unwrap", keyring["files"][number], words)
            drafts.add(found.pop("own"))
            assert found == {"suite": suite, "kid": keyring["kid"], "extractable": False}
        # The secret of the drafts on this machine is the key's own, whenever it is asked for.
        assert len(drafts) == 1

    def test_stay_shut_under_another_passphrase(self, twin, keyring):
        assert twin.outcome("unwrap", keyring["files"][0], "not the passphrase") == "PASSPHRASE"

    def test_are_refused_when_altered(self, twin, keyring):
        altered = keyring["files"][1].replace(keyring["kid"], b64u(bytes(16)))
        assert twin.outcome("unwrap", altered, keyring["passphrase"]) == "KEY_FILE"

    @pytest.mark.parametrize(
        ("said", "code"), [("1", "KEY_FILE"), ("2", "KEY_FILE"), ("3", "UNKNOWN_SUITE")]
    )
    def test_that_claim_another_suite_are_refused(self, twin, suite, keyring, said, code):
        body = json.loads(keyring["files"][1])
        altered = canonical.dumps({**body, "suite": said}).decode()
        wanted = "" if said == body.get("suite") else code
        assert twin.outcome("unwrap", altered, keyring["passphrase"]) == wanted

    def test_made_in_the_browser_are_opened_by_python(self, twin, suite):
        made = twin.call("wrap", "口令 １２３４５", "姑苏 SZ-1", suite)
        key = keys.unwrap(made["file"].encode(), passphrase="口令 12345")
        assert (key.suite.id, key.kid) == (suite, made["kid"])
        assert b64u(key.secret) == made["private"]

    def test_are_not_made_with_a_short_passphrase(self, twin):
        assert twin.outcome("wrap", "short", "") == "PASSPHRASE"


class TestTheHostKey:
    @pytest.mark.parametrize(
        ("suite", "one", "other"),
        [("1", 0, 1), ("1", 0, 2), ("1", 1, 2), ("1", 2, 0), ("2", 2, 0), ("GM-1", 0, 1)],
    )
    def test_is_made_by_any_two_holders(self, twin, keyring, one, other):
        host = keyring["host"]
        files, words = host["files"], host["passphrases"]
        found = twin.call("combine", files[one], files[other], [words[one], words[other]])
        assert found == host["kid"]

    def test_is_not_made_by_one_holder_twice(self, twin, keyring):
        file, words = keyring["host"]["files"][0], keyring["host"]["passphrases"][0]
        assert twin.outcome("combine", file, file, [words, words]) == "KEY_FILE"

    def test_split_in_the_browser_is_combined_by_python(self, twin, suite):
        words = ["第一位持有人口令", "第二位持有人口令", "第三位持有人口令"]
        made = twin.call("split", words, "T-1", suite)
        holdings = [
            splitting.unwrap(file.encode(), passphrase=word)
            for file, word in zip(made["files"], words, strict=True)
        ]
        for one, other in ((0, 1), (0, 2), (1, 2)):
            key = splitting.combine(holdings[one], holdings[other])
            assert b64u(key.secret) == made["private"]


class TestRefusals:
    def test_python_knows_every_code_the_browser_uses(self):
        source = (VECTORS.parents[1] / "frontend" / "sealing" / "errors.ts").read_text()
        codes = {line.strip(' |";\n') for line in source.splitlines() if line.startswith('  | "')}
        assert codes == {code.value for code in Code}
