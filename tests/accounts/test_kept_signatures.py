"""Signatures long after: each is checked again by what was kept, and an altered one is found."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Signature
from accounts.services import signatures
from tests import people
from tests.accounts.authority import bound

BODY = '{"act":"trading:release","fields":{"share":"机密"}}'.encode()
PURPOSES = ["submit", "release", "refund"]


@pytest.fixture(params=PURPOSES)
def kept(request, suns_key, clock):
    made = signatures.accept(
        person=people.sun(),
        purpose=request.param,
        body=BODY,
        signature=suns_key.sign(BODY, purpose=request.param),
        certificate=suns_key.pem,
        now=clock.now(),
    )
    return Signature.objects.filter(pk=made.pk)


def verified(capsys):
    """What the command prints, and its exit code."""
    code = 0
    try:
        call_command("verify_signatures")
    except CommandError as error:
        code = error.returncode
    return json.loads(capsys.readouterr().out), code


class TestAKeptSignature:
    def test_holds_by_what_was_kept_alone(self, kept, clock, capsys):
        clock.advance(days=4000)  # the certificate's own day counts
        assert signatures.holds(kept.get())
        assert signatures.signed_body(kept.get()) == BODY
        assert verified(capsys) == ({"valid": True, "signatures": 1, "broken": []}, 0)

    def test_does_not_show_in_its_row_what_was_signed(self, kept):
        assert "机密".encode() not in bytes(kept.get().body)

    def test_over_another_body_is_found(self, kept, capsys):
        body = bytearray(kept.get().body)
        body[-1] ^= 1
        kept.update(body=bytes(body))
        told, code = verified(capsys)
        assert (told["broken"], code) == ([str(kept.get().pk)], 1)

    def test_without_its_body_is_found(self, kept):
        kept.update(body=None)
        assert not signatures.holds(kept.get())

    def test_said_to_serve_another_purpose_is_found(self, kept):
        kept.update(purpose="award" if kept.get().person_id else "withdraw")
        assert not signatures.holds(kept.get())


class TestASignatureInTheOpen:
    @pytest.fixture
    def kept(self, suns_key, clock):
        signed = suns_key.sign(BODY, purpose="release")
        made = signatures.accept(
            person=people.sun(),
            purpose="release",
            body=BODY,
            signature=signed,
            certificate=suns_key.pem,
            now=clock.now(),
        )
        return Signature.objects.filter(pk=made.pk)

    def test_laid_on_another_person_is_found(self, kept, authority, clock):
        kept.update(person=people.li())
        assert not signatures.holds(kept.get())

    def test_laid_under_another_certificate_is_found(self, kept, authority, clock):
        other = authority.issue_for(people.sun(), not_before=clock.now())
        kept.update(certificate=bound(other, people.sun(), now=clock.now()))
        assert not signatures.holds(kept.get())

    def test_made_after_the_certificate_was_revoked_is_found(
        self, kept, authority, suns_key, clock
    ):
        authority.revoke(suns_key, at=clock.now())
        clock.advance(seconds=1)
        kept.update(revocation=authority.store_list(at=clock.now()))
        assert not signatures.holds(kept.get())
