"""The door of submission: signed, done once, and by the instant its last byte arrived."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import AsyncRequestFactory
from django.urls import reverse

from audit.services.keys import log_key
from sealing.receipts import verify as verify_receipt
from tests import people, worlds
from tests.accounts.authority import Authority, bound
from tests.signing import signed_form
from trading import arrivals
from trading.models import Bid, Submission
from trading.services.sealed_files import examine

pytestmark = pytest.mark.django_db

D = worlds.DEADLINE
BEFORE = D - timedelta(hours=2)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def world(clock):
    clock.set(BEFORE)
    return worlds.published()


@pytest.fixture
def party(world):
    return worlds.joined(world, people.sun())


@pytest.fixture
def holder(settings, tmp_path, clock, world):
    authority = Authority()
    authority.trust(settings, tmp_path, at=clock.now())
    made = authority.issue_for(people.sun(), not_before=clock.now())
    bound(made, people.sun(), now=clock.now())
    return made


@pytest.fixture
def sun(client):
    return people.sign_in(client, people.sun())


@pytest.fixture
def content(world, party):
    return worlds.sealed_for(world, party, price_fen=950_000_000)


def claim(party, content, **said):
    """What a bidder's program says of its file, uploaded whole."""
    facts = examine([content], len(content))
    return {
        "bid": facts.header.context.bid,
        "upload": str(worlds.uploaded(party, content, now=BEFORE)),
        "ct_root": facts.ct_root,
        "size": str(len(content)),
        "header_sha256": facts.header_sha256,
    } | said


def signed(holder, lot, fields, *, purpose="submit", act="trading:bid-finalise"):
    """The form as a program posts it."""
    return signed_form(holder, act, fields, args={"lot": str(lot)}, purpose=purpose)


def post(client, world, form, **how):
    url = reverse("trading:bid-finalise", kwargs={"lot": world.lot.pk})
    return client.post(url, form, HTTP_ACCEPT="application/json", **how)


class TestTheDoor:
    def test_gives_the_receipt_of_these_bytes_and_the_same_one_again(
        self, sun, world, party, holder, content
    ):
        form = signed(holder, world.lot.pk, claim(party, content))
        first = post(sun, world, form)
        assert first.status_code == 200, first.content
        told = first.json()
        assert set(told) == {"bid", "receipt", "receipt_id", "received_at"}
        receipt = verify_receipt(told["receipt"], log_key=log_key())
        assert receipt.entry.ct_root == form["ct_root"]
        assert post(sun, world, form).json() == told
        assert Bid.objects.count() == 1

    def test_takes_no_other_fields_under_a_command_that_was_given(
        self, sun, world, party, holder, content
    ):
        form = signed(holder, world.lot.pk, claim(party, content))
        post(sun, world, form)
        other = signed(holder, world.lot.pk, {**claim(party, content), "bid": str(uuid4())})
        answer = post(sun, world, {**other, "command_id": form["command_id"]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "X-409")

    def test_takes_nothing_that_is_not_signed(self, sun, world, party, holder, content):
        form = signed(holder, world.lot.pk, claim(party, content))
        for forged in ({**form, "signature": ""}, {**form, "ct_root": "B" * 43}):
            answer = post(sun, world, forged)
            assert answer.status_code >= 400
        assert not Submission.objects.exists()
        assert post(sun, world, form).status_code == 200

    def test_names_the_cause_to_a_program(self, sun, world, party, holder):
        plain = b"%PDF-1.7 9,500,000.00" * 50
        upload = str(worlds.uploaded(party, plain, now=BEFORE))
        said = {
            "bid": str(uuid4()),
            "upload": upload,
            "ct_root": "A" * 43,
            "size": str(len(plain)),
            "header_sha256": "A" * 43,
        }
        answer = post(sun, world, signed(holder, world.lot.pk, said))
        error = answer.json()["error"]
        assert (error["code"], error["facts"]) == ("B-021", {"cause": "NOT_ENCRYPTED"})

    def test_says_late_with_both_times(self, sun, world, party, holder, content, clock):
        form = signed(holder, world.lot.pk, claim(party, content))
        clock.set(D)
        answer = post(sun, world, form)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["facts"]["cause"]) == (
            410,
            "B-020",
            "LATE",
        )
        assert "2026-11-23 14:00:00" in error["why"]

    def test_counts_the_last_byte_not_the_moment_it_was_looked_at(
        self, sun, world, party, holder, content, clock, monkeypatch
    ):
        form = signed(holder, world.lot.pk, claim(party, content))
        monkeypatch.setattr(arrivals, "of", lambda _request, *, otherwise: D - INSTANT)
        clock.set(D + timedelta(seconds=1))
        assert post(sun, world, form).status_code == 200
        assert Bid.objects.get().received_at == D - INSTANT


class TestAnArrival:
    def test_is_the_instant_of_the_last_part_of_the_body(self, clock):
        clock.set(BEFORE)
        seen = []

        async def app(scope, receive, send):
            del send
            while (await receive()).get("more_body"):
                pass
            clock.set(D)  # the view comes much later
            request = AsyncRequestFactory().get("/")
            request.scope = dict(scope)  # routers hand on a copy
            seen.append(arrivals.of(request, otherwise=D))

        parts = [
            (BEFORE, {"type": "http.request", "body": b"a", "more_body": True}),
            (BEFORE + INSTANT, {"type": "http.request", "body": b"b"}),
        ]

        async def receive():
            at, message = parts.pop(0)
            clock.set(at)
            return message

        asyncio.run(arrivals.noting(app)({"type": "http"}, receive, None))
        assert seen == [BEFORE + INSTANT]

    def test_is_never_later_than_the_act_and_is_the_act_s_where_nobody_noted(self, rf):
        assert arrivals.of(rf.post("/"), otherwise=D) == D
        request = rf.post("/")
        request.scope = {"hengping.arrival": [D + INSTANT]}
        assert arrivals.of(request, otherwise=D) == D
