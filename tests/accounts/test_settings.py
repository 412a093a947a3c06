"""One's own pages: settings, the two switches of the header, passwords, help."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Role
from accounts.services import due
from accounts.views.help import TOPICS
from core.verdicts import registered
from tests import people

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


class TestSettings:
    def test_hold_for_the_account_and_this_browser(self, client):
        people.sign_in(client, people.sun())
        data = {"command_id": str(uuid4()), "language": "en", "theme": "dark", "large_text": "on"}
        assert client.post("/my/settings", data)["Location"] == "/my/settings"
        page = client.get("/my").content.decode()
        assert 'data-bs-theme="dark"' in page
        assert 'data-size="large"' in page
        assert 'lang="en"' in page
        other = people.sign_in(Client(), people.sun())
        assert 'data-bs-theme="dark"' in other.get("/my").content.decode()

    def test_language_follows_the_person_to_another_browser(self, client):
        people.person("sun", "孙立", password=people.PASSWORD)
        people.sign_in(client, people.sun())
        data = {"command_id": str(uuid4()), "language": "en", "theme": "auto"}
        client.post("/my/settings", data)
        other = Client()
        other.post("/login", {"username": "sun", "password": people.PASSWORD})
        assert 'lang="en"' in other.get("/my").content.decode()

    def test_refuse_what_is_not_offered(self, client):
        people.sign_in(client, people.sun())
        data = {"command_id": str(uuid4()), "language": "fr", "theme": "pink"}
        answer = client.post("/my/settings", data, headers=JSON)
        assert set(answer.json()["error"]["fields"]) == {"language", "theme"}


class TestTheHeadersSwitches:
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_work_without_script(self, client, signed_in):
        if signed_in:
            people.sign_in(client, people.sun())
        answer = client.post("/preferences", {"toggle": "theme", "theme": "auto", "next": "/help"})
        assert answer["Location"] == "/help"
        assert 'data-bs-theme="dark"' in client.get("/help").content.decode()
        client.post("/preferences", {"toggle": "large_text", "theme": "dark", "large_text": ""})
        page = client.get("/help").content.decode()
        assert 'data-size="large"' in page
        assert 'data-bs-theme="dark"' in page

    def test_answer_a_script_with_nothing(self, client):
        data = {"theme": "light", "large_text": "on"}
        assert client.post("/preferences", data, headers=JSON).status_code == 204
        assert 'data-size="large"' in client.get("/help").content.decode()

    def test_keep_out_what_is_no_theme(self, client):
        client.post("/preferences", {"theme": '"><script>'})
        assert "script>&" not in client.get("/help").content.decode()
        assert client.cookies["hp-theme"].value == "auto"


class TestAForgottenPassword:
    def ask(self, client, username):
        return client.post("/password", {"command_id": str(uuid4()), "username": username})

    def link(self, client, clock):
        self.ask(client, "sun")
        due.tick(clock.now())
        text = mail.outbox[-1].body
        return text.split("http://testserver")[1].split()[0]

    def new(self, client, link, password="qing-shan-lü-shui"):
        data = {"command_id": str(uuid4()), "password": password, "password_again": password}
        return client.post(link, data, headers=JSON)

    def test_is_set_anew_by_the_link(self, client, clock):
        people.sun()
        link = self.link(client, clock)
        assert client.get(link).status_code == 200
        assert self.new(client, link).status_code == 200
        assert people.sun().check_password("qing-shan-lü-shui")

    def test_link_works_once(self, client, clock):
        people.sun()
        link = self.link(client, clock)
        self.new(client, link)
        answer = self.new(client, link, "another-password")
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "A-107")
        assert client.get(link).status_code == 410

    @pytest.mark.parametrize("link", ["/password/x/y", "/password/AAAA/abc-123"])
    def test_made_up_link_is_refused(self, client, link):
        assert self.new(client, link).json()["error"]["code"] == "A-107"

    def test_question_does_not_tell_who_is_here(self, client, clock):
        people.sun()
        known, unknown = self.ask(client, "sun"), self.ask(Client(), "nobody")
        assert known.headers["Location"] == unknown.headers["Location"]
        due.tick(clock.now())
        assert len(mail.outbox) == 1


class TestChangingThePassword:
    def test_needs_the_present_one_and_signs_other_browsers_out(self, client):
        sun = people.person("sun", "孙立", password=people.PASSWORD)
        people.sun()
        here, elsewhere = people.sign_in(client, sun), people.sign_in(Client(), sun)
        data = {"password": "qing-shan-lv-shui", "password_again": "qing-shan-lv-shui"}
        wrong = data | {"command_id": str(uuid4()), "current_password": "guess"}
        answer = here.post("/my/password", wrong, headers=JSON)
        assert set(answer.json()["error"]["fields"]) == {"current_password"}
        right = data | {"command_id": str(uuid4()), "current_password": people.PASSWORD}
        assert here.post("/my/password", right, headers=JSON).status_code == 200
        assert here.get("/my").status_code == 200
        assert elsewhere.get("/my").status_code == 302


class TestActingForSeveralOrganisations:
    def test_is_switched_on_the_desk(self, client):
        sun = people.sun()
        other = people.organisation_of(people.zhao())
        people.member(sun, Role.TENDERER, of=other)
        people.sign_in(client, sun)
        client.post("/my/organisation", {"organisation": str(other.id)})
        assert other.name in client.get("/org").content.decode()

    def test_is_not_open_to_other_organisations(self, client):
        people.sign_in(client, people.sun())
        other = people.organisation_of(people.li())
        answer = client.post("/my/organisation", {"organisation": str(other.id)})
        assert answer.status_code == 404


class TestHelp:
    @pytest.mark.parametrize("slug", TOPICS)
    def test_has_a_page_for_each_topic(self, client, slug):
        assert client.get(f"/help/{slug}").status_code == 200

    def test_lists_every_error_code(self, client):
        page = client.get("/help/codes").content.decode()
        assert [code for code in registered() if f'id="{code}"' not in page] == []

    def test_of_another_name_is_missing(self, client):
        assert client.get("/help/nothing").status_code == 404
