"""An outsider's proof: the honest opening passes, and each lie fails the check that names it."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing import canonical, checkpoint, entries, keys, receipts, shares
from sealing.checkpoint import Checkpoint, LogKey
from sealing.encoding import b64u
from sealing.errors import Code, SealingError
from sealing.log import set_root
from sealing.opening import LiveBid, Opened, verify_opening
from sealing.witness import WitnessKey, cosign
from tests.sealing import scene


def verify(played, document=None, **changes):
    wanted = {
        "checkpoint": played.checkpoint,
        "log_key": played.log.key,
        "receipts": list(played.receipts.values()),
    }
    data = played.opening.dumps() if document is None else canonical.dumps(document)
    return verify_opening(data, **{**wanted, **changes})


def failed(report) -> list[str]:
    return [check.name for check in report.checks if check.passed is not True]


@pytest.fixture
def document(played):
    return json.loads(played.opening.dumps())


@pytest.fixture
def after():
    """A scene of its own, for tests that go on writing into its log."""
    return scene.play(random=secrets.token_bytes)


def rebuilt(played, **changes):
    """The same document with proofs for the log as it is now."""
    log = played.log

    def again(logged):
        return log.logged(logged.leaf)

    opening = played.opening
    return replace(
        opening,
        **{
            "key": again(opening.key),
            "close": again(opening.close),
            "result": again(opening.result),
            "bids": tuple(replace(one, receive=again(one.receive)) for one in opening.bids),
            "gone": tuple(
                replace(one, receive=again(one.receive), end=again(one.end)) for one in opening.gone
            ),
            "releases": tuple(again(one) for one in opening.releases),
            **changes,
        },
    )


class TestAnHonestOpening:
    def test_passes_every_check(self, played):
        report = verify(played)
        assert failed(report) == []
        names = [check.name for check in report.checks]
        assert {"document", "checkpoint", "key", "close", "set", "releases", "result"} <= set(names)
        assert {"bid b-1 form", "bid b-3 form", "gone b-2", "gone b-5"} <= set(names)
        assert "bid b-4 form" not in names

    def test_is_not_refuted_by_what_is_no_receipt_but_does_not_pass_with_it(self, played):
        report = verify(played, receipts=["no receipt", *played.receipts.values()])
        assert [(one.name, one.passed) for one in report.checks if not one.passed] == [
            ("receipt 1", False)
        ]

    def test_passes_in_any_layout(self, played, document):
        pretty = json.dumps(document, indent=2, ensure_ascii=False).encode()
        assert verify_opening(pretty, checkpoint=played.checkpoint, log_key=played.log.key).valid

    def test_passes_with_the_shares_published(self):
        played = scene.play(random=secrets.token_bytes, publish_shares=True)
        assert verify(played).valid
        document = json.loads(played.opening.dumps())
        document["bids"][0]["opened"]["shares"]["host"] = b64u(bytes(32))
        assert failed(verify(played, document)) == ["bid b-1 form"]

    def test_passes_with_a_witness_who_signed_its_checkpoint_and_not_without(self, played):
        private = Ed25519PrivateKey.from_private_bytes(bytes(32))
        witness = WitnessKey.of(private, origin="witness.example")
        line = cosign(played.checkpoint, private=private, name=witness.origin, at=1)
        signed = verify(played, checkpoint=played.checkpoint + line, witnesses=[witness])
        assert failed(signed) == []
        assert "witness witness.example" in [check.name for check in signed.checks]
        assert failed(verify(played, witnesses=[witness])) == ["witness witness.example"]

    def test_is_read_with_its_shares_as_it_was_written(self, played):
        given = scene.both(played.bids["sun"], host=played.host)
        opened = replace(played.opening.bids[0].opened, shares=given)
        assert Opened.from_body(opened.body()) == opened

    def test_passes_where_the_log_placed_everything_in_one_tick(self):
        helpers = tuple(keys.generate() for _ in range(3))
        played = scene.play(random=secrets.token_bytes, helpers=helpers, slow=True)
        assert len({index for index, _, _ in played.log.where.values()}) == 1
        assert failed(verify(played)) == []

    def test_shows_no_share_and_no_key_of_a_package(self, played):
        data = played.opening.dumps()
        for name in ("sun", "li"):
            released = scene.both(played.bids[name], host=played.host)
            keys = shares.keys_from(played.bids[name].header, released)
            for secret in (*(one.secret for one in released), keys[1]):
                assert b64u(secret).encode() not in data


class TestALie:
    def test_about_a_price_is_found(self, played, document):
        document["bids"][0]["opened"]["form"]["price_fen"] += 1
        assert failed(verify(played, document)) == ["bid b-1 form", "result"]

    def test_about_the_ciphertext_is_found(self, played, document):
        opened = [bid["opened"] for bid in document["bids"]]
        opened[0]["form_ct"] = opened[1]["form_ct"]
        assert failed(verify(played, document)) == ["bid b-1 form"]

    def test_about_the_key_is_found(self, played, document):
        document["bids"][0]["opened"]["form_key"] = b64u(bytes(32))
        assert failed(verify(played, document)) == ["bid b-1 form"]

    def test_that_a_bid_was_never_there_is_found(self, played, document):
        del document["bids"][2]
        names = failed(verify(played, document))
        assert names[:2] == ["set", "result"]
        assert names[2].startswith("receipt ")

    def test_that_a_withdrawn_bid_was_never_there_is_found_by_its_owner(self, played, document):
        del document["gone"][1]
        assert failed(verify(played, document, receipts=[])) == []
        owner = receipts.verify(played.receipts["chen"], log_key=played.log.key)
        assert failed(verify(played, document)) == [f"receipt {owner.id}"]

    def test_that_a_bid_was_withdrawn_is_found(self, played, document):
        live = document["bids"].pop(2)
        document["gone"].append({"receive": live["receive"], "end": document["gone"][1]["end"]})
        assert failed(verify(played, document)) == ["set", "gone b-4", "result"]

    def test_that_a_replaced_bid_is_the_live_one_is_found(self, played, document):
        document["bids"][1]["receive"] = document["gone"][0]["receive"]
        assert "set" in failed(verify(played, document))
        assert "bid b-2 header" in failed(verify(played, document))

    def test_about_an_outcome_is_found(self, played, document):
        document["bids"][2]["outcome"] = "invalid"
        assert failed(verify(played, document)) == ["result"]
        document["bids"][0].update(outcome="unreleased", opened=None)
        assert failed(verify(played, document)) == ["result"]

    def test_about_a_release_is_found(self, played, document):
        document["releases"].pop()
        assert failed(verify(played, document)) == ["releases"]

    def test_that_one_bid_alone_was_released_is_told_by_the_result(self, played, document):
        document["bids"][1].update(outcome="unreleased", opened=None)
        document["releases"] = [one for one in document["releases"] if one["entry"]["bid"] == "b-1"]
        assert failed(verify(played, document)) == ["result"]

    def test_that_the_host_alone_released_is_told_by_the_result(self, played, document):
        for bid in document["bids"]:
            bid.update(outcome="unreleased", opened=None)
        document["releases"] = [
            one for one in document["releases"] if one["entry"]["role"] == "host"
        ]
        assert failed(verify(played, document)) == ["result"]

    @pytest.mark.parametrize("name", ["key", "close", "result"])
    def test_about_an_entry_is_found(self, played, document, name):
        document[name]["entry"]["at"] = "2026-11-23T05:59:59.999Z"
        assert failed(verify(played, document)) == [name]

    @pytest.mark.parametrize("member", ["salt", "place", "index", "size"])
    def test_about_a_place_in_the_log_is_found(self, played, document, member):
        logged = document["bids"][0]["receive"]
        if member == "salt":
            logged["salt"] = b64u(bytes(32))
        else:
            logged["proof"][member] ^= 1
        assert "bid b-1 included" in failed(verify(played, document))

    @pytest.mark.parametrize("member", ["tender", "lot", "envelope", "origin"])
    def test_about_the_subject_is_found(self, played, document, member):
        document[member] = "another"
        assert failed(verify(played, document, receipts=[])) in (["document"], ["checkpoint"])

    def test_in_a_bent_document_is_found(self, played, document):
        changes: list[dict] = [{"more": 1}, {"bids": {}}, {"close": None}, {"v": 2}]
        for change in changes:
            assert failed(verify(played, {**document, **change})) == ["document"]


class TestALateBid:
    """The platform's log, honest as a data structure, with a bid slipped in after the close."""

    def late(self, played, *, at: str):
        log = played.log
        bid = scene.seal_bid(
            random=secrets.token_bytes,
            host=played.host,
            party="p-late",
            bid="b-9",
            price_fen=1,
        )
        (bid.leaf,) = log.tick(scene.receive(bid, at=at, random=secrets.token_bytes))
        leaves = [one.receive.leaf for one in played.opening.bids]
        close = entries.TenderClosed.from_body(played.opening.close.entry)
        (closed,) = log.tick(replace(close, count=4, set_root=b64u(set_root([*leaves, bid.leaf]))))
        return bid, closed

    def test_is_not_in_the_closed_set(self, after):
        bid, _ = self.late(after, at="2026-11-23T05:59:00.000Z")
        honest = rebuilt(after)
        after.opening = replace(
            honest,
            bids=(*honest.bids, LiveBid(
                receive=after.log.logged(bid.leaf), header=bid.header.json, outcome="unreleased"
            )),
        )  # fmt: skip
        assert failed(verify(after)) == ["bid b-9 included", "set", "result"]

    def test_with_a_second_close_stands_against_the_clock_of_its_own_entry(self, after):
        bid, closed = self.late(after, at="2026-11-23T06:00:00.000Z")
        honest = rebuilt(after, close=after.log.logged(closed))
        after.opening = replace(
            honest,
            bids=(*honest.bids, LiveBid(
                receive=after.log.logged(bid.leaf), header=bid.header.json, outcome="unreleased"
            )),
        )  # fmt: skip
        assert failed(verify(after)) == ["bid b-9 included", "releases", "result"]

    def test_beside_an_unchanged_opening_changes_nothing(self, after):
        self.late(after, at="2026-11-23T05:59:00.000Z")
        after.opening = rebuilt(after)
        assert failed(verify(after)) == []


class TestALyingPlatform:
    """What it writes into the log is false from the start; the log itself is sound."""

    @staticmethod
    def failed(kind: type[entries.Entry], *, bid: str | None = None, **lie) -> list[str]:
        def bend(entry):
            mine = isinstance(entry, kind) and bid in {None, getattr(entry, "bid", None)}
            return replace(entry, **lie) if mine else entry

        return failed(verify(scene.play(random=secrets.token_bytes, bend=bend)))

    def test_cannot_publish_another_host_key(self):
        other = keys.generate()
        public = b64u(other.public)
        assert self.failed(entries.KeyPublished, kid=other.kid, public=public) == ["key"]
        assert self.failed(entries.KeyPublished, public=public) == ["key"]

    def test_cannot_claim_another_version_of_the_documents(self):
        assert self.failed(entries.BidReceived, bid="b-1", doc_version=1) == ["bid b-1 form"]

    def test_cannot_give_a_bid_to_another_party(self):
        assert self.failed(entries.BidReceived, bid="b-4", party="p-sun") == [
            "bid b-4 header",
            "set",
        ]

    @pytest.mark.parametrize("member", ["kc", "header_sha256", "form_ct_sha256"])
    def test_cannot_claim_another_file(self, member):
        (name,) = self.failed(entries.BidReceived, bid="b-1", **{member: b64u(bytes(32))})
        assert name.startswith("bid b-1 ")

    def test_cannot_claim_another_size(self):
        assert self.failed(entries.BidReceived, bid="b-1", size=1) == ["bid b-1 header"]

    def test_cannot_invent_a_superseding_bid(self):
        assert self.failed(entries.BidSuperseded, new=b64u(bytes(32))) == ["gone b-2"]
        assert self.failed(entries.BidSuperseded, party="p-sun") == ["gone b-2"]

    def test_cannot_date_a_withdrawal_after_the_deadline(self):
        assert self.failed(entries.BidWithdrawn, at=scene.DEADLINE) == ["gone b-5"]

    def test_cannot_claim_another_release(self):
        com = b64u(bytes(32))
        assert self.failed(entries.ShareReleased, bid="b-1", com=com) == ["releases"]
        assert self.failed(entries.ShareReleased, bid="b-1", role="host") == ["releases"]

    def test_cannot_close_another_number_of_bids(self):
        assert self.failed(entries.TenderClosed, count=2) == ["set"]
        assert self.failed(entries.TenderClosed, set_root=b64u(bytes(32))) == ["set"]

    def test_cannot_log_the_key_after_the_bids(self, after):
        (leaf,) = after.log.tick(entries.parse(after.opening.key.entry))
        after.opening = rebuilt(after, key=after.log.logged(leaf))
        assert failed(verify(after)) == ["key"]

    def test_cannot_close_after_releases_and_result(self, after):
        (leaf,) = after.log.tick(entries.parse(after.opening.close.entry))
        after.opening = rebuilt(after, close=after.log.logged(leaf))
        assert failed(verify(after)) == ["releases", "result"]


class TestTheHost:
    def test_may_not_release_before_a_bidder(self, after):
        late = replace(
            entries.parse(after.opening.releases[0].entry), at="2026-11-23T06:09:00.000Z"
        )
        (leaf,) = after.log.tick(late)
        opening = rebuilt(after)
        assert [one.entry["role"] for one in opening.releases] == ["bidder"] * 2 + ["host"] * 2
        after.opening = replace(opening, releases=(after.log.logged(leaf), *opening.releases[1:]))
        assert failed(verify(after)) == ["releases"]


class TestACheckpoint:
    def test_of_another_log_or_key_refutes(self, played):
        other = Ed25519PrivateKey.generate()
        state = checkpoint.verify(played.checkpoint, log_key=played.log.key)
        forged = checkpoint.sign(state, private=other)
        assert failed(verify(played, checkpoint=forged)) == ["checkpoint"]
        key = LogKey.of(other, origin="another.example")
        assert failed(verify(played, log_key=key)) == ["checkpoint"]

    def test_of_another_root_refutes_everything(self, played):
        state = Checkpoint(origin=scene.ORIGIN, size=played.log.tree.size, root=bytes(32))
        forged = checkpoint.sign(state, private=played.log.private)
        names = failed(verify(played, checkpoint=forged))
        assert {"key", "close", "bid b-1 included", "releases", "result"} <= set(names)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda note: note.replace("\n\n", "\n"),
            lambda note: note.replace("— ", "- "),
            lambda note: note[:-1],
            lambda note: note.replace(scene.ORIGIN, "x", 1),
            lambda note: "\n" + note,
            lambda note: note.replace("\n", "\n0", 1),
            lambda note: note.replace("\n\n", "\nextension\n\n"),
            lambda note: "",
            lambda note: note[:-5] + "AAA=\n",
        ],
    )
    def test_that_was_altered_is_refused(self, played, spoil):
        with pytest.raises(SealingError) as caught:
            checkpoint.verify(spoil(played.checkpoint), log_key=played.log.key)
        assert caught.value.code is Code.CHECKPOINT

    def test_may_carry_signatures_of_others(self, played):
        note = played.checkpoint + "— witness.example AAAAAAAA\n"
        assert checkpoint.verify(note, log_key=played.log.key).size == played.log.tree.size

    def test_key_has_one_spelling(self, played):
        line = played.log.key.dumps()
        assert LogKey.loads(line + "\n") == played.log.key
        for bad in (line[:-4], line.replace("+", "-"), "", line.replace(scene.ORIGIN, "x")):
            with pytest.raises(SealingError) as caught:
                LogKey.loads(bad)
            assert caught.value.code is Code.KEY_FILE
