"""The runner's browser: how it spells fields, what it signs, what its authenticator shows."""

from __future__ import annotations

import time
from collections.abc import Sequence

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from sealing.encoding import unb64u
from stories import door
from stories.door import Identity, Refused, Repeated, Session, act_body, text, totp
from tests.frontend.certificates import PIN, certificate


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
        body = act_body("trading:publish", {"tender": "1"}, {"b": "2", "a": "1"}, command="c")
        assert body == (
            b'{"act":"trading:publish","args":{"tender":"1"},"command":"c",'
            b'"fields":{"a":"1","b":"2"}}'
        )
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


class Platform:
    """Answers a certificate's owner as the platform does; `answers` are those to the sign-in."""

    def __init__(self, *, file: bytes, answers: Sequence[httpx.Response]) -> None:
        self._file, self._answers = file, list(answers)
        self.nonces: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/login":
                return httpx.Response(200, headers={"Set-Cookie": "hpcsrf=t"})
            case "/org/certificates/request":
                return httpx.Response(200, content=self._file)
            case "/login/challenge":
                self.nonces.append(f"nonce-{len(self.nonces)}")
                challenge = {"nonce": self.nonces[-1], "origin": "http://x", "purpose": "login"}
                return httpx.Response(200, json=challenge)
            case "/login/certificate":
                assert self.nonces[-1].encode() in request.content
                return self._answers.pop(0)
        return httpx.Response(200, json={})


def refused(code: str) -> httpx.Response:
    return httpx.Response(409, json={"error": {"code": code}})


class TestASignInByCertificate:
    @pytest.fixture
    def come(self, clock, monkeypatch):
        client, file = httpx.Client, certificate(clock)

        def at(*answers):
            platform = Platform(file=file, answers=answers)
            monkeypatch.setattr(
                door.httpx,
                "Client",
                lambda **_: client(transport=httpx.MockTransport(platform), base_url="http://x"),
            )
            with Session("http://x") as session:
                session.get_certificate(passphrase=PIN)
            return platform.nonces

        return at

    def test_is_done_once_where_it_is_answered(self, come):
        assert come(httpx.Response(200, json={})) == ["nonce-0"]

    def test_begins_anew_with_a_new_nonce_when_the_first_answer_was_lost(self, come):
        # The transport repeats what was not answered, and the nonce is used up by then.
        assert come(refused("A-106"), httpx.Response(200, json={})) == ["nonce-0", "nonce-1"]

    def test_is_not_tried_again_after_any_other_refusal(self, come):
        with pytest.raises(Refused):
            come(refused("A-203"), httpx.Response(200, json={}))
