"""The whole way of a certificate with the simulated authority at the other end of the wire."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.test import Client

from accounts.domain import certificates
from core import clock
from tests import people
from tests.signing import act_body

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
PASSPHRASE = "xiao-qiao-liu-shui"


def demo_certificate(client):
    answer = client.post("/org/certificates/request", {"passphrase": PASSPHRASE})
    assert answer["Content-Type"] == "application/x-pkcs12"
    key, certificate, _ = pkcs12.load_key_and_certificates(answer.content, PASSPHRASE.encode())
    return key, certificate


def bind(client, key, pem):
    command = str(uuid4())
    body = act_body("accounts:bind", {}, command=command)
    signature = certificates.sign(key, purpose="confirm", body=body)
    data = {"command_id": command, "certificate": pem, "signature": signature}
    return client.post("/org/certificates/bind", data, headers=JSON)


def sign_in(client, key, pem):
    given = client.post("/login/challenge").json()
    fields = {"nonce": given["nonce"], "origin": given["origin"]}
    signed = act_body("accounts:login-certificate", fields)
    signature = certificates.sign(key, purpose="login", body=signed)
    data = fields | {"certificate": pem, "signature": signature}
    return client.post("/login/certificate", data, headers=JSON)


class TestADemoCertificate:
    @pytest.mark.parametrize("who", [people.sun, people.yang, people.wu, people.admin])
    def test_is_issued_bound_and_signs_in(self, running, who):
        client = people.sign_in(Client(), who())
        key, certificate = demo_certificate(client)
        pem = certificate.public_bytes(Encoding.PEM).decode()
        assert bind(client, key, pem).status_code == 200
        answer = sign_in(Client(), key, pem)
        assert answer.json()["person"] == str(who().id)

    def test_opens_nothing_once_it_is_revoked(self, running):
        client = people.sign_in(Client(), people.sun())
        key, certificate = demo_certificate(client)
        pem = certificate.public_bytes(Encoding.PEM).decode()
        bind(client, key, pem)
        serial = certificates.facts(certificate).serial
        httpx.post(f"{running}/revoke", json={"serial": serial.lower()}).raise_for_status()
        from accounts.services import revocation

        revocation.refresh(now=clock.now())
        answer = sign_in(Client(), key, pem)
        assert answer.json()["error"]["code"] == "A-206"
