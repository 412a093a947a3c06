"""A bidder's questions: its own alone, asked until the deadline, unlinkable for everybody else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import people, worlds
from trading.models import Enquiry
from trading.services import enquiries

pytestmark = pytest.mark.django_db

D = worlds.DEADLINE
EARLY = worlds.ISSUED + timedelta(days=1)
TEXT = "管线迁改是否包含在报价内？"


@pytest.fixture
def world(clock):
    clock.set(EARLY)
    return worlds.published()


@pytest.fixture
def sun(client, world):
    worlds.joined(world, people.sun())
    return people.sign_in(client, people.sun())


@pytest.fixture
def li(world):
    worlds.joined(world, people.li())
    return people.sign_in(Client(), people.li())


def where(world):
    return reverse("trading:bid-questions", kwargs={"lot": world.lot.pk})


def page(client, world):
    answer = client.get(where(world))
    assert answer.status_code == 200
    return answer.content.decode()


def ask(client, world, text=TEXT, **more):
    fields = {"text": text, "command_id": str(uuid4()), **more}
    return client.post(where(world), fields)


def answered(world, text="包含，见工程量清单。"):
    with transaction.atomic():
        enquiries.answer(
            tender=world.tender,
            enquiry_id=Enquiry.objects.get().pk,
            text=text,
            person=world.tenderer,
            now=EARLY + timedelta(days=1),
        )


class TestMyQuestions:
    def test_are_shown_with_their_answers(self, sun, world):
        assert ask(sun, world).status_code == 303
        assert "等待答复" in page(sun, world)
        answered(world)
        text = page(sun, world)
        assert TEXT in text
        assert "包含，见工程量清单。" in text
        assert "已答复" in text

    def test_are_shown_to_no_other_bidder(self, sun, li, world):
        ask(sun, world)
        assert TEXT in page(sun, world)
        assert TEXT not in page(li, world)

    def test_cost_another_bidder_the_same_queries_and_rows(self, sun, li, world):
        with CaptureQueriesContext(connection) as none:
            page(li, world)
        ask(sun, world)
        with CaptureQueriesContext(connection) as some:
            page(li, world)
        assert [q["sql"] for q in none if "enquiry" in q["sql"]] == [
            q["sql"] for q in some if "enquiry" in q["sql"]
        ]

    def test_of_one_author_look_like_those_of_two(self, sun, li, world):
        for client in (sun, sun, li):
            ask(client, world)
        rows = Enquiry.objects.values_list("blind", "asker_sealed")
        assert len({bytes(blind) for blind, _ in rows}) == 3
        assert len({len(bytes(sealed)) for _, sealed in rows}) == 1

    def test_stand_in_the_bidder_s_list_of_things_to_do(self, sun, world):
        overview = sun.get(f"/bids/{world.lot.pk}").content.decode()
        assert f'href="{where(world)}"' in overview

    def test_are_closed_to_a_firm_that_has_not_joined(self, world):
        zhou = people.sign_in(Client(), people.zhou())
        assert zhou.get(where(world)).status_code == 409


class TestAsking:
    def test_is_offered_until_the_deadline_and_not_at_it(self, sun, world, clock):
        clock.set(D - timedelta(seconds=1))
        people.sign_in(sun, people.sun())  # a session does not last from issue to deadline
        assert "送出提问" in page(sun, world)
        clock.set(D)
        assert "送出提问" not in page(sun, world)
        assert ask(sun, world).status_code == 409
        assert not Enquiry.objects.exists()

    def test_nothing_is_refused_in_words(self, sun, world):
        answer = ask(sun, world, text="")
        assert answer.status_code == 422
        assert "请先改正以下内容" in answer.content.decode()

    def test_offers_an_objection_only_while_it_comes_in_time(self, sun, world, clock):
        assert "作为对招标文件的异议提出" in page(sun, world)
        clock.set(D - timedelta(days=9))
        people.sign_in(sun, people.sun())
        text = page(sun, world)
        assert "作为对招标文件的异议提出" not in text
        assert "仍可提问" in text
        assert ask(sun, world, is_objection="1").status_code == 409

    def test_stops_at_a_number_that_buries_nobody(self, sun, world, monkeypatch):
        monkeypatch.setattr(enquiries, "MOST", 2)
        assert [ask(sun, world).status_code for _ in range(3)] == [303, 303, 409]
