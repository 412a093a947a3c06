"""Refusals that only a forger, another program or the end of a range can meet."""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey

from sealing import (
    batch,
    canonical,
    checkpoint,
    digests,
    envelope,
    keys,
    log,
    moments,
    receipts,
    shares,
    splitting,
)
from sealing import form as forms
from sealing import header as headers
from sealing.checkpoint import Checkpoint, LogKey
from sealing.encoding import unb64u
from sealing.errors import Code, SealingError
from sealing.form import Column, Form
from sealing.opening import LiveBid, facts
from sealing.suites import DEFAULT
from tests.sealing import scene
from tests.sealing.sealed import CONTEXT, refused, seal, unseal
from tests.sealing.test_opening import failed, verify


class TestATick:
    def test_takes_as_many_entries_as_half_its_places(self):
        half = batch.PLACES // 2
        leaves = [n.to_bytes(32, "big") for n in range(half)]
        made = batch.build(leaves)
        assert sorted(made.places.values()) == leaves
        with refused(Code.TOO_LARGE):
            batch.build([*leaves, bytes(32)])

    @pytest.mark.parametrize("place", [0, batch.PLACES - 1])
    def test_proves_the_entries_at_both_of_its_ends(self, place):
        made = batch.Batch(key=bytes(32), places={place: b"a" * 32, 77: b"b" * 32})
        path = made.path(place)
        assert batch.root_from_path(b"a" * 32, place=place, path=path) == made.root()

    @pytest.mark.parametrize("place", [-1, batch.PLACES])
    def test_has_no_place_beyond_them(self, place):
        with refused(Code.PROOF):
            batch.root_from_path(b"a" * 32, place=place, path=[bytes(32)] * batch.DEPTH)
        with refused(Code.PROOF):
            batch.Batch(key=bytes(32), places={}).path(place)

    def test_gives_two_entries_places_of_their_own_however_the_dice_fall(self):
        dice = itertools.chain([bytes(32)], [b"\0\5", b"\0\5", b"\0\5", b"\1\0"])
        made = batch.build([b"a" * 32, b"b" * 32], random=lambda _size: next(dice))
        assert made.places == {5: b"a" * 32, 256: b"b" * 32}


class TestACheckpoint:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = LogKey.of(private, origin=scene.ORIGIN)
    state = Checkpoint(origin=scene.ORIGIN, size=7, root=bytes(range(32)))

    @pytest.fixture
    def note(self):
        return checkpoint.sign(self.state, private=self.private)

    def test_passes_over_the_signatures_of_others(self, note):
        text, _, signatures = note.partition("\n\n")
        cosigned = f"{text}\n\n— witness.example AAAA\n{signatures}"
        assert checkpoint.verify(cosigned, log_key=self.key) == self.state

    def test_passes_over_an_older_key_of_the_same_log(self, note):
        text, _, signatures = note.partition("\n\n")
        older = Ed25519PrivateKey.from_private_bytes(bytes(32))
        other = checkpoint.sign(self.state, private=older).partition("\n\n")[2]
        assert checkpoint.verify(f"{text}\n\n{other}{signatures}", log_key=self.key) == self.state
        with refused(Code.CHECKPOINT):
            checkpoint.verify(f"{text}\n\n{other}", log_key=self.key)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "AAECAwQ="),
            ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "not base64!"),
            (
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=",
            ),
            ("\n7\n", "\n07\n"),
            ("\n7\n", f"\n{2**53}\n"),
            ("\n7\n", "\n8\n"),
            (scene.ORIGIN + "\n7", "a b\n7"),
            ("\n\n", "\n"),
        ],
    )
    def test_in_another_spelling_is_refused(self, note, old, new):
        assert old in note
        with refused(Code.CHECKPOINT):
            checkpoint.verify(note.replace(old, new, 1), log_key=self.key)

    @pytest.mark.parametrize("size", [0, 7, 2**53 - 1])
    def test_is_read_whoever_signed_it(self, size):
        state = replace(self.state, size=size)
        assert checkpoint.parse(state.text()) == state

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("\n7\n", "\n07\n"),
            ("\n7\n", "\nx\n"),
            ("\n7\n", f"\n{2**53}\n"),
            ("8=\n", "8="),
            ("8=\n", "8=\nmore"),
            ("8=\n", "8=\nmore\n"),
            ("8=\n", "8=\n\n"),
        ],
    )
    def test_in_another_spelling_is_refused_whoever_signed_it(self, old, new):
        text = self.state.text()
        assert old in text
        with refused(Code.CHECKPOINT):
            checkpoint.parse(text.replace(old, new, 1))

    def test_longer_than_any_honest_one_is_refused(self, note):
        with refused(Code.CHECKPOINT):
            checkpoint.verify(note + "— x AAAA\n" * 10_000, log_key=self.key)


class TestAConsistencyProof:
    def test_is_about_one_log_and_the_sizes_at_hand(self):
        tree = log.merkle.MemoryTree(log.merkle.leaf_hash(bytes([n])) for n in range(5))
        old, new = (
            Checkpoint(origin=scene.ORIGIN, size=size, root=tree.root(size)) for size in (3, 5)
        )
        body = log.consistency_body(tree.nodes, old=3, new=5)
        log.verify_consistency(body, old=old, new=new)
        other = replace(new, origin="ggzy.example/330300")
        for wrong in (
            {"old": old, "new": other},
            {"old": replace(old, size=2), "new": new},
            {"old": old, "new": replace(new, size=6)},
        ):
            with refused(Code.PROOF):
                log.verify_consistency(body, **wrong)
        with refused(Code.PROOF):
            log.verify_consistency({**body, "path": ["short"]}, old=old, new=new)


class TestASealedFile:
    def test_cut_inside_its_form_is_measured_by_nobody(self, bid):
        end = bid.header.offset(1)
        with refused(Code.TRUNCATED):
            digests.measure(BytesIO(bid.data[: end - 1]), header=bid.header)
        assert digests.measure(BytesIO(bid.data[:end]), header=bid.header).size == end

    def test_is_measured_alike_however_little_a_read_gives(self, bid, sealed):
        class Trickle(BytesIO):
            def readinto(self, buffer):
                return super().readinto(memoryview(buffer)[:50_000])

        whole = digests.measure(sealed, header=bid.header)
        assert digests.measure(Trickle(bid.data), header=bid.header) == whole

    def test_shows_the_digest_of_its_forms_ciphertext(self, bid, sealed):
        begin, end = bid.header.offset(0), bid.header.offset(1)
        wanted = hashlib.sha256(bid.data[begin:end]).digest()
        sealed.seek(99)
        assert envelope.form_ct_sha256(sealed, header=bid.header) == wanted
        assert digests.measure(sealed, header=bid.header).form_ct_sha256 == wanted

    def test_with_a_form_for_another_lot_inside_is_refused_at_the_opening(self, host, tmp_path):
        class Liar(Form):
            """Names the lot of its context, and another in what is sealed."""

            def dumps(self) -> bytes:
                return replace(scene.form(1), lot="L9").dumps()

        lie = Liar(**{name: getattr(scene.form(1), name) for name in Form.__slots__})
        key, sink = keys.generate(), BytesIO()
        made = envelope.seal(
            CONTEXT,
            recipients=envelope.Recipients(bidder=key.public, host=host.public),
            form=lie,
            files=[],
            sink=sink,
        )
        with refused(Code.FORM):
            unseal(key, host, made, sink, tmp_path / "out")

    @pytest.mark.parametrize("size", [0, headers.MAX_HEADER + 1])
    def test_has_a_header_of_some_bytes_and_not_too_many(self, size):
        with refused(Code.MALFORMED):
            headers.parse(b" " * size)


class TestAForm:
    def test_has_forty_more_columns_at_the_most(self):
        column = Column(label="工期", value="90")
        assert replace(scene.form(1), extra=[column] * forms.MAX_EXTRA).dumps()
        with refused(Code.TOO_LARGE):
            replace(scene.form(1), extra=[column] * (forms.MAX_EXTRA + 1)).dumps()


class TestAReceipt:
    def test_that_names_another_log_inside_is_refused(self, played):
        key = played.log.key
        honest = receipts.verify(played.receipts["sun"], log_key=key)
        body = replace(honest, issuer="ggzy.example/330300").body()
        forged = jws.serialize_compact(
            receipts._header(key),
            canonical.dumps(body),
            OKPKey.import_key(played.log.private),
            algorithms=[receipts.ALGORITHM],
        )
        with refused(Code.RECEIPT):
            receipts.verify(forged, log_key=key)

    def test_has_checkpoint_and_proof_or_neither(self, played):
        whole = receipts.verify(played.receipts["li"], log_key=played.log.key)
        for half in (replace(whole, proof=None), replace(whole, checkpoint=None)):
            with refused(Code.RECEIPT):
                receipts.sign(half, private=played.log.private)

    def test_that_cannot_be_read_fails_the_opening_by_its_number(self, played):
        report = verify(played, receipts=[played.receipts["li"], "no receipt"])
        assert failed(report) == ["receipt 2"]
        (check,) = [check for check in report.checks if not check.passed]
        assert check.detail == "RECEIPT: not a receipt signed by this log"


class TestTheHostKey:
    PASSPHRASES = ("holder one", "holder two", "holder three")

    def test_is_not_made_of_pieces_that_were_exchanged(self, host):
        files = splitting.split(host, passphrases=self.PASSPHRASES, label="开标中心")
        public = splitting.read_public(files[1])
        assert (public.public, public.kid, public.label) == (host.public, host.kid, "开标中心")
        assert public.suite is DEFAULT
        one, other = (
            splitting.unwrap(data, passphrase=secret)
            for data, secret in zip(files[:2], self.PASSPHRASES[:2], strict=True)
        )
        assert splitting.combine(one, other).secret == host.secret
        wrong = replace(other, pieces={**other.pieces, 1: secrets.token_bytes(32)})
        with refused(Code.KEY_FILE):
            splitting.combine(one, wrong)

    def test_has_no_label_unless_it_is_given_one(self, host):
        (data, *_) = splitting.split(host, passphrases=self.PASSPHRASES)
        assert splitting.read_public(data).label == ""
        assert keys.read_public(keys.wrap(host, passphrase="long enough")).label == ""

    def test_is_not_made_of_two_splits_and_that_is_said(self, host):
        one, other = (
            splitting.unwrap(
                splitting.split(host, passphrases=self.PASSPHRASES)[number],
                passphrase=self.PASSPHRASES[number],
            )
            for number in (0, 1)
        )
        with pytest.raises(SealingError, match="the files come from different keys or splits"):
            splitting.combine(one, other)

    @pytest.mark.parametrize("short", range(3))
    def test_is_not_split_under_a_short_passphrase(self, host, short):
        passphrases = [*self.PASSPHRASES]
        passphrases[short] = "1234567"
        with refused(Code.PASSPHRASE):
            splitting.split(host, passphrases=passphrases)

    @pytest.mark.parametrize("label", ["x" * 201, "two\nlines"])
    def test_bears_no_label_that_could_not_be_read_back(self, host, label):
        with refused(Code.KEY_FILE):
            splitting.split(host, passphrases=self.PASSPHRASES, label=label)
        with refused(Code.KEY_FILE):
            keys.wrap(host, passphrase="long enough", label=label)


class TestABox:
    def test_that_holds_no_share_is_refused(self, bid):
        ctxh = bid.header.context.digest
        boxed = DEFAULT.box(b"short", public=bid.key.public, label="bidder", ctxh=ctxh)
        with refused(Code.MALFORMED):
            bid.key.unbox(boxed, label="bidder", ctxh=ctxh)


class TestAnOpening:
    def test_with_an_entry_in_the_wrong_place_is_refused(self, played):
        opening = replace(played.opening, close=played.opening.result)
        with refused(Code.ENTRY):
            facts.read(opening)

    def test_says_opened_exactly_where_something_was_opened(self, played):
        document = json.loads(played.opening.dumps())
        for bid in document["bids"]:
            spoilt = {**bid, "outcome": "invalid" if bid["outcome"] == "opened" else "opened"}
            with refused(Code.MALFORMED):
                LiveBid.from_body(spoilt)


class TestAnInstant:
    def test_is_spelt_in_utc_and_cut_to_the_millisecond(self):
        there = timezone(timedelta(hours=8))
        at = datetime(2026, 11, 23, 14, 0, 0, 123_999, tzinfo=there)
        assert moments.spell(at) == "2026-11-23T06:00:00.123Z"
        assert moments.spell(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00.000Z"

    def test_is_read_back(self):
        at = datetime(2026, 11, 23, 6, 0, 0, 7_000, tzinfo=UTC)
        assert moments.read(moments.spell(at)) == at

    def test_without_a_zone_is_none(self):
        with pytest.raises(ValueError, match=r"^an instant needs its zone$"):
            moments.spell(datetime(2026, 1, 2))  # noqa: DTZ001 - the very fault


class TestBase64Url:
    def test_may_be_asked_for_its_length(self):
        assert unb64u("AAAA", length=3) == bytes(3)
        with refused(Code.MALFORMED):
            unb64u("AAAA", length=4)


class TestTheEvidenceOfAForm:
    def test_opens_the_form_and_never_the_package(self, host):
        key, made, sink = seal(host=host)
        released = [
            shares.release(made.header, label="bidder", key=key),
            shares.release(made.header, label="host", key=host),
        ]
        evidence = envelope.form_evidence(sink, header=made.header, shares=released)
        assert evidence.form == scene.form(100)
        assert len(evidence.ciphertext) == made.header.parts[0].ciphertext
        shares.check_part_key(made.header, evidence.key, index=0)
        with refused(Code.COMMITMENT):
            shares.check_part_key(made.header, evidence.key, index=1)
