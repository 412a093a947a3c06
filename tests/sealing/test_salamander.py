"""One ciphertext, two keys, two prices: GCM alone allows it, the commitments do not."""

from __future__ import annotations

import os
from dataclasses import replace
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from sealing import envelope, keys, shares, stream
from sealing.errors import Code, SealingError
from sealing.shares import Share
from sealing.streams import Collecting
from sealing.suites import SuiteId, of
from tests.sealing import scene

R = 0xE1 << 120
ONE = 1 << 127
BLOCK = 16


def mul(x: int, y: int) -> int:
    """Multiply in GCM's field."""
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (R if y & 1 else 0)
    return product


def power(x: int, n: int) -> int:
    made = ONE
    while n:
        if n & 1:
            made = mul(made, x)
        x, n = mul(x, x), n >> 1
    return made


def inverse(x: int) -> int:
    return power(x, (1 << 128) - 2)


# AES with 32 bytes of key, SM4 with 16: GCM is the same over both.
def algorithm(key: bytes):
    return algorithms.AES(key) if len(key) == 32 else SM4(key)


def block(key: bytes, data: bytes) -> int:
    cipher = Cipher(algorithm(key), modes.ECB()).encryptor()
    return int.from_bytes(cipher.update(data), "big")


def ghash(h: int, data: bytes) -> int:
    value = 0
    for at in range(0, len(data), BLOCK):
        value = mul(value ^ int.from_bytes(data[at : at + BLOCK], "big"), h)
    lengths = (len(data) * 8).to_bytes(BLOCK, "big")
    return mul(value ^ int.from_bytes(lengths, "big"), h)


def two_faced(first: bytes, second: bytes, *, keys: tuple[bytes, bytes], nonce: bytes) -> bytes:
    """Make one ciphertext that both keys authenticate; each message keeps its first half.

    The last block is free and is chosen so that both keys compute the same tag.
    """
    streams = [
        Cipher(algorithm(key), modes.CTR(nonce + b"\0\0\0\2")).encryptor().update(bytes(96))
        for key in keys
    ]
    half = len(first)
    body = bytes(a ^ b for a, b in zip(first, streams[0], strict=False))
    body += bytes(a ^ b for a, b in zip(second, streams[1][half:], strict=False))
    hs = [block(key, bytes(BLOCK)) for key in keys]
    masks = [block(key, nonce + b"\0\0\0\1") for key in keys]
    open_tags = [ghash(h, body + bytes(BLOCK)) ^ m for h, m in zip(hs, masks, strict=True)]
    free = mul(open_tags[0] ^ open_tags[1], inverse(mul(hs[0], hs[0]) ^ mul(hs[1], hs[1])))
    tag = open_tags[0] ^ mul(free, mul(hs[0], hs[0]))
    return body + free.to_bytes(BLOCK, "big") + tag.to_bytes(BLOCK, "big")


LOW, HIGH = b'{"price":"777"} ', b'{"price":"980"} '


@pytest.fixture(scope="module", params=list(SuiteId))
def host(request):
    return keys.generate(suite=of(request.param))


@pytest.fixture(scope="module")
def bid(host):
    return scene.seal_bid(random=os.urandom, host=host, party="p", bid="b", price_fen=980_00)


@pytest.fixture(scope="module")
def released(bid, host):
    return scene.both(bid, host=host)


class TestASalamander:
    def test_is_accepted_by_gcm_under_two_keys(self):
        pair = (os.urandom(32), os.urandom(32))
        nonce = os.urandom(12)
        made = two_faced(HIGH, LOW, keys=pair, nonce=nonce)
        assert AESGCM(pair[0]).decrypt(nonce, made, None)[:16] == HIGH
        assert AESGCM(pair[1]).decrypt(nonce, made, None)[16:32] == LOW

    @pytest.mark.parametrize("suite", list(map(of, SuiteId)), ids=lambda suite: suite.id)
    def test_lives_in_the_stream_too(self, suite):
        """So the stream's own format would not save us."""
        part_keys, aad = (os.urandom(32), os.urandom(32)), os.urandom(32)
        salt, prefix = os.urandom(32), os.urandom(7)
        one, two = (
            suite.hkdf(key, info=aad, salt=salt, length=suite.aead_key_bytes) for key in part_keys
        )
        nonce = prefix + b"\0\0\0\0\1"
        made = bytes([0x28]) + salt + prefix + two_faced(HIGH, LOW, keys=(one, two), nonce=nonce)
        for key, at, price in ((part_keys[0], 0, HIGH), (part_keys[1], 16, LOW)):
            sink = Collecting()
            stream.decrypt(BytesIO(made), sink, key=key, aad=aad, length=48, suite=suite)
            assert sink.data[at : at + 16] == price

    def test_needs_a_second_share_which_no_commitment_admits(self, bid, sealed, released):
        """The bidder who would rather have been cheaper releases another share."""
        other = Share(label="bidder", secret=os.urandom(32))
        with pytest.raises(SealingError) as caught:
            envelope.open_form(sealed, header=bid.header, shares=[other, released[1]])
        assert caught.value.code is Code.COMMITMENT

    def test_is_stopped_by_the_content_key_even_if_a_share_had_two_faces(
        self, bid, sealed, released
    ):
        other = Share(label="bidder", secret=os.urandom(32))
        commitment = bid.header.suite.commit(
            other.secret, label="bidder", ctxh=bid.header.context.digest
        )
        bidder = replace(bid.header.shares[0], commitment=commitment)
        forged = replace(bid.header, shares=(bidder, bid.header.shares[1]))
        assert shares.verify_share(forged, other)
        with pytest.raises(SealingError) as caught:
            envelope.open_form(sealed, header=forged, shares=[other, released[1]])
        assert caught.value.code is Code.COMMITMENT
