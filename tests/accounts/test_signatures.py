"""Accepting signatures: each refusal beside the case that is accepted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.domain import certificates
from accounts.models import RevocationList, Signature
from accounts.services import signatures
from core.verdicts import Refusal
from tests import people
from tests.accounts.authority import Authority, bound

BODY = b'{"act":"trading:submit"}'


def accept(holder, *, now, **changes):
    given = {
        "person": people.sun(),
        "purpose": "submit",
        "body": BODY,
        "signature": holder.sign(BODY, purpose="submit"),
        "certificate": holder.pem,
    } | changes
    return signatures.accept(**given, now=now)


def code_of(refused):
    return refused.value.reason.code


class TestAccepting:
    @pytest.mark.parametrize("purpose", ["submit", "release"])
    def test_keeps_what_is_needed_to_check_it_again(self, suns_key, clock, purpose):
        signed = suns_key.sign(BODY, purpose=purpose)
        made = accept(suns_key, purpose=purpose, signature=signed, now=clock.now())
        kept = signatures.whole(Signature.objects.get(pk=made.pk))
        assert kept.person == people.sun()
        assert kept.at == clock.now()
        certificates.check_signature(
            certificates.read(kept.certificate.pem),
            purpose=kept.purpose,
            body=BODY,
            signature=kept.signature,
        )
        certificates.check_revocation(
            certificates.read(kept.certificate.pem), revoked=bytes(kept.revocation.der)
        )

    @pytest.mark.parametrize("purpose", ["submit", "withdraw"])
    def test_names_nobody_in_the_row_of_what_a_bidder_signs_before_the_hour(
        self, suns_key, clock, purpose
    ):
        signed = suns_key.sign(BODY, purpose=purpose)
        accept(suns_key, purpose=purpose, signature=signed, now=clock.now())
        kept = Signature.objects.get()
        # The bytes too: a public key can be tried on them, and the hash on a guessed body.
        assert (kept.person, kept.certificate) == (None, None)
        assert (kept.body_sha, kept.signature) == ("", "")

    def test_names_the_signer_of_what_is_signed_in_the_open(self, suns_key, clock):
        signed = suns_key.sign(BODY, purpose="release")
        accept(suns_key, purpose="release", signature=signed, now=clock.now())
        assert Signature.objects.get().person == people.sun()

    def test_takes_a_serial_for_a_bound_certificate(self, suns_key, clock):
        assert accept(suns_key, certificate=suns_key.serial.lower(), now=clock.now()).pk

    @pytest.mark.parametrize("purpose", sorted(certificates.PURPOSES - {"submit"}))
    def test_refuses_a_signature_for_another_purpose(self, suns_key, clock, purpose):
        with pytest.raises(Refusal) as refused:
            accept(suns_key, signature=suns_key.sign(BODY, purpose=purpose), now=clock.now())
        assert code_of(refused) == "A-202"
        assert not Signature.objects.exists()

    def test_refuses_another_body(self, suns_key, clock):
        with pytest.raises(Refusal) as refused:
            accept(suns_key, body=BODY + b" ", now=clock.now())
        assert code_of(refused) == "A-202"

    @pytest.mark.parametrize("signature", ["", "AAAA", "=" * 86, "A" * 86, "签名"])
    def test_refuses_what_is_no_signature(self, suns_key, clock, signature):
        with pytest.raises(Refusal) as refused:
            accept(suns_key, signature=signature, now=clock.now())
        assert code_of(refused) == ("A-202" if signature else "A-201")

    def test_refuses_the_certificate_of_somebody_else(self, suns_key, clock):
        with pytest.raises(Refusal) as refused:
            accept(suns_key, person=people.li(), now=clock.now())
        assert code_of(refused) == "A-203"

    def test_refuses_a_released_certificate(self, suns_key, clock):
        people.sun().certificates.update(released_at=clock.now())
        with pytest.raises(Refusal) as refused:
            accept(suns_key, now=clock.now())
        assert code_of(refused) == "A-203"

    def test_refuses_a_certificate_of_another_authority(self, authority, clock):
        # Even one that bears the trusted authority's name, and even when it was bound.
        foreign = Authority(name=authority.name).issue_for(people.sun(), not_before=clock.now())
        bound(foreign, people.sun(), now=clock.now())
        with pytest.raises(Refusal) as refused:
            accept(foreign, now=clock.now())
        assert code_of(refused) == "A-204"

    def test_refuses_a_certificate_that_is_not_for_signing(self, authority, clock):
        other = authority.issue_for(people.sun(), not_before=clock.now(), signing=False)
        bound(other, people.sun(), now=clock.now())
        with pytest.raises(Refusal) as refused:
            accept(other, now=clock.now())
        assert code_of(refused) == "A-204"

    def test_refuses_a_certificate_issued_by_another_persons_certificate(
        self, authority, suns_key, clock
    ):
        climber = Authority(name="x", key=suns_key.key)
        forged = climber.issue_for(people.sun(), not_before=clock.now())
        bound(forged, people.sun(), now=clock.now())
        with pytest.raises(Refusal) as refused:
            accept(forged, certificate=forged.pem + suns_key.pem, now=clock.now())
        assert code_of(refused) == "A-204"

    @pytest.mark.parametrize(
        ("after", "accepted"),
        [
            (-1, False),
            (0, True),
            (364 * 86400, True),
            (365 * 86400, True),
            (365 * 86400 + 1, False),
        ],
    )
    def test_holds_to_the_term(self, authority, suns_key, clock, after, accepted):
        then = clock.now() + timedelta(seconds=after)
        authority.store_list(at=then - timedelta(hours=1))
        if accepted:
            assert accept(suns_key, now=then).pk
            return
        with pytest.raises(Refusal) as refused:
            accept(suns_key, now=then)
        assert code_of(refused) == "A-205"

    def test_refuses_a_revoked_certificate_and_keeps_what_it_signed_before(
        self, authority, suns_key, clock
    ):
        before = accept(suns_key, now=clock.now())
        authority.revoke(suns_key, at=clock.now() + timedelta(hours=1))
        clock.advance(hours=2)
        authority.store_list(at=clock.now())
        with pytest.raises(Refusal) as refused:
            accept(suns_key, now=clock.now())
        assert code_of(refused) == "A-206"
        assert Signature.objects.get() == before

    def test_refuses_a_certificate_that_is_no_elliptic_curve_certificate(self, suns_key, clock):
        with pytest.raises(Refusal) as refused:
            accept(suns_key, certificate="-----BEGIN nonsense", now=clock.now())
        assert code_of(refused) == "A-208"


class TestAnAuthorityThatDoesNotAnswer:
    def test_does_not_stop_a_submission_for_a_day(self, suns_key, clock):
        clock.advance(days=7, hours=23)
        assert accept(suns_key, now=clock.now()).pk

    def test_stops_it_after_that(self, suns_key, clock):
        clock.advance(days=8, seconds=1)
        with pytest.raises(Refusal) as refused:
            accept(suns_key, now=clock.now())
        assert code_of(refused) == "A-207"

    def test_stops_it_at_once_when_no_list_was_ever_seen(self, suns_key, clock):
        RevocationList.objects.all().delete()
        with pytest.raises(Refusal) as refused:
            accept(suns_key, now=clock.now())
        assert code_of(refused) == "A-207"
