"""Trust for outgoing connections."""

from __future__ import annotations

import ssl

import pytest

from accounts.adapters import authority
from bank_escrow.adapters.open_api import OpenApiBank
from bank_escrow.adapters.profiles import PROFILES
from bank_escrow.adapters.signing import Keys
from core.tls import trust


class TestTheTrust:
    def test_asks_for_a_certificate_that_names_the_host(self):
        assert trust().verify_mode is ssl.CERT_REQUIRED
        assert trust().check_hostname
        assert trust().get_ca_certs()

    def test_is_made_once_however_many_calls_go_out(self, monkeypatch, settings):
        trust()

        def made_anew(*_, **__):
            pytest.fail("a context was made for one call")

        monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", made_anew)
        settings.CA_URL = "http://127.0.0.1:9"  # nobody listens at the discard port
        with pytest.raises(authority.AuthorityError):
            authority.fetch_revocation_list()
        keys = Keys(ours=(("k", bytes(32)),), bank={})
        bank = OpenApiBank(profile=PROFILES["gusu"], url="http://127.0.0.1:9", keys=keys)
        assert not bank.ping()
