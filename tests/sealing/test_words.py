"""What a refusal calls the thing it refuses, so that its maker finds the place."""

from __future__ import annotations

import pytest

from sealing import canonical, entries, keys, log, receipts, recovery, shares, splitting
from sealing import form as forms
from sealing import header as headers
from sealing.errors import Code, SealingError
from sealing.log import Logged, LogProof
from sealing.opening import GoneBid, LiveBid, Opened, Opening
from tests.sealing import scene

ENTRIES = (
    "key.publish",
    "recovery.publish",
    "bid.receive",
    "bid.supersede",
    "bid.withdraw",
    "tender.close",
    "share.release",
    "share.recover",
    "open.result",
    "checkpoint.ts",
)


def said(act, *args, **kwargs):
    with pytest.raises(SealingError) as caught:
        act(*args, **kwargs)
    return str(caught.value)


class TestAWrongShape:
    def test_is_told_of_a_share_and_of_pieces(self, bid):
        assert said(shares.from_body, [], header=bid.header) == "MALFORMED: share is not an object"
        told = said(recovery.from_body, [], header=bid.header)
        assert told == "MALFORMED: pieces is not an object"

    def test_is_told_of_a_header_and_its_members(self, bid):
        body = canonical.loads(bid.header.json)

        def parsed(**change):
            return said(headers.parse, canonical.dumps({**body, **change}))

        assert parsed(colour=1) == "MALFORMED: header: members ['colour']"
        assert parsed(rec=[1]) == "MALFORMED: rec: a set that is no list"
        assert parsed(rec=[[1]]) == "MALFORMED: piece is not an object"
        assert parsed(ctx={**body["ctx"], "lot": ""}) == "MALFORMED: ctx: lot"
        share = {**body["shares"][0], "kid": "x"}
        assert parsed(shares=[share, body["shares"][1]]) == "MALFORMED: share: kid"
        part = {**body["parts"][0], "len": "1"}
        assert parsed(parts=[part, body["parts"][1]]) == "MALFORMED: part: len"

    def test_is_told_of_a_context_that_is_sealed(self, bid):
        context = headers.Context(**{**bid.header.context.body(), "envelope": "double"})
        assert said(context.body) == "MALFORMED: ctx: envelope"

    def test_is_told_of_a_form_and_its_columns(self):
        body = scene.form(1).body()
        assert said(forms.from_body, {**body, "price_fen": -1}) == "FORM: form: price_fen"
        extra = [{"label": "工期", "value": 90}]
        assert said(forms.from_body, {**body, "extra": extra}) == "FORM: extra column: value"
        assert said(forms.loads, b"[]") == "FORM: form is not an object"
        assert said(forms.loads, b"{") == "FORM: not JSON"

    def test_is_told_of_a_proof_and_what_carries_it(self):
        assert said(LogProof.from_body, []) == "PROOF: proof is not an object"
        assert said(Logged.from_body, []) == "PROOF: logged entry is not an object"
        told = said(log.verify_consistency, [], old=None, new=None)
        assert told == "PROOF: consistency proof is not an object"

    @pytest.mark.parametrize("kind", ENTRIES)
    def test_is_told_of_an_entry_by_its_kind(self, kind):
        assert set(ENTRIES) == set(entries.KINDS)
        told = said(entries.parse, {"kind": kind})
        assert told.startswith(f"ENTRY: {kind}: members [")

    def test_is_told_of_a_receipt(self, played):
        receipt = receipts.verify(played.receipts["li"], log_key=played.log.key)
        body = receipt.body() | {"salt": "short"}
        assert said(receipts._checked, body) == "RECEIPT: receipt: salt"


class TestAnOpening:
    @pytest.mark.parametrize(
        ("part", "name"),
        [(Opening, "opening"), (LiveBid, "bid"), (Opened, "opened bid"), (GoneBid, "gone bid")],
    )
    def test_is_told_of_part_by_part(self, part, name):
        assert said(part.from_body, []) == f"MALFORMED: {name} is not an object"

    def test_is_told_of_shares(self, played):
        opened = played.opening.bids[0].opened.body()
        told = said(Opened.from_body, {**opened, "shares": {}})
        assert told == "MALFORMED: shares: members ['bidder', 'host']"


@pytest.fixture(scope="module")
def wrapped():
    return canonical.loads(keys.wrap(keys.generate(), passphrase="long enough"))


class TestAKeyFile:
    def test_is_told_of_by_its_name(self, wrapped):
        def read(**change):
            return said(keys.read_public, canonical.dumps({**wrapped, **change}))

        assert read(colour=1) == "KEY_FILE: key file: members ['colour']"
        assert read(nonce="x") == "KEY_FILE: key file: nonce"
        assert read(kid="A" * 22) == "KEY_FILE: kid and public key differ"
        assert said(splitting.read_public, canonical.dumps(wrapped)).startswith(
            "KEY_FILE: holder file: members ["
        )

    @pytest.mark.parametrize(
        "kdf",
        [
            {"name": "argon2id", "m": 1, "t": 3, "p": 1, "salt": "A" * 22},
            {"name": "pbkdf2-sha256", "i": 1, "salt": "A" * 22},
        ],
    )
    def test_is_told_of_the_costs_it_may_not_ask_for(self, kdf):
        assert said(keys.derive, b"long enough", kdf) in {"KEY_FILE: kdf: m", "KEY_FILE: kdf: i"}
        assert said(keys.derive, b"long enough", None) == "KEY_FILE: kdf is not an object"


class TestAnError:
    def test_is_its_code_and_its_detail(self):
        error = SealingError(Code.FORM, "the lot")
        assert (str(error), error.code, error.detail) == ("FORM: the lot", Code.FORM, "the lot")

    def test_without_detail_is_its_code_alone(self):
        error = SealingError(Code.FORM)
        assert (str(error), error.detail) == ("FORM", "")


class TestAReleasedShare:
    def test_is_verified_or_not(self, bid, released):
        mine, other = released
        assert shares.verify_share(bid.header, mine) is True
        wrong = shares.Share(label=mine.label, secret=other.secret)
        assert shares.verify_share(bid.header, wrong) is False
        assert shares.verify_share(bid.header, shares.Share(label="x", secret=b"")) is False

    def test_is_told_whose_key_does_not_fit(self, bid, host):
        told = said(shares.release, bid.header, label="bidder", key=host)
        assert told == "WRONG_KEY: sealed to another bidder key"
        told = said(shares.release, bid.header, label="host", key=bid.key)
        assert told == "WRONG_KEY: sealed to another host key"
