"""Binding and releasing certificates, demo certificates, and the lists of the revoked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from accounts.adapters import authority as wire
from accounts.domain import certificates
from accounts.models import Certificate, RevocationList
from accounts.services import due, revocation
from audit.models import Command, Event
from tests import people
from tests.accounts.authority import Authority
from tests.signing import signed_form

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
ACT = "accounts:bind"


def bind(client, holder, **changes):
    data = signed_form(holder, ACT, purpose="confirm") | changes
    return client.post("/org/certificates/bind", data, headers=JSON)


def code_of(answer):
    return answer.json()["error"]["code"]


@pytest.fixture
def sun(client):
    return people.sign_in(client, people.sun())


class TestBinding:
    def test_takes_the_certificate_of_the_person(self, authority, sun, clock):
        holder = authority.issue_for(people.sun(), not_before=clock.now())
        assert bind(sun, holder).json()["serial"] == holder.serial
        assert Event.objects.filter(name="certificate.bound").count() == 1

    def test_takes_the_seal_of_the_organisation(self, authority, sun, clock):
        firm = people.organisation_of(people.sun())
        seal = authority.issue(firm.name, credit_code=firm.credit_code, not_before=clock.now())
        assert bind(sun, seal).status_code == 200

    @pytest.mark.parametrize(
        ("name", "credit_code"),
        [
            ("李敏", ""),
            ("李敏", "91320508MA1W1QU21J"),
            ("孙立", "91320594MA1W2LB302"),
            ("苏州恒筑建设有限公司", ""),
        ],
    )
    def test_refuses_a_certificate_of_somebody_else(self, authority, sun, clock, name, credit_code):
        other = authority.issue(name, credit_code=credit_code, not_before=clock.now())
        assert code_of(bind(sun, other)) == "A-209"

    def test_refuses_one_whose_key_the_person_does_not_show(self, authority, sun, clock):
        mine = authority.issue_for(people.sun(), not_before=clock.now())
        stolen = authority.issue_for(people.sun(), not_before=clock.now())
        form = signed_form(mine, ACT, purpose="confirm") | {"certificate": stolen.pem}
        answer = bind(sun, stolen, **form)
        assert code_of(answer) == "A-202"

    def test_refuses_a_foreign_authority(self, authority, sun, clock):
        foreign = Authority().issue_for(people.sun(), not_before=clock.now())
        assert code_of(bind(sun, foreign)) == "A-204"

    def test_refuses_a_revoked_one(self, authority, sun, clock):
        holder = authority.issue_for(people.sun(), not_before=clock.now())
        authority.revoke(holder, at=clock.now())
        clock.advance(seconds=1)
        authority.store_list(at=clock.now())
        assert code_of(bind(sun, holder)) == "A-206"

    def test_refuses_what_is_bound_already(self, suns_key, sun):
        assert code_of(bind(sun, suns_key)) == "A-209"


class TestACertificateNearItsEnd:
    @pytest.mark.parametrize(("days", "shown"), [(334, False), (335, True), (400, True)])
    def test_is_announced_a_month_ahead(self, suns_key, sun, clock, days, shown):
        clock.advance(days=days)
        people.sign_in(sun, people.sun())
        assert ("签名证书快到期了" in sun.get("/my").content.decode()) is shown


class TestReleasing:
    def test_ends_its_use_and_is_recorded(self, suns_key, sun):
        held = Certificate.objects.get()
        address = f"/org/certificates/{held.id}/release"
        assert sun.post(address, {"command_id": str(uuid4())}).status_code == 303
        assert suns_key.serial not in sun.get("/org/certificates").content.decode()
        assert Event.objects.filter(name="certificate.released").count() == 1

    def test_is_refused_to_others_as_if_it_did_not_exist(self, suns_key, client):
        people.sign_in(client, people.li())
        held = Certificate.objects.get()
        address = f"/org/certificates/{held.id}/release"
        assert client.post(address, {"command_id": str(uuid4())}).status_code == 404
        assert Certificate.objects.get().released_at is None


class TestADemoCertificate:
    @pytest.fixture
    def asked(self, monkeypatch):
        asked = []

        def answer(method, path, **how):
            asked.append((method, path, how))
            return httpx.Response(200, content=b"pkcs12")

        monkeypatch.setattr(wire, "_call", answer)
        return asked

    def request(self, client, passphrase="a-long-passphrase"):
        return client.post("/org/certificates/request", {"passphrase": passphrase}, headers=JSON)

    def test_is_handed_out_and_not_kept(self, sun, asked):
        answer = self.request(sun)
        assert (answer["Content-Type"], answer.content) == ("application/x-pkcs12", b"pkcs12")
        assert not Command.objects.exists()
        assert not Certificate.objects.exists()

    def test_names_the_person_and_the_organisation(self, sun, asked):
        self.request(sun)
        [(method, path, how)] = asked
        assert (method, path) == ("POST", "/issue")
        assert how["json"]["subject"] == {
            "cn": "孙立",
            "person_id": str(people.sun().id),
            "organisation": "苏州恒筑建设有限公司",
            "credit_code": "91320508MA1W1QU21J",
        }

    def test_needs_a_passphrase_of_eight(self, sun, asked):
        assert code_of(self.request(sun, "short")) == "A-422"
        assert asked == []

    def test_is_refused_in_words_when_nobody_answers(self, authority, sun):
        answer = self.request(sun)
        assert (answer.status_code, code_of(answer)) == (503, "A-210")


class TestTheRevocationList:
    @pytest.fixture
    def serve(self, monkeypatch):
        """Let the authority answer with these lists, one after the other."""

        def serve(*lists):
            waiting = list(lists)
            monkeypatch.setattr(wire, "fetch_revocation_list", lambda: waiting.pop(0))
            return waiting

        return serve

    def test_is_fetched_when_ours_has_run_out(self, authority, clock, serve):
        clock.advance(days=7)
        serve(authority.revocation_list(at=clock.now()))
        assert revocation.current(now=clock.now()).this_update == clock.now()

    def test_is_not_fetched_before(self, authority, clock, serve):
        waiting = serve(authority.revocation_list(at=clock.now()))
        clock.advance(days=6)
        revocation.current(now=clock.now())
        assert len(waiting) == 1

    def test_signed_by_somebody_else_is_not_believed(self, authority, clock, serve):
        clock.advance(days=7)
        serve(Authority(name=authority.name).revocation_list(at=clock.now()))
        assert revocation.current(now=clock.now()).this_update < clock.now()
        assert RevocationList.objects.count() == 1

    def test_is_fetched_ahead_by_the_clock(self, authority, clock, serve):
        clock.advance(minutes=9)
        waiting = serve(authority.revocation_list(at=clock.now()))
        due.tick(clock.now())
        assert len(waiting) == 1
        clock.advance(minutes=2)
        due.tick(clock.now())
        assert waiting == []

    def test_an_authority_that_is_away_stops_no_tick(self, authority, clock):
        clock.advance(days=30)
        due.tick(clock.now())

    def test_from_the_future_of_a_clock_set_back_is_not_used(self, authority, clock):
        holder = authority.issue_for(people.sun(), not_before=clock.now() - timedelta(days=9))
        authority.revoke(holder, at=clock.now())
        authority.store_list(at=clock.now() + timedelta(days=1))
        found = revocation.current(now=clock.now())
        certificates.check_revocation(certificates.read(holder.pem), revoked=bytes(found.der))
