"""The administrator's import: all rows or none, and every mistake named by its row."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Membership, Message, Person, Role
from audit.models import Event
from tests import people

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
CSV = """username,name,role,place,password
Yang,杨帆,CENTRE_OPENING,320500,peng-cheng-wan-li
feng,冯正,SUPERVISOR,320500,
wu,吴静,EXPERT,320500,
"""


ROW = {"username": "mei", "name": "孙梅", "role": "BIDDER", "place": "91330300MA2ABC1250"}


@pytest.fixture
def unmanaged():
    """A firm nobody manages yet."""
    return people.organisation(ROW["place"], "温州恒远建设有限公司", "BIDDER")


@pytest.fixture
def root():
    return people.sign_in(Client(), people.admin())


def send(client, text, *, json_reply=True):
    content = text if isinstance(text, bytes) else text.encode()
    data = {"command_id": str(uuid4()), "file": SimpleUploadedFile("people", content)}
    return client.post("/admin/people", data, headers=JSON if json_reply else {})


class TestImporting:
    def test_makes_people_with_their_roles(self, root):
        made = send(root, CSV).json()["people"]
        assert set(made) == {"yang", "feng", "wu"}
        yang = Person.objects.get(pk=made["yang"])
        assert yang.roles_at(people.centre()) == {"CENTRE_OPENING"}
        assert yang.check_password(people.PASSWORD)
        assert not Person.objects.get(username="feng").has_usable_password()

    def test_takes_json_as_well(self, root, unmanaged):
        made = send(root, json.dumps({"people": [ROW]})).json()["people"]
        assert list(made) == ["mei"]
        mei = Person.objects.get(username="mei")
        assert people.organisation_of(mei) == unmanaged

    def test_of_the_same_file_twice_changes_nothing(self, root):
        first, second = send(root, CSV), send(root, CSV)
        assert first.json() == second.json()
        given = Event.objects.filter(stream="access", name="role.given")
        assert given.count() == 2  # yang and feng; what experts do is not for this stream

    def test_gives_a_known_person_a_further_role(self, root):
        send(root, CSV)
        send(root, "username,name,role,place\nyang,另名,WITNESS,320500\n")
        yang = Person.objects.get(username="yang")
        assert yang.name == "杨帆"
        assert yang.roles_at(people.centre()) == {"CENTRE_OPENING", "WITNESS"}

    def test_gives_a_firm_its_first_people_in_everybodys_sight(self, root, unmanaged):
        rows = [ROW | {"manager": True}, ROW | {"username": "sun", "name": "孙立"}]
        people.sun()
        for _ in range(2):  # the same file again changes nothing and is not refused
            assert send(root, json.dumps({"people": rows})).status_code == 200
        given = Event.objects.filter(stream="access", name="role.given")
        assert {event.body["organisation"] for event in given} == {str(unmanaged.pk)}
        told = Message.objects.get(kind="accounts.imported")
        assert told.person.username == "mei"
        assert "孙立" in told.body

    def test_into_a_firm_that_has_managers_is_theirs_to_do(self, root, unmanaged):
        people.member(people.zhou(), Role.BIDDER, of=unmanaged, manager=True)
        answer = send(root, json.dumps({"people": [ROW]}))
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "A-505")
        assert not Person.objects.filter(username="mei").exists()

    def test_of_another_centres_staff_is_that_centres_to_do(self, root):
        people.centre(people.WENZHOU)
        answer = send(root, CSV + f"lin,林月,WITNESS,{people.WENZHOU},")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "A-504")
        assert not Person.objects.filter(username="yang").exists()

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("x,名,KING,320500,", "role=KING"),
            ("x,名,EXPERT,999999,", "centre=999999"),
            ("x,名,BIDDER,91330300MA2ABC1250,", "organisation=91330300MA2ABC1250"),
            ("x,名,BIDDER,320500,", "organisation=320500"),
        ],
    )
    def test_of_a_wrong_row_imports_nobody(self, root, row, words):
        before = Person.objects.count()
        answer = send(root, CSV + row)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "A-501")
        assert "第 4 行" in answer.json()["error"]["why"]
        assert words in answer.json()["error"]["why"]
        assert Person.objects.count() == before

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            '{"people": 3}',
            '{"people": [3]}',
            "username,name,role,place\n",
            "username,name,role,place\nx,,EXPERT,320500\n",
            "username,name,role,place,power\nx,名,EXPERT,320500,all\n",
            "username,name,role,place,email\nx,名,EXPERT,320500,nowhere\n",
            b"\xff\xfe\x00",
            '"' * 99,
        ],
    )
    def test_of_an_unreadable_file_is_refused_at_the_field(self, root, text):
        answer = send(root, text)
        assert answer.status_code == 422
        assert set(answer.json()["error"]["fields"]) == {"file"}

    def test_says_on_the_page_what_was_done(self, root):
        send(root, CSV, json_reply=False)
        assert "已导入 3 人" in root.get("/admin/people").content.decode()


class TestTheList:
    """Who is here in which role, for the administrator to read and to search."""

    def shown(self, client, **query):
        page = client.get("/admin/people", query).content.decode()
        return page.partition("<tbody>")[2].partition("</tbody>")[0]

    def test_names_people_with_role_and_place(self, root):
        office = people.organisation_of(people.zhao())
        send(root, CSV)
        text = self.shown(root)
        for words in ("杨帆", "开标工作人员", people.zhao().name, office.name, office.credit_code):
            assert words in text

    def test_is_searched_by_words_and_role(self, root):
        office = people.organisation_of(people.zhao())
        send(root, CSV)
        found = self.shown(root, words=office.name)
        assert people.zhao().name in found
        assert "杨帆" not in found
        assert "杨帆" in self.shown(root, words="YANG")
        experts = self.shown(root, role="EXPERT")
        assert "吴静" in experts
        assert "杨帆" not in experts
        assert (
            "没有符合条件的人员" in root.get("/admin/people", {"words": "无此人"}).content.decode()
        )

    def test_does_not_tell_who_registered_to_bid(self, root, unmanaged):
        send(root, CSV + "mei,孙梅,BIDDER,91330300MA2ABC1250,\n")
        for query in ({}, {"words": "孙梅"}, {"words": unmanaged.name}, {"role": "BIDDER"}):
            text = self.shown(root, **query)
            assert "孙梅" not in text, query
            assert unmanaged.name not in text, query

    def test_leaves_out_other_centres_and_roles_that_ended(self, root):
        far = people.member(
            people.person("lin", "林远"), Role.EXPERT, of=people.centre(people.WENZHOU)
        )
        send(root, CSV)
        text = self.shown(root)
        assert far.name not in text
        assert "吴静" in text
        Membership.objects.filter(person__username="wu").update(ended_at=people.LONG_AGO)
        assert "吴静" not in self.shown(root)
