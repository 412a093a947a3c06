"""The trail: found by who, what and when, silent about bidders, itself recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from audit import selectors
from audit.domain import audiences
from audit.models import Event
from audit.selectors.trail import PAGE, Search, find, may_read
from audit.services import record
from audit.services.log import enqueue
from audit.services.tick import tick
from audit.services.trail import search
from tests import people
from tests.audit.probes import NOON, Pinged, logged_bid
from tests.audit.test_verify import edit

pytestmark = pytest.mark.django_db

PARTY = "lot/lot-1/party/p1"


def ping(stream, *, n=1, actor="zhou", at=NOON):
    with transaction.atomic():
        return record(stream=stream, event=Pinged(n=n), actor=actor, now=at)


def publish_the_result(lot="lot-1"):
    entry = {"tender": "tender-1", "lot": lot, "envelope": "single", "outcomes": []}
    with transaction.atomic():
        enqueue(kind="open.result", entry=entry, now=NOON)
    tick(now=NOON)


def said(found):
    return [(event.stream, event.seq) for event in found]


class TestAnAudience:
    @pytest.mark.parametrize(
        ("stream", "is_open"),
        [
            ("tender/t/public", True),
            ("tender/t/staff", True),
            ("lot/l/public", True),
            ("lot/l/staff", True),
            ("panel/p/room", True),
            ("access", True),
            ("lot/l/party/p", False),
            ("panel/p/seat/s", False),
            ("deposit/d", False),
            ("instruction/i", False),
            ("account/a", False),
            ("access/other", False),
            ("lot/l/party/public", False),
            ("xlot/l/public", False),
            ("lot/l/public\n", False),
        ],
    )
    def test_is_open_only_where_it_tells_nothing_of_bidders(self, stream, is_open):
        assert audiences.is_open(stream) is is_open
        assert may_read(stream) is is_open


class TestSearching:
    def test_finds_by_stream_actor_name_and_time_newest_first(self):
        ping("lot/a/public", actor="yang", at=NOON)
        ping("lot/a/public", actor="yang", at=NOON + timedelta(hours=1))
        ping("lot/b/staff", actor="jiang", at=NOON + timedelta(hours=2))
        assert said(find(Search())) == [
            ("lot/b/staff", 1),
            ("lot/a/public", 2),
            ("lot/a/public", 1),
        ]
        assert said(find(Search(stream="lot/a/public", since=NOON + timedelta(minutes=1)))) == [
            ("lot/a/public", 2)
        ]
        assert said(find(Search(until=NOON + timedelta(hours=1)))) == [("lot/a/public", 1)]
        assert said(find(Search(actor="jiang"))) == [("lot/b/staff", 1)]
        assert find(Search(name="probe.unknown")) == []

    def test_shows_a_party_only_after_the_result_of_its_lot(self):
        ping(PARTY)
        for question in (Search(), Search(stream=PARTY), Search(actor="zhou")):
            assert find(question) == []
        publish_the_result("another-lot")
        assert find(Search(stream=PARTY)) == []
        publish_the_result()
        for question in (Search(), Search(stream=PARTY), Search(actor="zhou")):
            assert said(find(question)) == [(PARTY, 1)]

    @pytest.mark.parametrize("stream", ["deposit/d", "account/a", "panel/p/seat/s"])
    def test_shows_what_cannot_be_tied_to_a_lot_only_when_vouched_for(self, stream):
        ping(stream)
        publish_the_result()
        assert find(Search()) == []
        assert said(find(Search(also=[stream]))) == [(stream, 1)]

    def test_goes_on_where_the_page_ended(self):
        for n in range(PAGE + 7):
            ping(f"lot/{n % 3}/public", at=NOON + timedelta(seconds=n // 10))
        first = search(criteria=Search(name="probe.pinged"), by="feng", now=NOON)
        rest = search(criteria=Search(name="probe.pinged", before=first.next), by="feng", now=NOON)
        assert (len(first.events), len(rest.events), rest.next) == (PAGE, 7, None)
        assert len({*said(first.events), *said(rest.events)}) == PAGE + 7

    def test_leaves_a_trace_with_the_question(self):
        search(criteria=Search(stream="lot/a/public", actor="yang"), by="feng", now=NOON)
        (trace,) = selectors.events_after("access", 0, 9)
        assert (trace.name, trace.actor) == ("trail.searched", "feng")
        assert trace.body["stream"] == "lot/a/public"
        assert trace.body["actor_sought"] == "yang"

    def test_checks_the_chain_of_the_stream_asked_for(self):
        ping("lot/a/public"), ping("lot/a/public")
        asked = Search(stream="lot/a/public")
        (chain,) = search(criteria=asked, by="feng", now=NOON).chains
        assert (chain.stream, chain.length, chain.findings.valid) == ("lot/a/public", 2, True)
        assert search(criteria=Search(), by="feng", now=NOON).chains == ()
        edit("UPDATE audit_event SET actor = 'x' WHERE stream = 'lot/a/public' AND seq = 1")
        (chain,) = search(criteria=asked, by="feng", now=NOON).chains
        assert not chain.findings.valid

    def test_counts_the_evidence_of_a_lot_only_after_its_result(self):
        ping("lot/lot-1/public")
        logged_bid(1), tick(now=NOON)
        asked = Search(stream="lot/lot-1/public")
        assert search(criteria=asked, by="feng", now=NOON).evidence == {}
        publish_the_result()
        assert search(criteria=asked, by="feng", now=NOON).evidence == {"lot-1": 2}

    def test_answers_alike_for_a_hidden_stream_and_a_missing_one(self):
        ping(PARTY)
        hidden = search(criteria=Search(stream=PARTY), by="feng", now=NOON)
        missing = search(criteria=Search(stream=PARTY + "x"), by="feng", now=NOON)
        assert hidden == missing


class TestThePage:
    def test_is_for_supervisors_only(self, client):
        assert client.get("/audit").status_code == 302
        people.sign_in(client, people.zhao())
        assert client.get("/audit").status_code == 403
        people.sign_in(client, people.feng())
        assert client.get("/audit").status_code == 200

    def test_looks_nothing_up_without_a_question(self, client):
        people.sign_in(client, people.feng())
        before = Event.objects.count()
        client.get("/audit")
        assert Event.objects.count() == before

    def test_shows_events_and_the_chains_verdict(self, client):
        people.sign_in(client, people.feng())
        ping("lot/a/public", n=17)
        page = client.get("/audit", {"stream": "lot/a/public"}).content.decode()
        assert "probe.pinged" in page
        assert "2026-11-23 12:00:00" in page
        assert "第 1–1 号首尾相连，未被改动" in page
        edit("UPDATE audit_event SET actor = 'x' WHERE stream = 'lot/a/public'")
        assert "校验未通过" in client.get("/audit", {"stream": "lot/a/public"}).content.decode()

    def test_reads_times_as_beijing_times(self, client):
        people.sign_in(client, people.feng())
        ping("lot/a/public")
        for until, count in {"2026-11-23T12:00:00": 0, "2026-11-23T12:00:01": 1}.items():
            asked = {"stream": "lot/a/public", "until": until}
            assert len(client.get("/audit", asked).context["trail"].events) == count

    def test_refuses_a_span_that_ends_before_it_begins(self, client):
        people.sign_in(client, people.feng())
        asked = {"since": "2026-11-23T12:00:00", "until": "2026-11-22T12:00:00"}
        assert client.get("/audit", asked).status_code == 422

    def test_leads_on_to_earlier_events(self, client):
        people.sign_in(client, people.feng())
        for n in range(PAGE + 1):
            ping("lot/a/public", n=n)
        first = client.get("/audit", {"stream": "lot/a/public"})
        rest = client.get(f"/audit?{first.context['onward']}")
        assert said(rest.context["trail"].events) == [("lot/a/public", 1)]
        assert "onward" not in rest.context

    def test_names_who_looked(self, client):
        supervisor = people.feng()
        people.sign_in(client, supervisor)
        client.get("/audit", {"actor": "zhou"})
        trace = Event.objects.get(name="trail.searched")
        assert trace.actor == str(supervisor.id)
