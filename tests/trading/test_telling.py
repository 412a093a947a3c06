"""Every firm that took the documents is told of every change, once, and nobody else learns who."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Message, Outgoing, SecretMatter
from accounts.services import due as accounts_due
from accounts.services import messages
from tests import people, worlds
from trading.models import Document
from trading.services import downloads, secrecy

pytestmark = pytest.mark.django_db

NOW = worlds.ISSUED + timedelta(hours=1)


@pytest.fixture
def world(clock):
    clock.set(NOW)
    return worlds.published()


def takes(world, who):
    """Download every document there is."""
    for document in Document.objects.filter(document_set__tender=world.tender):
        downloads.remember(
            document=document, organisation=people.organisation_of(who), now=worlds.ISSUED
        )


def changed(world, *, now=NOW, body="工期按日历天计算。"):
    downloads.tell_takers(
        tender=world.tender, kind="tender.amended", subject="变更公告", body=body, now=now
    )


def tell_all():
    for announcement in downloads.untold():
        downloads.tell(announcement_id=announcement, now=NOW)


def inbox(who):
    page = people.sign_in(Client(), who).get("/my/messages", HTTP_ACCEPT="application/json")
    return [(row["kind"], row["body"]) for row in page.json()["messages"]]


class TestTellingTheTakers:
    def test_reaches_each_once_however_much_it_took(self, world):
        takes(world, people.sun())
        takes(world, people.sun())
        worlds.joined(world, people.sun())
        worlds.joined(world, people.li())
        changed(world)
        for _ in range(3):
            tell_all()
        told = [("tender.amended", "工期按日历天计算。")]
        assert inbox(people.sun()) == told
        assert inbox(people.li()) == told
        assert inbox(people.zhou()) == []

    def test_takes_the_announcing_act_no_longer_for_many_than_for_none(self, world):
        asked = []
        for taker in (None, people.sun(), people.li()):
            if taker is not None:
                takes(world, taker)
            with CaptureQueriesContext(connection) as queries:
                changed(world)
            asked.append(len(queries))
        assert len(set(asked)) == 1

    def test_leaves_by_mail_once_without_the_tender_s_name(self, world):
        takes(world, people.sun())
        changed(world)
        tell_all()
        for _ in range(2):
            accounts_due.tick(NOW)
        [sent] = mail.outbox
        assert sent.to == ["sun@example.test"]
        assert world.tender.title not in sent.subject + sent.body


class TestTheRows:
    def test_name_nobody_before_the_list_is_read_out(self, world):
        takes(world, people.sun())
        changed(world)
        tell_all()
        row, copy = Message.objects.get(), Outgoing.objects.get()
        assert (row.person, row.organisation, row.subject, row.body) == (None, None, "", "")
        assert (copy.address, copy.subject, copy.body) == ("", "", "")

    def test_are_ordinary_ones_afterwards_and_still_in_the_inbox(self, world):
        for bidder in (people.sun(), people.li(), people.zhou()):
            worlds.submitted(world, bidder, price_fen=900_000_000)
        changed(world)
        tell_all()
        before = inbox(people.sun())
        assert secrecy.reveal_due(now=worlds.DEADLINE - timedelta(seconds=1)) == 0
        worlds.closed(world)
        worlds.to_stage(world, "LIST")
        # Each has the receipt of its bid and the announcement.
        assert secrecy.reveal_due(now=worlds.DEADLINE + timedelta(minutes=5)) == 6
        assert Message.objects.filter(person=people.sun(), sealed__isnull=True).count() == 2
        assert inbox(people.sun()) == before
        assert not SecretMatter.objects.exists()

    def test_stay_sealed_for_a_second_round_where_no_list_was_read_out(self, world):
        takes(world, people.sun())
        changed(world)
        tell_all()
        worlds.closed(world)
        worlds.to_stage(world, "FAILED")
        assert secrecy.reveal_due(now=worlds.DEADLINE + timedelta(days=179)) == 0
        assert secrecy.reveal_due(now=worlds.DEADLINE + timedelta(days=181)) == 1

    def test_of_a_matter_that_is_no_secret_are_never_sealed(self, world):
        messages.reveal(matter=world.tender.pk)
        takes(world, people.sun())
        with transaction.atomic():
            changed(world)
        tell_all()
        assert Message.objects.get().person == people.sun()
