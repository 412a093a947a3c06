"""Signing in: by password, with a second factor, by certificate; and being throttled."""

from __future__ import annotations

import json
from base64 import b32decode
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Authenticator, Certificate
from audit.models import Event
from tests import people
from tests.accounts.authority import bound
from tests.signing import act_body

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def sign_in(client, username="sun", password=people.PASSWORD, code="", **extra):
    data = {"username": username, "password": password, "code": code} | extra
    return client.post("/login", data, headers=JSON)


def code_of(answer):
    return answer.json()["error"]["code"]


def token(key, clock):
    made = TOTP(key)
    made.time = clock.now().timestamp()
    return f"{made.token():06}"


def sign_ins(stream):
    return Event.objects.filter(stream=stream, name="session.opened").count()


@pytest.fixture
def sun():
    person = people.sun()
    person.set_password(people.PASSWORD)
    person.save()
    return person


class TestAPassword:
    def test_lets_in_and_is_recorded(self, sun, client):
        answer = sign_in(client)
        assert answer.json() == {"person": str(sun.id), "roles": ["BIDDER"], "redirect": "/my"}
        assert sign_ins(f"account/{sun.id}") == 1

    def test_of_a_bidder_leaves_nothing_where_supervisors_read(self, sun, client):
        sign_in(client)
        assert not Event.objects.filter(stream="access").exists()

    def test_of_staff_does(self, client):
        people.person("yang", "杨帆", password=people.PASSWORD)
        yang = people.yang()
        sign_in(client, "yang")
        assert sign_ins("access") == sign_ins(f"account/{yang.id}") == 1

    def test_is_taken_whatever_the_case_of_the_name(self, sun, client):
        assert sign_in(client, "SUN").status_code == 200

    @pytest.mark.parametrize(
        ("username", "password"), [("sun", "wrong"), ("nobody", people.PASSWORD)]
    )
    def test_wrong_or_unknown_gets_the_same_words(self, sun, client, username, password):
        answer = sign_in(client, username, password)
        assert (answer.status_code, code_of(answer)) == (422, "A-101")

    def test_does_not_let_in_a_person_switched_off(self, sun, client):
        sun.is_active = False
        sun.save()
        assert code_of(sign_in(client)) == "A-101"

    def test_leads_on_to_the_page_asked_for(self, sun, client):
        assert sign_in(client, next="/org?x=1").json()["redirect"] == "/org?x=1"

    @pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "/\\evil"])
    def test_leads_nowhere_else(self, sun, client, next_page):
        assert sign_in(client, next=next_page).json()["redirect"] == "/my"

    def test_is_drawn_again_without_the_password(self, sun, client):
        page = client.post("/login", {"username": "sun", "password": "geheim-falsch"})
        assert page.status_code == 422
        assert "geheim-falsch" not in page.content.decode()
        assert "没有登录成功。" in page.content.decode()

    def test_session_ends_with_signing_out(self, sun, client):
        sign_in(client)
        client.post("/logout")
        assert client.get("/my").status_code == 302
        assert Event.objects.filter(stream=f"account/{sun.id}", name="session.closed").exists()


class TestGuessing:
    def test_is_stopped_after_five_tries_even_with_the_right_password(self, sun, client):
        answers = [sign_in(client, password=f"guess-{n}") for n in range(5)]
        assert [code_of(answer) for answer in answers[:4]] == ["A-101"] * 4
        stopped = sign_in(client)
        assert (stopped.status_code, code_of(stopped)) == (429, "A-103")

    def test_is_told_in_words_on_the_page(self, sun, client):
        for n in range(5):
            sign_in(client, password=f"guess-{n}")
        page = client.post("/login", {"username": "sun", "password": people.PASSWORD})
        assert page.status_code == 429
        assert "A-103" in page.content.decode()

    def test_does_not_lock_out_somebody_else(self, sun, client):
        people.person("li", "李敏", password=people.PASSWORD)
        for n in range(6):
            sign_in(client, password=f"guess-{n}")
        assert sign_in(client, "li").status_code == 200

    def test_may_go_on_a_quarter_of_an_hour_later(self, sun, client, clock):
        for n in range(6):
            sign_in(client, password=f"guess-{n}")
        clock.advance(minutes=15, seconds=1)
        assert sign_in(client).status_code == 200

    def test_four_slips_are_forgotten_by_one_success(self, sun, client):
        for _ in range(2):
            for n in range(4):
                sign_in(client, password=f"guess-{n}")
            assert sign_in(client).status_code == 200


class TestTheSecondFactor:
    @pytest.fixture
    def set_up(self, sun, client, clock):
        sign_in(client)
        secret = client.get("/my/second-factor", headers=JSON).json()["secret"]
        key = b32decode(secret)
        answer = client.post(
            "/my/second-factor",
            {"command_id": "6a3f1c1e-5f5e-4c3c-9d57-000000000001", "code": token(key, clock)},
            headers=JSON,
        )
        assert answer.status_code == 200
        clock.advance(minutes=1)
        return key

    def test_is_asked_for_from_then_on(self, set_up, clock):
        assert code_of(sign_in(Client())) == "A-101"
        assert sign_in(Client(), code=token(set_up, clock)).status_code == 200

    def test_takes_a_code_once(self, set_up, clock):
        code = token(set_up, clock)
        assert sign_in(Client(), code=code).status_code == 200
        assert code_of(sign_in(Client(), code=code)) == "A-101"

    def test_opens_staff_pages(self, client, clock):
        people.person("root", "管理员", password=people.PASSWORD)
        people.admin()
        assert sign_in(client, "root").json()["roles"] == []
        assert client.get("/admin/people").status_code == 302
        secret = client.get("/my/second-factor", headers=JSON).json()["secret"]
        client.post(
            "/my/second-factor",
            {
                "command_id": "6a3f1c1e-5f5e-4c3c-9d57-000000000002",
                "code": token(b32decode(secret), clock),
            },
        )
        assert client.get("/admin/people").status_code == 200

    def test_is_not_set_up_by_a_wrong_code(self, sun, client, clock):
        sign_in(client)
        secret = client.get("/my/second-factor", headers=JSON).json()["secret"]
        wrong = f"{(int(token(b32decode(secret), clock)) + 1) % 10**6:06}"
        answer = client.post(
            "/my/second-factor",
            {"command_id": "6a3f1c1e-5f5e-4c3c-9d57-000000000003", "code": wrong},
            headers=JSON,
        )
        assert code_of(answer) == "A-105"
        assert not Authenticator.objects.exists()

    def test_is_not_set_up_by_a_password_where_a_certificate_is_bound(
        self, authority, client, clock
    ):
        """A stolen password would otherwise enrol the thief's own phone and have staff power."""
        holder = authority.issue_for(people.admin(), not_before=clock.now())
        bound(holder, people.admin(), now=clock.now())
        people.sign_in(client, people.admin(), strong=False)
        page = client.get("/my/second-factor", headers=JSON).content.decode()
        assert "用证书登录" in page
        answer = client.post(
            "/my/second-factor", {"command_id": str(uuid4()), "code": "123456"}, headers=JSON
        )
        assert code_of(answer) == "A-108"
        # Nor is the certificate taken away first.
        certificate = Certificate.objects.get()
        release = f"/org/certificates/{certificate.pk}/release"
        answer = client.post(release, {"command_id": str(uuid4())}, headers=JSON)
        assert code_of(answer) == "A-108"
        people.sign_in(client, people.admin())
        assert client.post(release, {"command_id": str(uuid4())}).status_code == 303

    def test_key_opens_nothing_as_it_stands_in_the_database(self, set_up, clock):
        (words,) = TOTPDevice.objects.values_list("key", flat=True)
        assert bytes.fromhex(words) != set_up
        stolen = token(bytes.fromhex(words), clock)
        assert code_of(sign_in(Client(), code=stolen)) == "A-101"

    def test_key_is_not_in_the_session_either_while_it_is_set_up(self, sun, client):
        sign_in(client)
        secret = client.get("/my/second-factor", headers=JSON).json()["secret"]
        kept = client.session["hp_new_totp_key"]
        assert b32decode(secret).hex() not in kept

    def test_is_not_replaced_by_somebody_who_has_only_the_password(self, set_up, sun, clock):
        weak = people.sign_in(Client(), sun, strong=False)
        page = weak.get("/my/second-factor")
        assert "重新登录" in page.content.decode()
        answer = weak.post(
            "/my/second-factor",
            {"command_id": "6a3f1c1e-5f5e-4c3c-9d57-000000000004", "code": "123456"},
            headers=JSON,
        )
        assert code_of(answer) == "A-108"
        assert Authenticator.objects.get().bin_key == set_up


class TestACertificate:
    @staticmethod
    def challenge(client):
        return client.post("/login/challenge").json()

    @staticmethod
    def body(given, **changes):
        fields = {"nonce": given["nonce"], "origin": given["origin"]} | changes
        return act_body("accounts:login-certificate", fields)

    def present(self, client, holder, given, *, purpose="login", **changes):
        data = {
            "nonce": given["nonce"],
            "origin": given["origin"],
            "certificate": holder.pem,
            "signature": holder.sign(self.body(given), purpose=purpose),
        } | changes
        return client.post("/login/certificate", data, headers=JSON)

    def test_lets_in_as_surely_as_a_second_factor(self, authority, client, clock):
        holder = authority.issue_for(people.admin(), not_before=clock.now())
        bound(holder, people.admin(), now=clock.now())
        answer = self.present(client, holder, self.challenge(client))
        assert answer.json()["roles"] == ["ADMIN"]
        assert client.get("/admin/people").status_code == 200
        how = Event.objects.get(stream="access", name="session.opened").body["how"]
        assert how == "certificate"

    def test_challenge_works_once(self, suns_key, client):
        given = self.challenge(client)
        assert self.present(client, suns_key, given).status_code == 200
        client.post("/logout")
        assert code_of(self.present(client, suns_key, given)) == "A-106"

    def test_challenge_is_used_up_by_a_failed_try(self, suns_key, client):
        given = self.challenge(client)
        assert code_of(self.present(client, suns_key, given, signature="A" * 86)) == "A-202"
        assert code_of(self.present(client, suns_key, given)) == "A-106"

    @pytest.mark.parametrize(("seconds", "code"), [(299, None), (300, "A-106")])
    def test_challenge_lives_five_minutes(self, suns_key, client, clock, seconds, code):
        given = self.challenge(client)
        clock.advance(seconds=seconds)
        answer = self.present(client, suns_key, given)
        assert answer.json().get("error", {}).get("code") == code

    def test_challenge_belongs_to_one_browser(self, suns_key, client):
        given = self.challenge(client)
        other = Client()
        self.challenge(other)
        assert code_of(self.present(other, suns_key, given)) == "A-106"

    def test_signature_for_another_site_is_refused(self, suns_key, client):
        given = self.challenge(client) | {"origin": "https://evil.example"}
        assert code_of(self.present(client, suns_key, given)) == "A-106"

    def test_signature_for_another_purpose_is_refused(self, suns_key, client):
        given = self.challenge(client)
        assert code_of(self.present(client, suns_key, given, purpose="submit")) == "A-202"

    def test_that_nobody_has_bound_is_refused(self, authority, client, clock):
        stray = authority.issue_for(people.sun(), not_before=clock.now())
        assert code_of(self.present(client, stray, self.challenge(client))) == "A-203"

    def test_of_a_person_switched_off_is_refused(self, suns_key, client):
        people.sun().__class__.objects.update(is_active=False)
        assert code_of(self.present(client, suns_key, self.challenge(client))) == "A-203"

    def test_tries_are_throttled(self, suns_key, client):
        for _ in range(5):
            self.present(client, suns_key, self.challenge(client), signature="A" * 86)
        answer = self.present(client, suns_key, self.challenge(client))
        assert (answer.status_code, code_of(answer)) == (429, "A-103")

    def test_page_carries_its_own_challenge(self, suns_key, client):
        page = client.get("/login?by=certificate").content.decode()
        nonce = page.split('name="nonce" value="')[1].split('"')[0]
        given = {"nonce": nonce, "origin": "http://testserver"}
        assert self.present(client, suns_key, given).status_code == 200


class TestBootstrap:
    def run(self, capsys, **options):
        given = {
            "centre": "320500",
            "name": "苏州市公共资源交易中心",
            "admin_username": "Root",
            "admin_password": people.PASSWORD,
        } | options
        call_command("bootstrap", **given)
        return json.loads(capsys.readouterr().out)

    def test_makes_an_administrator_who_can_come_in(self, capsys, client, clock):
        made = self.run(capsys)
        code = token(b32decode(made["totp_secret"]), clock)
        assert sign_in(client, made["username"], code=code).json()["roles"] == ["ADMIN"]
        assert client.get("/admin/people").status_code == 200

    def test_run_again_adds_a_centre_and_changes_nothing_else(self, capsys):
        first = self.run(capsys)
        second = self.run(capsys, centre="330300", name="温州市公共资源交易中心")
        assert second == first | {"centre": "330300"}
