"""The runner's browser: how it spells fields, what it signs, what its authenticator shows."""

from __future__ import annotations

import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from sealing.encoding import unb64u
from stories.door import Identity, Repeated, act_body, text, totp


class TestAField:
    @pytest.mark.parametrize(
        ("value", "spelt"),
        [
            (None, ""),
            (False, ""),
            (True, "1"),
            (12, "12"),
            ("甲", "甲"),
            (["甲"], '["甲"]'),
            ({"a": 1}, '{"a": 1}'),
            (Repeated(("x", "y")), ["x", "y"]),
        ],
    )
    def test_is_spelt_as_a_form_would(self, value, spelt):
        assert text(value) == spelt


class TestASignature:
    def test_is_over_context_purpose_and_canonical_body(self):
        key = ec.generate_private_key(ec.SECP256R1())
        body = act_body("trading:publish", {"tender": "1"}, {"b": "2", "a": "1"})
        assert body == b'{"act":"trading:publish","args":{"tender":"1"},"fields":{"a":"1","b":"2"}}'
        raw = unb64u(Identity(key=key, certificate="").sign(purpose="publish", body=body))
        r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
        key.public_key().verify(
            utils.encode_dss_signature(r, s),
            b"ggzy-sign/1\0publish\0" + body,
            ec.ECDSA(hashes.SHA256()),
        )


class TestAnAuthenticator:
    def test_shows_the_numbers_of_the_standard(self, monkeypatch):
        # RFC 6238 appendix B, the seed of SHA-1, its last six figures
        secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        for moment, shown in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
            monkeypatch.setattr(time, "time", lambda moment=moment: moment)
            assert totp(secret) == shown
