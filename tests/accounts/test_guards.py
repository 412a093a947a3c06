"""Guards: who comes in, who is turned away, and how each of them is told."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import STAFF_ROLES, Role
from accounts.web.signed_in import ORGANISATION_KEY
from tests import people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.doors")]
JSON = {"Accept": "application/json"}

#: Who may come in, of everybody in `people.everyone()` and a visitor.
OPEN_TO = {
    "/anybody": {*Role.values, "stranger", "visitor"},
    "/members": {*Role.values, "stranger"},
    "/bidders": {Role.BIDDER},
    "/secret": {Role.BIDDER},
    "/staff": {Role.FINANCE},
    "/my": {*Role.values, "stranger"},
    "/my/messages": {*Role.values, "stranger"},
    "/my/settings": {*Role.values, "stranger"},
    "/org": {Role.BIDDER, Role.TENDERER, Role.AGENCY},
    "/org/users": {Role.BIDDER, Role.TENDERER, Role.AGENCY},
    "/org/certificates": {*Role.values, "stranger"},
    "/admin/people": {Role.ADMIN},
    "/login": {"visitor"},
    "/help": {*Role.values, "stranger", "visitor"},
    "/help/codes": {*Role.values, "stranger", "visitor"},
    "/accessibility": {*Role.values, "stranger", "visitor"},
}


class TestTheMatrix:
    @pytest.mark.parametrize("address", OPEN_TO)
    def test_lets_in_exactly_those_named(self, address):
        came_in = set()
        for role, person in people.everyone().items():
            if people.sign_in(Client(), person).get(address).status_code == 200:
                came_in.add(str(role))
        if Client().get(address).status_code == 200:
            came_in.add("visitor")
        assert came_in == {str(role) for role in OPEN_TO[address]}


class TestAVisitor:
    def test_is_sent_to_sign_in_and_back(self):
        answer = Client().get("/bidders?x=1")
        assert answer["Location"] == "/login?next=%2Fbidders%3Fx%3D1"

    def test_who_posted_is_sent_back_to_the_page_of_the_form(self):
        came_from = {"Referer": "http://testserver/bidders?x=1#part"}
        answer = Client().post("/bidders", headers=came_from)
        assert answer["Location"] == "/login?next=%2Fbidders%3Fx%3D1"

    @pytest.mark.parametrize("path", ["//evil.example/x", "///evil.example", "/\\evil.example"])
    def test_is_never_sent_to_another_site(self, path):
        client = Client()
        seen = client.post("/bidders", headers={"Referer": f"http://testserver{path}"})
        assert "next=%2Fevil.example" in seen["Location"]

    @pytest.mark.parametrize("elsewhere", ["", "http://elsewhere.example/bidders", "junk"])
    def test_who_posted_from_elsewhere_is_sent_to_the_desk(self, elsewhere):
        answer = Client().post("/bidders", headers={"Referer": elsewhere})
        assert answer["Location"] == "/login?next=%2Fmy"

    def test_asking_as_a_program_is_told_so(self):
        answer = Client().get("/bidders", headers=JSON)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "A-401")


class TestTheWrongRole:
    def test_is_told_whose_page_it_is(self):
        client = people.sign_in(Client(), people.wu())
        answer = client.get("/bidders")
        assert answer.status_code == 403
        assert "投标人" in answer.content.decode()
        assert client.get("/bidders", headers=JSON).json()["error"]["code"] == "A-403"

    def test_sees_a_hidden_page_as_a_wrong_address(self, clock):
        client = people.sign_in(Client(), people.wu())
        hidden, missing = client.get("/secret"), client.get("/secres")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert _words(hidden, "/secret") == _words(missing, "/secres")


def _words(answer, address):
    """Return a page without its address and its one-time tokens."""
    text = answer.content.decode().replace(address, "")
    return re.sub(r"[A-Za-z0-9]{64}", "", text)


class TestAStaffRole:
    @pytest.mark.parametrize("role", sorted(STAFF_ROLES))
    def test_does_not_count_after_a_password_alone(self, role):
        client = people.sign_in(Client(), people.everyone()[role], strong=False)
        answer = client.get("/staff")
        # Finance is asked for the second factor, the others are simply not finance.
        assert answer.status_code == (302 if role == Role.FINANCE else 403)
        assert client.get("/admin/people").status_code == (302 if role == Role.ADMIN else 403)

    def test_is_sent_to_the_second_factor(self):
        client = people.sign_in(Client(), people.chen(), strong=False)
        assert client.get("/staff")["Location"] == "/my/second-factor?next=%2Fstaff"
        assert client.get("/staff", headers=JSON).json()["error"]["code"] == "A-104"

    def test_is_not_needed_for_a_bidders_pages(self):
        assert (
            people.sign_in(Client(), people.sun(), strong=False).get("/bidders").status_code == 200
        )


class TestSomebodyOfTwoFirms:
    def test_has_only_the_roles_of_the_firm_acted_for(self):
        """The tenderer's hand that also bids elsewhere must not bid for the tenderer."""
        sun, office = people.sun(), people.organisation_of(people.zhao())
        people.member(sun, Role.TENDERER, of=office)
        client = people.sign_in(Client(), sun)
        firm = people.organisation("91320508MA1W1QU21J", "")
        for chosen, status in ((firm, 200), (office, 403)):
            session = client.session
            session[ORGANISATION_KEY] = str(chosen.pk)
            session.save()
            assert client.get("/bidders").status_code == status


class TestAPageOfARefusal:
    def test_never_leads_back_to_another_site(self):
        client = people.sign_in(Client(), people.wu())
        page = client.get("/bidders", headers={"Referer": "http://testserver//evil.example/x"})
        assert 'href="/evil.example/x"' in page.content.decode()
        assert "//evil.example" not in page.content.decode()


class TestAnEndedRole:
    def test_closes_the_door_in_the_same_session(self, clock):
        client = people.sign_in(Client(), people.sun())
        assert client.get("/bidders").status_code == 200
        people.sun().memberships.update(ended_at=clock.now())
        assert client.get("/bidders").status_code == 403

    def test_a_person_switched_off_is_nobody_at_once(self):
        sun = people.sun()
        client = people.sign_in(Client(), sun)
        type(sun).objects.filter(pk=sun.pk).update(is_active=False)
        assert client.get("/bidders").status_code == 302


class TestWhatOneRoleSaw:
    def test_is_never_cached(self):
        answer = people.sign_in(Client(), people.sun()).get("/bidders")
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]


class TestAWrongHost:
    def test_gets_the_page_of_a_request_that_was_not_understood(self, client):
        page = client.get("/login", HTTP_HOST="elsewhere.test")
        assert page.status_code == 400
        assert "X-400" in page.content.decode()
