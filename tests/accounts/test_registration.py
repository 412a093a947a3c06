"""Registering an organisation, its colleagues and its data."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Message, Organisation, Person
from audit.models import Event
from tests import people

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
CODE = "91330300MA2ABC1250"
TOPICS: dict[str, dict[str, Any]] = {
    "firm": {"credit_code": CODE, "name": "温州瓯江市政有限公司", "kinds": ["BIDDER", "TENDERER"]},
    "place": {"legal_representative": "林涛", "address": "温州市鹿城区", "small_business": "on"},
    "account": {"basic_bank": "中国银行温州分行", "basic_account": "3500 1234 5678"},
    "person": {
        "person_name": "林小满",
        "phone": "13800000000",
        "email": "lin@example.test",
        "password": people.PASSWORD,
        "password_again": people.PASSWORD,
    },
}
WHOLE = {name: value for topic in TOPICS.values() for name, value in topic.items()}


def register(client, *, command=None, **changes):
    data = {"command_id": command or str(uuid4())} | WHOLE | changes
    return client.post("/register", data, headers=JSON)


class TestRegistering:
    def test_can_be_used_at_once(self, client):
        answer = register(client)
        username = answer.json()["username"]
        signed_in = client.post(
            "/login", {"username": username, "password": people.PASSWORD}, headers=JSON
        )
        assert signed_in.json()["roles"] == ["BIDDER", "TENDERER"]
        here = Organisation.objects.get(credit_code=CODE)
        assert (here.basic_account, here.small_business) == ("350012345678", True)
        assert client.get("/org/users").status_code == 200

    def test_is_recorded_without_names(self, client):
        register(client)
        here = Organisation.objects.get(credit_code=CODE)
        event = Event.objects.get(stream=f"account/{here.id}", name="organisation.registered")
        assert event.body["checks"] == {"credit_code": True}
        assert "林" not in str(list(Event.objects.values_list("body", flat=True)))

    @pytest.mark.parametrize("typed", [" 91330300ma2abc1250 ", "９１３３０３００MA2ABC1250"])
    def test_takes_the_code_however_it_is_typed(self, client, typed):
        assert register(client, credit_code=typed).json()["username"] == CODE.lower()

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            (
                {"credit_code": CODE[:-1] + "1"},
                "credit_code",
                "统一社会信用代码第 18 位校验不符，请核对营业执照",
            ),
            (
                {"credit_code": CODE[:-1]},
                "credit_code",
                "统一社会信用代码应为 18 位，现在是 17 位，请核对营业执照",
            ),
            ({"basic_account": "12"}, "basic_account", "账号应为 6–40 位数字或字母"),
            ({"phone": "打电话"}, "phone", "电话号码应为 6–20 位数字，可带区号和连字符"),
            ({"password_again": "other-other"}, "password_again", "两次输入的密码不同"),
            ({"kinds": ["EXPERT"]}, "kinds", None),
            ({"kinds": ["ADMIN"]}, "kinds", None),
            ({"password": "123", "password_again": "123"}, "password", None),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(self, client, changes, field, words):
        answer = register(client, **changes)
        assert answer.status_code == 422
        found = answer.json()["error"]["fields"][field]
        assert words is None or found == [words]
        assert not Organisation.objects.exists()

    def test_sent_twice_is_done_once(self, client):
        command = str(uuid4())
        first, second = register(client, command=command), register(client, command=command)
        assert first.json() == second.json()
        assert Person.objects.count() == 1

    def test_leaves_no_password_behind(self, client):
        register(client)
        from audit.models import Command

        stored = f"{Command.objects.get().reply}{list(Event.objects.values_list('body'))}"
        assert people.PASSWORD not in stored


class TestAFirmThatIsHereAlready:
    def test_is_answered_alike_and_nothing_changes(self, client):
        fresh = register(client)
        again = register(Client(), password="an-other-password", password_again="an-other-password")
        assert (again.status_code, again.json()) == (fresh.status_code, fresh.json())
        assert Person.objects.count() == Organisation.objects.count() == 1
        assert Person.objects.get().check_password(people.PASSWORD)

    def test_shows_the_same_page(self, client, clock):
        pages = []
        for _ in range(2):
            visitor = Client()
            visitor.post("/register", {"command_id": str(uuid4())} | WHOLE)
            pages.append(visitor.get("/login").content.decode())
        assert "登记已收到" in pages[0]
        assert len(pages[0]) == len(pages[1])

    def test_tells_its_managers(self, client):
        register(client)
        register(Client())
        assert Message.objects.get().kind == "accounts.registered-again"


class TestTheFourPages:
    def test_lead_to_a_registration_without_script(self, client):
        answer = client.get("/register")
        assert answer["Location"] == "/register/firm"
        for topic, following in [("firm", "/register/place"), ("place", "/register/account")]:
            answer = client.post(f"/register/{topic}", TOPICS[topic])
            assert answer["Location"] == following
        answer = client.post("/register/account", TOPICS["account"])
        assert answer["Location"] == "/register"
        page = client.get("/register").content.decode()
        assert "温州瓯江市政有限公司" in page
        assert "投标人、招标人" in page
        hidden = _hidden_fields(page)
        assert hidden["credit_code"] == [CODE]
        assert hidden["kinds"] == ["BIDDER", "TENDERER"]
        sent = client.post("/register", hidden | TOPICS["person"])
        assert (sent.status_code, sent["Location"]) == (303, "/login")
        assert Organisation.objects.get().small_business

    def test_stop_at_a_mistake(self, client):
        answer = client.post("/register/firm", TOPICS["firm"] | {"credit_code": CODE[:-1] + "1"})
        assert answer.status_code == 422
        assert "第 18 位校验不符" in answer.content.decode()

    def test_cannot_be_jumped(self, client):
        client.post("/register/firm", TOPICS["firm"])
        assert client.get("/register")["Location"] == "/register/place"

    def test_keep_no_password_in_the_session(self, client):
        for topic in ("firm", "place", "account"):
            client.post(f"/register/{topic}", TOPICS[topic])
        client.post("/register", WHOLE | {"command_id": str(uuid4()), "phone": "x"})
        assert people.PASSWORD not in str(dict(client.session))


class TestColleagues:
    def add(self, client, **changes):
        data = {
            "command_id": str(uuid4()),
            "suffix": "mei",
            "person_name": "孙梅",
            "phone": "13700000000",
            "password": people.PASSWORD,
            "password_again": people.PASSWORD,
        } | changes
        return client.post("/org/users", data, headers=JSON)

    def test_act_for_the_organisation_at_once(self, client):
        people.sign_in(client, people.sun())
        username = self.add(client).json()["username"]
        other = Client()
        signed_in = other.post(
            "/login", {"username": username, "password": people.PASSWORD}, headers=JSON
        )
        assert signed_in.json()["roles"] == ["BIDDER"]

    def test_are_added_by_managers_only(self, client):
        people.sign_in(client, people.sun())
        self.add(client)
        mei = Person.objects.get(name="孙梅")
        answer = self.add(people.sign_in(Client(), mei), suffix="two")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "A-405")

    def test_with_a_suffix_in_use_are_refused(self, client):
        people.sign_in(client, people.sun())
        self.add(client)
        assert self.add(client).json()["error"]["code"] == "A-503"

    def test_lose_their_roles_when_dismissed(self, client):
        people.sign_in(client, people.sun())
        mei = self.add(client).json()["person"]
        address = f"/org/users/{mei}/dismiss"
        assert client.post(address, {"command_id": str(uuid4())}, headers=JSON).status_code == 200
        assert client.get("/org/users").content.decode().count("孙梅") == 0
        assert client.post(address, {"command_id": str(uuid4())}).status_code == 404

    def test_of_another_organisation_cannot_be_dismissed(self, client):
        people.sign_in(client, people.sun())
        address = f"/org/users/{people.li().id}/dismiss"
        assert client.post(address, {"command_id": str(uuid4())}).status_code == 404
        assert people.li().memberships.get().ended_at is None

    def test_keep_one_manager(self, client):
        sun = people.sun()
        people.sign_in(client, sun)
        answer = client.post(
            f"/org/users/{sun.id}/dismiss", {"command_id": str(uuid4())}, headers=JSON
        )
        assert answer.json()["error"]["code"] == "A-502"


class TestTheOrganisationsData:
    def test_are_changed_by_a_manager_and_recorded_by_name_of_field(self, client):
        people.sign_in(client, people.sun())
        here = people.organisation_of(people.sun())
        data = {
            "command_id": str(uuid4()),
            "legal_representative": "孙立",
            "address": here.address or "苏州市姑苏区",
            "basic_bank": here.basic_bank,
            "basic_account": "6222000011112222",
            "contact_name": here.contact_name,
            "contact_phone": here.contact_phone,
            "short_name": here.short_name,
            "name": "改名有限公司",
            "credit_code": CODE,
        }
        assert client.post("/org", data, headers=JSON).status_code == 200
        here.refresh_from_db()
        assert here.basic_account == "6222000011112222"
        assert (here.name, here.credit_code) == ("苏州恒筑建设有限公司", "91320508MA1W1QU21J")
        event = Event.objects.get(name="organisation.changed")
        assert event.body["fields"] == ["address", "basic_account", "legal_representative"]


def _hidden_fields(page):
    import re

    form = page.split('<form method="post" novalidate>')[1]
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)[1]
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name, []).append(value[1] if value else "")
    found.pop("csrfmiddlewaretoken")
    return found
