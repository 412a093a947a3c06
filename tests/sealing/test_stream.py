"""The stream is Tink's, segment for segment, and nothing in it can be moved."""

from __future__ import annotations

import io
import secrets

import pytest
import tink
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from sealing import stream
from sealing.errors import Code, SealingError
from sealing.streams import Chain, Collecting
from sealing.suites import DEFAULT
from tests.vectors.make import LENGTHS, pattern

streaming_aead.register()


def tink_primitive(key: bytes):
    """Tink with our key, 512 KiB segments."""
    proto = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(
        version=0,
        key_value=key,
        params=aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
            ciphertext_segment_size=stream.SEGMENT,
            derived_key_size=32,
            hkdf_hash_type=common_pb2.SHA256,
        ),
    )
    keyset = tink_pb2.Keyset(
        primary_key_id=1,
        key=[
            tink_pb2.Keyset.Key(
                key_data=tink_pb2.KeyData(
                    type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey",
                    value=proto.SerializeToString(),
                    key_material_type=tink_pb2.KeyData.SYMMETRIC,
                ),
                status=tink_pb2.ENABLED,
                key_id=1,
                output_prefix_type=tink_pb2.RAW,
            )
        ],
    )
    handle = tink.proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


class Kept(io.BytesIO):
    """A file whose content survives its closing."""

    def close(self) -> None:
        self.kept = self.getvalue()
        super().close()


def encrypt(plain: bytes, *, key: bytes, aad: bytes) -> bytes:
    sink = Collecting()
    stream.encrypt(Chain([plain]), sink, key=key, aad=aad, suite=DEFAULT)
    return sink.data


def decrypt(sealed: bytes, *, key: bytes, aad: bytes, length: int) -> bytes:
    sink = Collecting()
    stream.decrypt(io.BytesIO(sealed), sink, key=key, aad=aad, length=length, suite=DEFAULT)
    return sink.data


@pytest.mark.parametrize("length", [*LENGTHS, 3 << 20])
class TestTink:
    def test_opens_what_we_encrypt(self, length):
        key, aad = secrets.token_bytes(32), secrets.token_bytes(32)
        sealed = encrypt(pattern(length), key=key, aad=aad)
        assert len(sealed) == stream.ciphertext_length(length)
        with tink_primitive(key).new_decrypting_stream(io.BytesIO(sealed), aad) as opened:
            assert opened.read() == pattern(length)

    def test_encrypts_what_we_open(self, length):
        key, aad = secrets.token_bytes(32), secrets.token_bytes(32)
        sink = Kept()
        with tink_primitive(key).new_encrypting_stream(sink, aad) as sealing:
            sealing.write(pattern(length))
        assert decrypt(sink.kept, key=key, aad=aad, length=length) == pattern(length)


class TestASegment:
    LENGTH = stream.FIRST + 3 * stream.LATER

    @pytest.fixture
    def sealed(self):
        return bytearray(encrypt(pattern(self.LENGTH), key=bytes(32), aad=b"aad"))

    def opened(self, sealed, *, length=LENGTH, aad=b"aad"):
        return decrypt(bytes(sealed), key=bytes(32), aad=aad, length=length)

    def test_in_its_place_is_opened(self, sealed):
        assert self.opened(sealed) == pattern(self.LENGTH)

    def test_cannot_change_places_with_another(self, sealed):
        one, two = (slice(n * stream.SEGMENT, (n + 1) * stream.SEGMENT) for n in (1, 2))
        sealed[one], sealed[two] = sealed[two], sealed[one]
        with pytest.raises(SealingError) as caught:
            self.opened(sealed)
        assert caught.value.code is Code.CORRUPT

    def test_cannot_be_declared_the_last(self, sealed):
        with pytest.raises(SealingError) as caught:
            self.opened(sealed, length=stream.FIRST + 2 * stream.LATER)
        assert caught.value.code is Code.CORRUPT

    def test_cannot_be_missing(self, sealed):
        with pytest.raises(SealingError) as caught:
            self.opened(sealed[: -stream.SEGMENT])
        assert caught.value.code is Code.TRUNCATED

    def test_belongs_to_its_header(self, sealed):
        with pytest.raises(SealingError) as caught:
            self.opened(sealed, aad=b"another")
        assert caught.value.code is Code.CORRUPT

    def test_is_counted_to_the_end_of_the_nonce(self):
        with pytest.raises(SealingError) as caught:
            stream.segments(stream.LATER * (1 << 32) + stream.FIRST + 1)
        assert caught.value.code is Code.TOO_LARGE
        assert stream.segments(stream.FIRST + stream.LATER * ((1 << 32) - 1)) == 1 << 32
