"""Acts over HTTP: once, whole or not at all, and refused in words."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Person, Signature
from accounts.web import act, requires
from tests import people
from tests.accounts import doors

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.doors")]
LOT = uuid4()
COMMAND = "0c5f6a52-6a58-4a37-9f4c-7d0c36b5a3c1"
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _nothing_done():
    doors.DONE.clear()


@pytest.fixture
def sun():
    return people.sign_in(Client(), people.sun())


def post(client, text, *, command=None, json_reply=True):
    data = {"command_id": command or str(uuid4()), "text": text}
    return client.post(f"/notes/{LOT}", data, headers=JSON if json_reply else {})


class TestAnAct:
    def test_answers_a_program_with_its_reply(self, sun):
        answer = post(sun, "好")
        assert answer.json() == {"redirect": "/members", "lot": str(LOT), "text": "好"}

    def test_sends_a_page_on(self, sun):
        answer = post(sun, "好", json_reply=False)
        assert (answer.status_code, answer["Location"]) == (303, "/members")

    def test_refuses_a_name_that_is_both_field_and_file(self, sun):
        """The signature would cover the file while the form reads the field."""
        data = {
            "command_id": str(uuid4()),
            "text": ["好", SimpleUploadedFile("text", b"x")],
        }
        answer = sun.post(f"/notes/{LOT}", data, headers=JSON)
        assert answer.json()["error"]["code"] == "A-301"
        assert doors.DONE == []

    def test_is_done_once_however_often_it_is_sent(self, sun):
        command = str(uuid4())
        first, second = post(sun, "好", command=command), post(sun, "好", command=command)
        assert first.json() == second.json()
        assert doors.DONE == ["好"]

    def test_refuses_the_same_command_with_another_body(self, sun):
        command = str(uuid4())
        post(sun, "好", command=command)
        answer = post(sun, "坏", command=command)
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "X-409"
        assert doors.DONE == ["好"]

    def test_refuses_the_same_command_from_somebody_else(self, sun):
        command = str(uuid4())
        post(sun, "好", command=command)
        other = people.sign_in(Client(), people.li())
        assert post(other, "好", command=command).json()["error"]["code"] == "X-409"

    @pytest.mark.parametrize("command", ["", "1", "x" * 36])
    def test_refuses_a_command_without_an_id(self, sun, command):
        answer = sun.post(f"/notes/{LOT}", {"command_id": command, "text": "好"}, headers=JSON)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "A-301")

    def test_refuses_a_field_name_that_has_no_canonical_form(self, sun):
        data = {"command_id": str(uuid4()), "text": "好", "名": "x"}
        answer = sun.post(f"/notes/{LOT}", data, headers=JSON)
        assert answer.json()["error"]["code"] == "A-301"

    def test_needs_the_csrf_token(self):
        client = people.sign_in(Client(enforce_csrf_checks=True), people.sun())
        assert post(client, "好").status_code == 403
        assert doors.DONE == []

    def test_is_a_post(self, sun):
        assert sun.get("/bare").status_code == 405
        assert sun.put(f"/notes/{LOT}").status_code == 405

    def test_must_stand_below_its_guard(self):
        with pytest.raises(ImproperlyConfigured):
            act()(requires()(doors.note_page))


class TestARefusedAct:
    def test_tells_a_program_code_and_words(self, sun):
        answer = post(sun, "不行")
        assert answer.status_code == 410
        assert answer.json() == {
            "error": {
                "code": "Z-001",
                "what": "没有办成。",
                "why": "今天不办。",
                "do": "请改天再来。",
            }
        }

    def test_leaves_nothing_behind_and_may_be_sent_again(self, sun):
        command = str(uuid4())
        post(sun, "不行", command=command)
        assert Person.objects.get(username="sun").name == "孙立"
        assert post(sun, "好", command=command).status_code == 200

    def test_draws_its_page_again_with_the_words(self, sun):
        answer = post(sun, "不行", json_reply=False)
        assert answer.status_code == 410
        page = answer.content.decode()
        assert "没有办成。" in page
        assert "今天不办。" in page
        assert 'name="text"' in page

    def test_has_a_page_of_its_own_without_a_form(self, sun):
        answer = sun.post("/bare", {"command_id": str(uuid4())})
        assert answer.status_code == 410
        assert "从来不办。" in answer.content.decode()


class TestAnInvalidForm:
    def test_tells_a_program_the_fields(self, sun):
        answer = post(sun, "太长太长太长")
        assert answer.status_code == 422
        error = answer.json()["error"]
        assert error["code"] == "A-422"
        assert set(error["fields"]) == {"text"}
        assert doors.DONE == []

    def test_keeps_what_was_typed_on_the_page(self, sun):
        page = post(sun, "太长太长太长", json_reply=False).content.decode()
        assert 'value="太长太长太长"' in page
        assert "error-summary" in page


class TestASignedAct:
    @pytest.fixture
    def signing(self, suns_key):
        def fields(body, **changes):
            return {
                "command_id": COMMAND,
                "signature": suns_key.sign(body, purpose="submit"),
                "certificate": suns_key.pem,
            } | changes

        return fields

    @staticmethod
    def body(**fields):
        named = {"act": "signed", "args": {}, "command": COMMAND, "fields": fields}
        text = json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    def test_hands_the_kept_signature_to_the_view(self, sun, signing, suns_key):
        answer = sun.post("/signed", {"a": "1"} | signing(self.body(a="1")), headers=JSON)
        assert answer.json()["signature"] == str(Signature.objects.get().id)
        assert [suns_key.serial] == doors.DONE

    def test_signs_repeated_fields_as_a_list_and_files_by_their_hash(self, sun, signing):
        file = SimpleUploadedFile("清单.txt", b"abc", "text/plain")
        described = {
            "name": "清单.txt",
            "size": 3,
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        }
        body = self.body(lot=["1", "2"], file=described)
        data = {"lot": ["1", "2"], "file": file} | signing(body)
        assert sun.post("/signed", data, headers=JSON).status_code == 200

    def test_refuses_fields_that_were_not_signed(self, sun, signing):
        answer = sun.post("/signed", {"a": "2"} | signing(self.body(a="1")), headers=JSON)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "A-202")
        assert doors.DONE == []

    def test_leaves_secret_fields_out_of_the_body(self, sun, signing):
        data = {"a": "1", "pin": "1234"} | signing(self.body(a="1"))
        assert sun.post("/signed", data, headers=JSON).status_code == 200

    @pytest.mark.parametrize("missing", ["signature", "certificate"])
    def test_refuses_to_go_without(self, sun, signing, missing):
        answer = sun.post("/signed", signing(self.body(), **{missing: ""}), headers=JSON)
        assert answer.json()["error"]["code"] == "A-201"

    def test_repeated_with_another_signature_is_still_done_once(self, sun, signing):
        body = self.body()
        for _ in range(2):  # ECDSA signs differently each time
            sun.post("/signed", signing(body), headers=JSON)
        assert len(doors.DONE) == 1
        assert Signature.objects.count() == 1

    def test_cannot_be_done_again_by_who_has_its_signature(self, sun, signing):
        form = signing(self.body())
        assert sun.post("/signed", form, headers=JSON).status_code == 200
        again = sun.post("/signed", {**form, "command_id": str(uuid4())}, headers=JSON)
        assert (again.status_code, again.json()["error"]["code"]) == (422, "A-202")
        assert len(doors.DONE) == 1
