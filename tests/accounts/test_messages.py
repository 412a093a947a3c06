"""Messages: into the inbox at once, out of the house when they can."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils.translation import gettext_lazy as _

from accounts.adapters import sms
from accounts.models import Message, Outgoing
from accounts.services import due, messages, todo
from tests import people

pytestmark = pytest.mark.django_db


class BrokenMail(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError


def send(to, now, **changes):
    said = {
        "kind": "trading.addendum",
        "subject": "招标文件有补遗",
        "body": "请下载第 2 版。",
        "level": "changed",
        "link": "/notices",
    } | changes
    return messages.send(to=to, now=now, **said)


class TestSending:
    def test_reaches_everybody_who_acts_for_an_organisation(self, clock):
        firm = people.organisation_of(people.sun())
        people.member(people.person("mei", "孙梅"), "BIDDER", of=firm)
        send(firm, clock.now())
        assert {item.person.username for item in Message.objects.all()} == {"sun", "mei"}

    def test_reaches_nobody_who_has_left(self, clock):
        firm = people.organisation_of(people.sun())
        people.sun().memberships.update(ended_at=clock.now())
        send(firm, clock.now())
        assert not Message.objects.exists()

    def test_leaves_by_mail_with_the_next_tick(self, clock):
        send(people.sun(), clock.now())
        due.tick(clock.now())
        [sent] = mail.outbox
        assert (sent.to, sent.subject) == (["sun@example.test"], "招标文件有补遗")
        due.tick(clock.now())
        assert len(mail.outbox) == 1

    def test_subject_cannot_smuggle_a_header(self, clock):
        send(people.sun(), clock.now(), subject="通知\nBcc: all@example.test")
        due.tick(clock.now())
        [sent] = mail.outbox
        assert "\n" not in sent.subject
        assert sent.recipients() == ["sun@example.test"]

    def test_by_sms_only_what_must_be_acted_upon(self, clock, settings):
        settings.SMS_URL = "http://127.0.0.1:1"
        send(people.sun(), clock.now(), level="info")
        assert not Outgoing.objects.filter(channel="sms").exists()
        send(people.sun(), clock.now(), level="act")
        assert Outgoing.objects.get(channel="sms").address == "13900000000"


class TestAWayOutThatIsShut:
    def test_neither_loses_the_message_nor_stops_the_sender(self, clock, settings):
        settings.EMAIL_BACKEND = "tests.accounts.test_messages.BrokenMail"
        send(people.sun(), clock.now())
        due.tick(clock.now())
        assert Message.objects.count() == 1
        copy = Outgoing.objects.get()
        assert (copy.state, copy.attempts) == ("DUE", 1)
        assert copy.due_at == clock.now() + timedelta(minutes=1)

    def test_is_tried_until_it_opens(self, clock, settings):
        settings.EMAIL_BACKEND = "tests.accounts.test_messages.BrokenMail"
        send(people.sun(), clock.now())
        due.tick(clock.now())
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        clock.advance(minutes=1)
        due.tick(clock.now())
        assert len(mail.outbox) == 1

    def test_is_knocked_at_once_a_beat_and_holds_up_no_other_door(
        self, clock, settings, monkeypatch
    ):
        settings.SMS_URL = "http://127.0.0.1:1"
        settings.EMAIL_BACKEND = "tests.accounts.test_messages.BrokenMail"
        texts = []
        monkeypatch.setitem(due._SENDERS, Outgoing.Channel.SMS, lambda **said: texts.append(said))
        for _copy in range(3):
            send(people.sun(), clock.now(), level="act")
        due.tick(clock.now())
        tried = Outgoing.objects.filter(channel="email").order_by("-attempts")
        assert [copy.attempts for copy in tried] == [1, 0, 0]
        assert len(texts) == 3

    def test_is_given_up_after_six_tries(self, clock, settings):
        settings.EMAIL_BACKEND = "tests.accounts.test_messages.BrokenMail"
        send(people.sun(), clock.now())
        for _day in range(9):
            due.tick(clock.now())
            clock.advance(days=1)
        copy = Outgoing.objects.get()
        assert (copy.state, copy.attempts) == ("GIVEN_UP", 6)


class TestACopyThatCannotBeRead:
    def test_waits_and_lets_the_others_go(self, clock):
        send(people.sun(), clock.now())
        send(people.li(), clock.now())
        broken, _ = Outgoing.objects.order_by("due_at", "id")
        Outgoing.objects.filter(pk=broken.pk).update(sealed=b"0" * 40)
        for _beat in range(2):
            due.tick(clock.now())
        broken.refresh_from_db()
        assert (broken.state, broken.attempts, broken.last_error) == ("DUE", 1, "InvalidTag")
        assert len(mail.outbox) == 1


class TestTheSmsGateway:
    def test_is_given_number_and_text(self, monkeypatch, settings):
        settings.SMS_URL = "http://gateway.test"
        asked = []

        def answer(request):
            asked.append(request)
            return httpx.Response(200, json={"status": "ACCEPTED"})

        real = httpx.Client
        transport = httpx.MockTransport(answer)
        monkeypatch.setattr(
            sms.httpx, "Client", lambda **how: real(transport=transport, timeout=how["timeout"])
        )
        sms.send(to="13900000000", subject="开标提醒", body="今天 14:00 开标。")
        assert str(asked[0].url) == "http://gateway.test/messages"
        assert r"开标提醒\n今天 14:00 开标。" in asked[0].content.decode("utf-8")


class TestTheInbox:
    def test_shows_ones_own_messages_only(self, client, clock):
        send(people.sun(), clock.now(), subject="给孙立")
        send(people.li(), clock.now(), subject="给李敏")
        page = people.sign_in(client, people.sun()).get("/my/messages").content.decode()
        assert "给孙立" in page
        assert "给李敏" not in page

    def test_keeps_the_first_reading_as_the_receipt(self, client, clock):
        [message] = send(people.sun(), clock.now())
        people.sign_in(client, people.sun())
        address = f"/my/messages/{message.id}"
        client.get(address)
        message.refresh_from_db()
        assert message.read_at is None  # looking is not yet signing for it
        read_at = clock.now()
        answer = client.post(address, {"command_id": str(uuid4())})
        assert answer["Location"] == "/notices"
        clock.advance(hours=1)
        client.post(address, {"command_id": str(uuid4())})
        message.refresh_from_db()
        assert message.read_at == read_at

    def test_of_somebody_else_looks_like_a_wrong_address(self, client, clock):
        [message] = send(people.sun(), clock.now())
        people.sign_in(client, people.li())
        assert client.get(f"/my/messages/{message.id}").status_code == 404
        assert client.get(f"/my/messages/{uuid4()}").status_code == 404


class TestTodos:
    def add(self, clock, **changes):
        line = {
            "to": people.organisation_of(people.sun()),
            "key": "trading.sign-record/1",
            "text": "签署开标记录",
            "link": "/hall/1/record",
        } | changes
        return todo.add(**line, now=clock.now())

    def test_stand_on_the_desk_of_those_concerned(self, clock):
        self.add(clock)
        sun = people.sign_in(Client(), people.sun()).get("/my").content.decode()
        li = people.sign_in(Client(), people.li()).get("/my").content.decode()
        assert "签署开标记录" in sun
        assert "签署开标记录" not in li
        assert "现在没有要办的事。" in li

    def test_are_one_line_however_often_added(self, clock):
        first = self.add(clock)
        second = self.add(clock, text="请签署开标记录", due_at=clock.now())
        assert first.pk == second.pk
        second.refresh_from_db()
        assert second.text == "请签署开标记录"

    def test_are_gone_when_done_and_may_come_again(self, clock):
        self.add(clock)
        assert todo.done(key="trading.sign-record/1", now=clock.now()) == 1
        page = people.sign_in(Client(), people.sun()).get("/my").content.decode()
        assert "签署开标记录" not in page
        self.add(clock)
        assert todo.done(key="trading.sign-record/1", to=people.li(), now=clock.now()) == 0


class TestTheReadersLanguage:
    def test_is_that_of_the_inbox_and_of_the_copies(self, client, clock):
        people.sun().__class__.objects.filter(username="sun").update(language="en")
        send(people.sun(), clock.now(), subject=_("评审邀请"))
        due.tick(clock.now())
        [sent] = mail.outbox
        assert sent.subject == "Invitation to evaluate"
        people.sign_in(client, people.sun())
        assert "评审邀请" in client.get("/my/messages").content.decode()
        client.cookies["hp320500language"] = "en"
        assert "Invitation to evaluate" in client.get("/my/messages").content.decode()
