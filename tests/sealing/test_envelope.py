"""Sealing and opening: what comes out, and all that must not."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing import canonical, digests, envelope, header, keys, padding, shares, stream, suites
from sealing.envelope import Recipients
from sealing.errors import Code, SealingError
from sealing.header import Expected
from sealing.package import PackedFile
from sealing.shares import Share
from sealing.streams import Collecting
from tests.sealing import scene
from tests.sealing.examples import examples
from tests.sealing.sealed import CONTEXT, refused, seal, unseal


class TestSealing:
    @given(
        contents=st.lists(st.binary(max_size=3000), max_size=4),
        big=st.sampled_from([0, 1, 524_000, 1_048_400, 1_100_000]),
    )
    @examples(15)
    def test_gives_back_form_and_files(self, host, tmp_path_factory, contents, big):
        contents = [*contents, os.urandom(big)]
        files = [
            PackedFile(name=f"{n}.pdf", part="technical", content=data)
            for n, data in enumerate(contents)
        ]
        into = tmp_path_factory.mktemp("out") / "bid"
        key, made, sink = seal(host=host, files=files)
        form, opened = unseal(key, host, made, sink, into)
        assert form == scene.form(100)
        assert [(into / one.name).read_bytes() for one in opened] == contents

    def test_hides_the_sizes(self, host):
        _, small, _ = seal(host=host)
        _, large, _ = seal(
            host=host, files=[PackedFile(name="a", part="price", content=bytes(900_000))]
        )
        assert small.size == large.size

    def test_never_repeats_a_byte_of_key_material(self, host):
        _, one, first = seal(host=host)
        _, two, second = seal(host=host)
        for name in ("commitment", "sha256"):
            assert getattr(one.header, name) != getattr(two.header, name)
        start = one.header.offset(0)
        assert first.getvalue()[start : start + 40] != second.getvalue()[start : start + 40]

    def test_tells_the_same_ct_root_as_the_receiver_finds(self, host):
        _, made, sink = seal(host=host)
        assert digests.measure(sink, header=made.header).ct_root == made.ct_root

    def test_to_an_all_zero_key_is_refused(self, host):
        with refused(Code.MALFORMED):
            envelope.seal(
                CONTEXT,
                recipients=Recipients(bidder=bytes(32), host=host.public),
                form=scene.form(1),
                files=[],
                sink=BytesIO(),
            )

    def test_to_one_key_twice_is_refused(self, host):
        with refused(Code.MALFORMED):
            seal(host=host, key=host)

    def test_of_a_form_for_another_lot_is_refused(self, host):
        with refused(Code.FORM):
            seal(host=host, context=replace(CONTEXT, lot="L2"))

    @pytest.mark.parametrize("change", [b"", b"longer than before"])
    def test_notices_a_file_that_changed_meanwhile(self, host, tmp_path, change):
        path = tmp_path / "a.pdf"
        path.write_bytes(b"before")
        packed = PackedFile.from_path(path, part="price")
        path.write_bytes(change)
        target = tmp_path / "x.stb"
        with refused(Code.SOURCE):
            envelope.seal_file(
                CONTEXT,
                recipients=Recipients(bidder=keys.generate().public, host=host.public),
                form=scene.form(1),
                files=[packed],
                path=target,
            )
        assert [one.name for one in tmp_path.iterdir()] == ["a.pdf"]

    def test_of_more_than_two_gibibytes_is_refused(self, host, tmp_path):
        path = tmp_path / "huge"
        with path.open("wb") as file:
            file.truncate((2 << 30) + 1)
        with refused(Code.TOO_LARGE):
            seal(host=host, files=[PackedFile.from_path(path, part="price")])
        assert padding.padded_package(2 << 30) == 2049 << 20


class TestOneShareAlone:
    def test_opens_nothing(self, bid, sealed, released):
        for share in released:
            for given_shares in ([share], [share, share], []):
                with refused(Code.COMMITMENT):
                    envelope.open_form(sealed, header=bid.header, shares=given_shares)

    @pytest.mark.parametrize("label", ["bidder", "host"])
    def test_does_not_help_to_guess_the_other(self, bid, sealed, released, label):
        mine = [share for share in released if share.label == label]
        other = next(one for one in released if one.label != label)
        for guess in (bytes(32), mine[0].secret, secrets.token_bytes(32)):
            with refused(Code.COMMITMENT):
                envelope.open_form(
                    sealed,
                    header=bid.header,
                    shares=[*mine, Share(label=other.label, secret=guess)],
                )

    def test_is_not_enough_even_without_the_commitments(self, bid, sealed, released):
        """Someone with another program, the bidder's key file and the whole database."""
        mine = next(one for one in released if one.label == "bidder")
        derived = suites.DEFAULT.content_keys(
            bidder=mine.secret, host=bytes(32), ctxh=bid.header.context.digest, parts=2
        )
        with refused(Code.CORRUPT):
            sealed.seek(bid.header.offset(0))
            stream.decrypt(
                sealed,
                Collecting(),
                key=derived.parts[0],
                aad=bid.header.sha256,
                length=65536,
                suite=suites.DEFAULT,
            )


class TestReleasing:
    def test_gives_a_share_that_meets_its_commitment(self, bid, released):
        for share in released:
            assert shares.verify_share(bid.header, share)
            assert share.secret.hex() not in repr(share)

    def test_needs_the_right_key(self, bid, host):
        for label in ("bidder", "host"):
            with refused(Code.WRONG_KEY):
                shares.release(bid.header, label=label, key=keys.generate())
        with refused(Code.WRONG_KEY):
            shares.release(bid.header, label="bidder", key=host)

    def test_of_a_box_from_another_bid_is_refused(self, host):
        key, one, _ = seal(host=host)
        _, two, _ = seal(host=host, key=key, context=replace(CONTEXT, bid="b-2"))
        mine, theirs = one.header, two.header
        moved = replace(
            mine,
            shares=(replace(mine.shares[0], box=theirs.shares[0].box), mine.shares[1]),
        )
        with refused(Code.WRONG_KEY):
            shares.release(moved, label="bidder", key=key)

    def test_of_a_share_that_was_not_committed_is_refused(self, bid):
        other = replace(bid.header.shares[0], commitment=bytes(32))
        spoilt = replace(bid.header, shares=(other, bid.header.shares[1]))
        with refused(Code.COMMITMENT):
            shares.release(spoilt, label="bidder", key=bid.key)

    def test_cannot_be_replayed_in_another_bid(self, bid, released, host):
        _, made, _ = seal(host=host)
        body = canonical.loads(shares.dumps(released[0], header=bid.header))
        assert shares.from_body(body, header=bid.header) == released[0]
        with refused(Code.WRONG_CONTEXT):
            shares.from_body(body, header=made.header)


class TestTheExpectedContext:
    @pytest.mark.parametrize("name", ["tender", "lot", "envelope", "bidder", "bid", "deadline_id"])
    def test_is_compared_member_by_member(self, bid, name):
        here = getattr(bid.header.context, name)
        header.check(bid.header, Expected(**{name: here}))
        with refused(Code.WRONG_CONTEXT):
            header.check(bid.header, Expected(**{name: "another"}))

    def test_includes_the_pinned_host_key(self, bid, host):
        header.check(bid.header, Expected(host_kid=host.kid, bidder_kid=bid.key.kid))
        with refused(Code.WRONG_KEY):
            header.check(bid.header, Expected(host_kid=keys.generate().kid))


class TestAFlippedBit:
    @given(data=st.data())
    @examples(120)
    def test_anywhere_makes_the_bid_unreadable(self, bid, released, data, tmp_path_factory):
        at = data.draw(st.integers(0, len(bid.data) - 1))
        self._refused(bid, released, at, data.draw(st.integers(0, 7)), tmp_path_factory)

    @given(data=st.data())
    @examples(200)
    def test_in_the_header_makes_it_unreadable(self, bid, released, data, tmp_path_factory):
        at = data.draw(st.integers(0, bid.header.offset(0) + 60))
        self._refused(bid, released, at, data.draw(st.integers(0, 7)), tmp_path_factory)

    @staticmethod
    def _refused(bid, released, at, bit, tmp_path_factory):
        spoilt = bytearray(bid.data)
        spoilt[at] ^= 1 << bit
        file = BytesIO(bytes(spoilt))
        folder = tmp_path_factory.getbasetemp() / "flipped"
        with pytest.raises(SealingError):
            scene.open_all(file, shares=released, into=folder)
        assert not folder.exists()


class TestAnything:
    @given(st.binary(max_size=400))
    @examples(200)
    def test_read_as_a_sealed_file_is_refused_and_nothing_else(self, junk):
        for data in (junk, b"GGZYBID1" + junk, b"GGZYBID1\0\0\0\x20" + junk):
            with pytest.raises(SealingError):
                header.read(BytesIO(data))

    json = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=9,
    )

    @given(
        value=json, member=st.sampled_from(["ctx", "kc", "shares", "rec", "parts", "suite", "v"])
    )
    @examples(200)
    def test_in_place_of_a_header_member_is_refused(self, bid, value, member):
        body = canonical.loads(bid.header.json)
        if body[member] == value and type(body[member]) is type(value):
            return
        body[member] = value
        with pytest.raises(SealingError):
            header.parse(canonical.dumps(body))
