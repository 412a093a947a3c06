"""Key files and holder files: who can open them, and that any two holders are needed."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest

from sealing import canonical, keys, shares, splitting
from sealing.encoding import b64u
from sealing.errors import Code, SealingError
from sealing.pieces import xor

PASSPHRASES = ("holder one", "holder two", "holder three")


def refused(code: Code):
    return pytest.raises(SealingError, check=lambda error: error.code is code)


@pytest.fixture(scope="module")
def wrapped():
    key = keys.generate()
    return key, keys.wrap(key, passphrase="long enough", label="测试")


@pytest.fixture(scope="module")
def holders(host):
    return splitting.split(host, passphrases=PASSPHRASES)


@pytest.fixture(scope="module")
def holdings(holders):
    return [
        splitting.unwrap(data, passphrase=secret)
        for data, secret in zip(holders, PASSPHRASES, strict=True)
    ]


class TestAKeyFile:
    def test_opens_with_its_passphrase(self, wrapped):
        key, data = wrapped
        assert keys.unwrap(data, passphrase="long enough").public == key.public
        assert keys.read_public(data).label == "测试"

    def test_stays_shut_with_another(self, wrapped):
        with refused(Code.PASSPHRASE):
            keys.unwrap(wrapped[1], passphrase="long enougH")

    def test_does_not_show_the_private_key(self, wrapped):
        key, data = wrapped
        raw = key.secret
        assert raw not in data
        assert raw.hex() not in repr(key)

    @pytest.mark.parametrize("passphrase", ["short", "", "x" * 1025, "1234567\ud800"])
    def test_is_not_written_with_a_bad_passphrase(self, wrapped, passphrase):
        with refused(Code.PASSPHRASE):
            keys.wrap(wrapped[0], passphrase=passphrase)

    @pytest.mark.parametrize(
        "change",
        [
            {"v": 2},
            {"kind": "x"},
            {"kid": "AAAAAAAAAAAAAAAAAAAAAA"},
            {"nonce": "short"},
            {"extra": 1},
            {"kdf": {"name": "argon2id", "m": 1 << 30, "t": 3, "p": 1, "salt": "A" * 22}},
            {"kdf": {"name": "argon2id", "m": 8, "t": 1, "p": 1, "salt": "A" * 22}},
            {"kdf": {"name": "scrypt"}},
            {"kdf": {"name": "pbkdf2-sha256", "i": 1, "salt": "A" * 22}},
        ],
    )
    def test_that_was_tampered_with_is_refused(self, wrapped, change):
        with refused(Code.KEY_FILE):
            keys.unwrap(self._changed(wrapped[1], change), passphrase="long enough")

    def test_cannot_be_given_another_public_key(self, wrapped):
        other = keys.generate()
        change = {"public": b64u(other.public), "kid": other.kid}
        with refused(Code.PASSPHRASE):
            keys.unwrap(self._changed(wrapped[1], change), passphrase="long enough")

    def test_whose_halves_do_not_fit_is_refused(self):
        one, other = keys.generate(), keys.generate()
        mixed = replace(other, secret=one.secret)
        with refused(Code.KEY_FILE):
            keys.unwrap(keys.wrap(mixed, passphrase="long enough"), passphrase="long enough")

    @pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"PK\x03\x04", b"null"])
    def test_that_is_none_is_refused(self, data):
        for read in (keys.read_public, splitting.read_public):
            with refused(Code.KEY_FILE):
                read(data)

    @staticmethod
    def _changed(data, change):
        return canonical.dumps({**canonical.loads(data), **change})


class TestTheHostKey:
    @pytest.mark.parametrize("pair", list(itertools.permutations(range(3), 2)))
    def test_is_made_by_any_two_holders(self, host, holdings, pair, bid):
        key = splitting.combine(*(holdings[n] for n in pair))
        assert key.public == host.public
        assert shares.release(bid.header, label="host", key=key).label == "host"

    def test_is_not_made_by_one(self, holdings):
        with refused(Code.KEY_FILE):
            splitting.combine(holdings[0], holdings[0])

    def test_stays_unknown_to_one(self, host, holdings):
        """The piece a holder lacks is uniform: every private key fits what he has."""
        for holding in holdings:
            assert set(holding.pieces) == {1, 2, 3} - {holding.holder}
            assert host.secret not in holding.pieces.values()
            assert xor(list(holding.pieces.values())) != host.secret

    def test_is_not_made_of_two_splits(self, host, holdings):
        again = splitting.split(host, passphrases=PASSPHRASES)
        other = splitting.unwrap(again[1], passphrase=PASSPHRASES[1])
        with refused(Code.KEY_FILE):
            splitting.combine(holdings[0], other)

    def test_needs_three_passphrases(self, host):
        with refused(Code.PASSPHRASE):
            splitting.split(host, passphrases=PASSPHRASES[:2])

    @pytest.mark.parametrize("name", ["holder", "label", "commitments", "kid"])
    def test_files_are_bound_to_what_they_say(self, holders, name):
        body = json.loads(holders[0])
        body[name] = {
            "holder": 2,
            "label": "x",
            "commitments": body["commitments"][::-1],
            "kid": "AAAAAAAAAAAAAAAAAAAAAA",
        }[name]
        with pytest.raises(SealingError) as caught:
            splitting.unwrap(canonical.dumps(body), passphrase=PASSPHRASES[0])
        assert caught.value.code in {Code.PASSPHRASE, Code.KEY_FILE}

    def test_files_with_other_pieces_than_committed_are_refused(self, host, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(splitting, "_commit", lambda *_, **__: bytes(32))
            (data, *_) = splitting.split(host, passphrases=PASSPHRASES)
        with refused(Code.COMMITMENT):
            splitting.unwrap(data, passphrase=PASSPHRASES[0])

    def test_files_show_no_piece(self, holders, holdings):
        for data, holding in zip(holders, holdings, strict=True):
            for piece in holding.pieces.values():
                assert b64u(piece).encode() not in data
            assert "pieces" not in repr(holding)
