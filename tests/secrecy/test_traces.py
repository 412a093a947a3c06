"""Nothing that is kept leads from a firm or its people to a tender they secretly take part in.

Two bidders do before the hour all that can be done, through the doors. Then every row of every
table is read, as from a dump, with every stored file and every line of the log, and every trace
that begins at a bidder is followed to its end. The keys lie outside the database; what is sealed
under them is what the walk cannot follow.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.models import Person
from accounts.services import due as accounts_due
from audit.models import Command
from bank_escrow.models import Bank
from bank_escrow.services import banks
from bank_escrow.services import due as escrow_due
from bank_escrow.services.accounts import fill_pool
from tests import people, worlds
from tests.accounts.authority import Authority
from tests.bank_escrow.conftest import bank
from tests.browser.bidding import _own_folders
from tests.secrecy.course import Course, bidder
from tests.secrecy.traces import dump, trail, way_to
from trading.models import Enquiry, Party
from trading.services import amending, due, enquiries
from trading.services.opening import advance

__all__ = ["_own_folders", "bank"]
pytestmark = pytest.mark.django_db(transaction=True)

BEGIN = worlds.DEADLINE - timedelta(days=20)
# What everybody has in common. A walk through these would lead from anyone to anything.
COMMON = (
    # All certificates are judged by the authority's list; a signature names the list of its day.
    "accounts_revocationlist",
    # The one bank all deposits go to, and the one centre.
    "bank_escrow_bank",
    "accounts_centre",
    # Kinds of rows, the same in every installation.
    "django_content_type",
    "django_migrations",
)


@pytest.fixture
def authority(settings, tmp_path, clock):
    made = Authority()
    made.trust(settings, tmp_path, at=clock.now())
    return made


@pytest.fixture
def world(clock, _own_folders, bank):
    clock.set(BEGIN)
    bank.now = BEGIN
    banks.connected(BEGIN)
    fill_pool(Bank.objects.get(), now=BEGIN)
    return worlds.published(security_fen=20_000_000)


@pytest.fixture
def course(clock, world, bank, authority, caplog):
    """Two bidders on their course; the tender's side answers and amends between their acts."""
    caplog.set_level(logging.DEBUG)
    both = [
        Course(world=world, who=bidder(number, authority=authority, now=clock.now()), clock=clock)
        for number in (1, 2)
    ]
    first, second = both
    first.whole(bank)
    second.joins()
    second.brings_a_guarantee()
    second.submits(price_fen=920_000_000)
    _the_side_acts(world, clock)
    for one in both:
        _ticks(clock, bank)
        assert len(one.reads_the_inbox()) > 2
    clock.set(worlds.DEADLINE + timedelta(days=1) - timedelta(minutes=30, microseconds=1))
    with transaction.atomic():
        advance.open_lobby(lot_id=world.lot.pk, now=clock.now())
    for one in both:
        people.sign_in(one.who.client, one.who.person)  # the session of the days before has ended
        one.does("hall-sign-in")
        one.gets(f"/hall/{one.lot}")
        one.misses_the_password()
    _ticks(clock, bank)
    return both


def _the_side_acts(world, clock) -> None:
    clock.advance(minutes=3, microseconds=77_777)
    for enquiry in Enquiry.objects.all():
        with transaction.atomic():
            enquiries.answer(
                tender=world.tender,
                enquiry_id=enquiry.pk,
                text="含节假日。",
                person=world.tenderer,
                now=clock.now(),
            )
        clock.advance(minutes=3, microseconds=55_555)
    with transaction.atomic():
        amending.amend(
            tender=world.tender,
            summary="工期按日历天计算。",
            content={"工期": "336 日历天"},
            new_deadline_at=worlds.DEADLINE + timedelta(days=1),
            files=[SimpleUploadedFile("补遗.pdf", b"%PDF-1.7 addendum")],
            affects_preparation=True,
            person=world.tenderer,
            signature=uuid4(),
            now=clock.now(),
        )


def _ticks(clock, bank) -> None:
    clock.advance(minutes=1, microseconds=33_333)
    bank.now = clock.now()
    for app in (due, escrow_due, accounts_due):
        app.tick(clock.now())
    worlds.log_ticks(now=clock.now())


def traces(one: Course):
    """What a reader of the database finds out about one bidder, without the keys."""
    found = dump()
    strangers = Person.objects.exclude(pk=one.who.person.pk).values_list("pk", flat=True)
    # Other people lead to their own tenders: those of the tender's side, staff, the rival.
    stop = found.values(*COMMON) | {pk.hex for pk in strangers} | {str(pk) for pk in strangers}
    begin = one.who.ids
    return trail(found, start=begin, words=one.who.words, stop=stop - begin)


class TestTheDatabase:
    def test_does_not_lead_from_a_bidder_to_a_tender(self, course, world):
        secret = {world.tender.pk.hex, world.lot.pk.hex}
        secret |= {party.pk.hex for party in Party.objects.all()}
        for one in course:
            reached = traces(one)
            assert len(reached) > 5, "the bidder's own account is known"
            led = [
                way_to(row, reached)
                for row in reached
                if row.values & secret or row.table.startswith(("trading_", "bank_escrow_"))
            ]
            assert led == []

    def test_holds_all_that_was_done(self, course, world):
        """What the walk did not find is there: it walked past it, not over an empty floor."""
        held = {row.table for row in dump().rows}
        assert held >= {
            "accounts_message",
            "accounts_outgoing",
            "accounts_signature",
            "audit_command",
            "audit_event",
            "axes_accessattempt",
            "bank_escrow_bankcredit",
            "bank_escrow_deposit",
            "bank_escrow_paper",
            "trading_bid",
            "trading_download",
            "trading_enquiry",
            "trading_party",
            "trading_signin",
            "trading_submission",
        }

    def test_would_lead_there_by_one_row_that_names_both(self, course, world):
        party = Party.objects.first()
        for slip in (
            {"actor": str(course[0].who.person.pk), "reply": {"party": str(party.pk)}},
            {"actor": "x", "reply": {"lot": str(world.lot.pk), "by": course[0].who.person.phone}},
        ):
            with transaction.atomic():
                Command.objects.create(id=uuid4(), body_sha=bytes(32), at=BEGIN, **slip)
                reached = traces(course[0])
                assert any(world.lot.pk.hex in row.values for row in reached)
                transaction.set_rollback(True)


class TestFilesAndLogs:
    def test_name_no_bidder(self, course, tmp_path, caplog):
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any("sealed" in str(path) for path in files)
        for one in course:
            names = [*one.who.words, *one.who.ids, str(one.who.person.pk), str(one.who.firm.pk)]
            for path in files:
                told = str(path).encode() + path.read_bytes()
                assert not any(name.encode() in told for name in names), path
            lines = caplog.text.splitlines()
            assert not [line for line in lines if any(name in line for name in names)]


class TestTheMail:
    def test_reaches_every_taker_once_and_names_no_tender(self, course, world):
        sent = [item for item in mail.outbox if "keeper" in item.to[0]]
        for one in course:
            mine = [item for item in sent if item.to == [one.who.person.email]]
            told = one.who.client.get("/my/messages", HTTP_ACCEPT="application/json").json()
            assert len(mine) == len(told["messages"])
        for item in sent:
            text = item.subject + item.body
            assert world.tender.title not in text
            assert str(world.tender.pk) not in text


class TestTheInbox:
    def test_tells_each_bidder_of_its_answer_and_the_addendum(self, course, world):
        for one in course:
            page = one.who.client.get("/my/messages", HTTP_ACCEPT="application/json")
            told = page.json()["messages"]
            public = [row for row in told if row["link"] == f"/notices/{world.tender.pk}"]
            assert [row["kind"] for row in public] == ["tender.amended", "enquiry.answered"]
            assert all(row["read_at"] for row in told)

    def test_of_a_stranger_shows_nothing(self, course, client):
        people.sign_in(client, people.sun())
        told = client.get("/my/messages", HTTP_ACCEPT="application/json").json()["messages"]
        assert told == []
