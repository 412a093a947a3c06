"""A bidder who lost its key: those whom the tender names recover its share, and nobody else."""

from __future__ import annotations

import itertools
import json
import secrets
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing import canonical, entries, envelope, header, keys, pieces, recovery, shares, suites
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.header import Expected
from sealing.opening import verify_opening
from sealing.pieces import Holders
from sealing.suites import SuiteId, of
from tests.sealing import scene
from tests.sealing.examples import examples
from tests.sealing.sealed import CONTEXT, refused
from tests.vectors.reading import read


def helpers(count, *, suite=suites.DEFAULT):
    """Those who may recover, in the order of their names."""
    made = [keys.generate(suite=suite) for _ in range(count)]
    return sorted(made, key=lambda one: one.kid)


def sealed(host, *, need, publics, key=None):
    sink = BytesIO()
    made = envelope.seal(
        CONTEXT,
        recipients=envelope.Recipients(
            bidder=(key or keys.generate(suite=host.suite)).public,
            host=host.public,
            suite=host.suite,
            recovery=Holders(need=need, publics=tuple(publics)),
        ),
        form=scene.form(100),
        files=(),
        sink=sink,
    )
    return made.header, sink


@pytest.fixture(scope="module")
def host():
    return keys.generate()


@pytest.fixture(scope="module")
def three():
    return helpers(3)


@pytest.fixture(scope="module")
def bid(host, three):
    """A bid that any two of three may recover, and its file."""
    return sealed(host, need=2, publics=[one.public for one in three])


@pytest.fixture(scope="module")
def played(three):
    return scene.play(random=secrets.token_bytes, helpers=tuple(three))


def gathered(made, who):
    return [piece for one in who for piece in recovery.release(made, key=one)]


class TestTheHolders:
    @pytest.mark.parametrize("suite", list(SuiteId))
    @pytest.mark.parametrize(("need", "count"), [(2, 2), (2, 3), (3, 3), (3, 5), (5, 5)])
    def test_open_the_bid_with_the_host_and_without_the_bidder(self, suite, need, count):
        host, who = keys.generate(suite=of(suite)), helpers(count, suite=of(suite))
        made, sink = sealed(host, need=need, publics=[one.public for one in who])
        for some in itertools.combinations(who, need):
            found = recovery.recover(made, gathered(made, some))
            assert found.label == "bidder"
            both = [found, shares.release(made, label="host", key=host)]
            assert envelope.open_form(sink, header=made, shares=both) == scene.form(100)

    @pytest.mark.parametrize(("need", "count"), [(2, 3), (3, 4), (4, 5)])
    def test_are_too_few_without_one_of_them(self, host, need, count):
        who = helpers(count)
        made, _ = sealed(host, need=need, publics=[one.public for one in who])
        for some in itertools.combinations(who, need - 1):
            with refused(Code.COMMITMENT):
                recovery.recover(made, gathered(made, some))

    def test_learn_nothing_of_the_share_from_the_pieces_of_one(self, bid, three):
        # In each set the other piece is a mask of its own: a lone piece fits any share.
        made, _ = bid
        mine = {piece.number: piece for piece in gathered(made, three[:1])}
        share = recovery.recover(made, gathered(made, three[:2])).secret
        for number, piece in mine.items():
            rest = [
                one.secret
                for one in gathered(made, three[1:])
                if one.number == number and one.place != piece.place
            ]
            assert pieces.xor([piece.secret, *rest]) == share
            assert piece.secret != share

    def test_cannot_open_without_the_host(self, bid, three):
        made, sink = bid
        found = recovery.recover(made, gathered(made, three))
        with refused(Code.COMMITMENT):
            envelope.open_form(sink, header=made, shares=[found])

    def test_are_not_the_host_and_the_bidder_themselves(self, host):
        key = keys.generate()
        other = keys.generate()
        for owner in (host, key):
            with refused(Code.MALFORMED):
                sealed(host, need=2, publics=[owner.public, other.public], key=key)

    @pytest.mark.parametrize(("need", "count"), [(1, 2), (0, 2), (3, 2), (2, 6), (2, 1)])
    def test_are_two_to_five_and_never_one_alone(self, host, need, count):
        with refused(Code.MALFORMED):
            sealed(host, need=need, publics=[one.public for one in helpers(count)])

    def test_do_not_stand_twice(self, host):
        one = keys.generate()
        with refused(Code.MALFORMED):
            sealed(host, need=2, publics=[one.public, one.public])


class TestAPiece:
    def test_serves_in_its_own_set_only(self, bid, three):
        made, _ = bid
        first, second, *_ = gathered(made, three[:1])
        for wrong in (replace(first, number=second.number), replace(first, place=1)):
            with refused(Code.COMMITMENT):
                recovery.check_piece(made, wrong)

    def test_of_a_stranger_is_refused(self, bid):
        made, _ = bid
        with refused(Code.WRONG_KEY):
            recovery.release(made, key=keys.generate())
        with refused(Code.WRONG_KEY):
            recovery.release(made, key=keys.generate(suite=of("2")))

    def test_is_found_out_when_it_is_wrong(self, bid, three):
        made, _ = bid
        good = gathered(made, three[:2])
        for place, one in enumerate(good):
            bad = replace(one, secret=bytes(32))
            spoiled = [*good[:place], bad, *good[place + 1 :]]
            if one.number == 0:
                with refused(Code.COMMITMENT):
                    recovery.recover(made, spoiled)

    def test_goes_to_the_server_and_back(self, bid, three):
        made, _ = bid
        mine = recovery.release(made, key=three[0])
        body = canonical.loads(recovery.dumps(mine, header=made, kid=three[0].kid))
        assert recovery.from_body(body, header=made) == mine
        assert "secret" not in repr(mine[0])

    def test_of_another_bid_is_refused(self, host, bid, three):
        made, _ = bid
        other, _ = sealed(host, need=2, publics=[one.public for one in three])
        mine = recovery.release(made, key=three[0])
        body = canonical.loads(recovery.dumps(mine, header=made, kid=three[0].kid))
        with refused(Code.WRONG_CONTEXT):
            recovery.from_body(body, header=other)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"pieces": []}, Code.MALFORMED),
            ({"pieces": ["x", "y"]}, Code.MALFORMED),
            ({"pieces": [b64u(bytes(32)), b64u(bytes(32))]}, Code.COMMITMENT),
            ({"kid": b64u(bytes(16))}, Code.WRONG_KEY),
            ({"kind": "ggzy-share"}, Code.MALFORMED),
            ({"more": 1}, Code.MALFORMED),
        ],
    )
    def test_that_is_bent_on_the_way_is_refused(self, bid, three, change, code):
        made, _ = bid
        mine = recovery.release(made, key=three[0])
        body = canonical.loads(recovery.dumps(mine, header=made, kid=three[0].kid))
        with refused(code):
            recovery.from_body({**body, **change}, header=made)


class TestABidder:
    def test_who_boxed_pieces_that_do_not_fit_is_found_out(self, bid, three, host):
        # Each piece meets its own commitment, yet together they are not the share.
        made, _ = bid
        ctxh = made.context.digest
        cheat = pieces.split(
            secrets.token_bytes(32),
            holders=Holders(need=2, publics=tuple(one.public for one in three)),
            suite=made.suite,
            ctxh=ctxh,
            random=secrets.token_bytes,
        )
        bent = header.parse(replace(made, recovery=cheat).json)
        given_pieces = gathered(bent, three)
        for one in given_pieces:
            recovery.check_piece(bent, one)
        with refused(Code.COMMITMENT):
            recovery.recover(bent, given_pieces)

    def test_takes_the_holders_of_the_tender_or_none(self, bid, three):
        made, _ = bid
        kids = frozenset(one.kid for one in three)
        header.check(made, Expected(recovery=(2, kids)))
        for offered in (None, (3, kids), (2, kids - {three[0].kid}), (2, kids | {"x"})):
            with refused(Code.WRONG_KEY):
                header.check(made, Expected(recovery=offered))
        header.check(replace(made, recovery=()), Expected(recovery=(2, kids)))


@pytest.mark.parametrize("suite", list(SuiteId))
class TestTheFrozenBid:
    def test_is_recovered_by_any_two(self, suite):
        frozen = read("recovery", suite)
        made = header.parse(frozen["header"].encode())
        assert b64u(made.sha256) == frozen["header_sha256"]
        who = [
            keys.OpeningKey.from_raw(unb64u(one["private"]), suite=of(suite))
            for one in frozen["holders"]
        ]
        for one, file in zip(who, frozen["files"], strict=True):
            mine = recovery.release(made, key=one)
            assert recovery.dumps(mine, header=made, kid=one.kid).decode() == file
        for some in itertools.combinations(who, frozen["need"]):
            assert b64u(recovery.recover(made, gathered(made, some)).secret) == frozen["share"]

    def test_is_refused_with_any_other_list(self, suite):
        for case in read("recovery", suite)["refused"]:
            with refused(Code.MALFORMED):
                header.parse(case["header"].encode())


class TestTheHeader:
    def test_stays_as_it_was_without_recovery(self, host):
        key = keys.generate()
        made = envelope.seal(
            CONTEXT,
            recipients=envelope.Recipients(bidder=key.public, host=host.public),
            form=scene.form(100),
            files=(),
            sink=BytesIO(),
        )
        assert made.header.recovery == ()
        assert canonical.loads(made.header.json)["rec"] == []

    def test_says_the_same_when_it_is_read_again(self, bid):
        made, _ = bid
        assert header.parse(made.json) == made
        assert len(made.recovery) == 3

    @examples(60)
    @given(data=st.data())
    def test_is_refused_with_sets_missing_twice_or_in_another_order(self, bid, data):
        made, _ = bid
        body = canonical.loads(made.json)
        sets = body["rec"]
        number = data.draw(st.integers(0, 2))
        change = data.draw(st.sampled_from(["drop", "twice", "turn", "swap", "shorten", "empty"]))
        if change == "drop":
            del sets[number]
        elif change == "twice":
            sets.append(sets[number])
        elif change == "turn":
            sets[number].reverse()
        elif change == "swap":
            other = (number + 1) % 3
            sets[number], sets[other] = sets[other], sets[number]
        elif change == "shorten":
            sets[number].pop()
        else:
            sets[number] = []
        with refused(Code.MALFORMED):
            header.parse(canonical.dumps(body))

    @pytest.mark.parametrize("rec", [[1], [[1]], [{}], [[{}]], [[]], "x", [[], []]])
    def test_is_refused_with_another_shape(self, bid, rec):
        made, _ = bid
        with refused(Code.MALFORMED):
            header.parse(canonical.dumps({**canonical.loads(made.json), "rec": rec}))

    def test_is_refused_with_a_box_that_is_none(self, bid):
        made, _ = bid
        body = canonical.loads(made.json)
        body["rec"][1][0]["box"] = b64u(unb64u(body["rec"][1][0]["box"]) + b"\0")
        with refused(Code.MALFORMED):
            header.parse(canonical.dumps(body))

    def test_of_five_holders_of_the_longest_boxes_still_fits(self):
        host, who = keys.generate(suite=of("2")), helpers(5, suite=of("2"))
        made, _ = sealed(host, need=3, publics=[one.public for one in who])
        assert len(made.json) < header.MAX_HEADER


def failed(played, opening=None):
    report = verify_opening(
        (opening or played.opening).dumps(),
        checkpoint=played.checkpoint,
        log_key=played.log.key,
    )
    return [check.name for check in report.checks if not check.passed]


class TestAnOpeningWithARecoveredBid:
    def test_passes_every_check(self, played):
        assert failed(played) == []
        assert {bid.header.recovery != () for bid in played.bids.values()} == {True, False}
        kinds = [one.entry["kind"] for one in played.opening.releases]
        assert kinds.count("share.recover") == 1
        assert kinds.count("share.release") == 3

    def test_must_show_the_published_holders(self, played):
        assert failed(played, replace(played.opening, recovery=None)) == ["recovery"]

    @pytest.mark.parametrize(
        ("kind", "lie", "checks"),
        [
            ("recovery.publish", {"need": 3}, ["recovery"]),
            ("share.recover", {"holders": ()}, ["releases"]),
            ("share.recover", {"com": b64u(bytes(32))}, ["releases"]),
        ],
    )
    def test_convicts_a_platform_that_lies(self, three, kind, lie, checks):
        def bend(entry):
            return replace(entry, **lie) if entry.kind == kind else entry

        lying = scene.play(random=secrets.token_bytes, helpers=tuple(three), bend=bend)
        assert failed(lying) == checks

    def test_convicts_a_platform_that_names_other_holders(self, three):
        stranger = keys.generate()
        other = (entries.NamedKey(kid=stranger.kid, public=b64u(stranger.public)),)

        def bend(entry):
            return (
                replace(entry, keys=(*entry.keys[:2], *other))
                if entry.kind == "recovery.publish"
                else entry
            )

        assert failed(scene.play(random=secrets.token_bytes, helpers=tuple(three), bend=bend)) == [
            "recovery"
        ]

    def test_convicts_a_platform_that_names_a_key_falsely(self, three):
        def bend(entry):
            if entry.kind != "recovery.publish":
                return entry
            first, *rest = sorted(entry.keys, key=lambda one: one.kid)
            public = b64u(keys.generate().public)
            return replace(entry, keys=(replace(first, public=public), *rest))

        assert failed(scene.play(random=secrets.token_bytes, helpers=tuple(three), bend=bend)) == [
            "recovery"
        ]


class TestAnEntry:
    def test_of_holders_is_read_as_it_was_written(self, three):
        made = entries.RecoveryPublished(
            at="2026-11-01T01:00:00.000Z",
            tender="T",
            need=2,
            keys=tuple(
                entries.NamedKey(kid=one.kid, public=b64u(one.public)) for one in reversed(three)
            ),
        )
        body = json.loads(canonical.dumps(made.body()))
        assert [one["kid"] for one in body["keys"]] == [one.kid for one in three]
        assert entries.parse(body).body() == body

    @pytest.mark.parametrize(
        "change", [{"need": 1}, {"need": 6}, {"keys": [{}]}, {"keys": [{"kid": "x"}]}, {"keys": 1}]
    )
    def test_of_holders_that_make_no_sense_is_refused(self, three, change):
        body = entries.RecoveryPublished(
            at="2026-11-01T01:00:00.000Z",
            tender="T",
            need=2,
            keys=tuple(entries.NamedKey(kid=one.kid, public=b64u(one.public)) for one in three),
        ).body()
        with pytest.raises(SealingError) as told:
            entries.parse({**body, **change})
        assert told.value.code is Code.ENTRY
