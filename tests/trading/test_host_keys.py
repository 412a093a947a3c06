"""The host key decides with which algorithms a tender's bids are sealed."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.models import LogEntry
from core.verdicts import Refusal
from sealing import entries, keys, suites
from sealing.encoding import b64u, unb64u
from sealing.suites import SuiteId, openssl
from sealing.suites.openssl import NoOpenssl
from tests import people, worlds
from tests.trading.bids.test_submission import delivered, why
from trading.models import HostKey, Notice
from trading.selectors.own_bids import own_part
from trading.services import host_keys

pytestmark = pytest.mark.django_db
HOLDERS = [{"name": name, "title": "经办人"} for name in ("甲", "乙", "丙")]


def registered(key, *, suite=None, public=None, tender=None):
    with transaction.atomic():
        return host_keys.register(
            tender=tender or worlds.drafted().tender,
            kid=key.kid,
            suite=suite or key.suite.id.value,
            public_key=b64u(key.public if public is None else public),
            holders=HOLDERS,
            person=people.zhao(),
            now=worlds.DRAFTED,
        )


def refusal(act, *args, **facts) -> str:
    with pytest.raises(Refusal) as told:
        act(*args, **facts)
    return told.value.reason.code


@pytest.mark.parametrize("suite", list(SuiteId))
class TestAKeyOfASuite:
    def test_is_tested_named_in_the_notice_and_logged(self, suite):
        world = worlds.published(suite=suite.value)
        key = HostKey.objects.get(tender=world.tender)
        assert (key.suite, key.tested_at) == (suite.value, worlds.DRAFTED)
        told = Notice.objects.get(tender=world.tender, kind="tender").body["host_key"]
        assert (told["suite"], told["public_key"]) == (suite.value, b64u(world.host.public))
        entry = entries.parse(LogEntry.objects.get(pk=key.log_entry).body)
        assert (entry.kid, entry.suite) == (world.host.kid, suite.value)
        assert ("suite" in LogEntry.objects.get(pk=key.log_entry).body) is (suite != "1")

    def test_is_what_the_bidders_client_is_told(self, suite):
        world = worlds.published(suite=suite.value)
        party = worlds.joined(world, people.sun())
        assert own_part(party)["sealing"]["host"] == {
            "kid": world.host.kid,
            "suite": suite.value,
            "public_key": b64u(world.host.public),
        }

    def test_takes_bids_of_its_suite_and_of_no_other(self, suite):
        world = worlds.published(suite=suite.value)
        party = worlds.joined(world, people.sun())
        other = worlds.World(
            tender=world.tender,
            lot=world.lot,
            host=keys.generate(suite=suites.of("2" if suite == "1" else "1")),
            tenderer=world.tenderer,
            bidders={
                party.pk: keys.generate(suite=suites.of("2" if suite == "1" else "1")),
            },
        )
        strange = worlds.sealed_for(other, party, price_fen=900_000_000)
        assert why(delivered(world, party, strange)) == ("REFUSED", "B-023", "UNKNOWN_SUITE")
        good = worlds.sealed_for(world, party, price_fen=900_000_000)
        assert why(delivered(world, party, good))[0] == "ACCEPTED"

    def test_does_not_pass_as_one_of_another(self, suite):
        tender = worlds.drafted().tender
        key = keys.generate(suite=suites.of(suite))
        for claimed in set(SuiteId) - {suite}:
            assert refusal(registered, key, suite=claimed.value, tender=tender) == "K-010"
        assert refusal(registered, key, suite="3", tender=tender) == "K-010"
        short = key.public[:-1]
        assert refusal(registered, key, public=short, tender=tender) == "K-010"


class TestAKeyThatIsNone:
    @pytest.mark.parametrize("suite", list(SuiteId))
    def test_is_refused_although_its_length_is_right(self, suite):
        chosen = suites.of(suite)
        public = bytes(chosen.kem.public_bytes)
        tender = worlds.drafted().tender
        with transaction.atomic():
            told = refusal(
                lambda: host_keys.register(
                    tender=tender,
                    kid=chosen.b64_kid(public),
                    suite=suite.value,
                    public_key=b64u(public),
                    holders=HOLDERS,
                    person=people.zhao(),
                    now=worlds.DRAFTED,
                )
            )
        assert told == "K-010"


class TestAServerWithoutOpenssl:
    def test_says_that_it_cannot_do_gm(self, monkeypatch):
        key = keys.generate(suite=suites.of("GM-1"))
        tender = worlds.drafted().tender

        def lacking(*_args, **_options):
            raise NoOpenssl("no openssl")

        monkeypatch.setattr(openssl, "_run", lacking)
        assert refusal(registered, key, tender=tender) == "K-013"


class TestTheDoor:
    def posted(self, client, tender, key, **more):
        client.force_login(people.zhao())
        fields = {
            "command_id": str(uuid4()),
            "kid": key.kid,
            "public_key": b64u(key.public),
            "holders": json.dumps(HOLDERS),
        }
        url = reverse("trading:host-key", kwargs={"tender": tender.pk})
        return client.post(url, {**fields, **more}, headers={"accept": "application/json"})

    def test_takes_suite_1_where_none_is_named(self, client: Client):
        tender = worlds.drafted().tender
        reply = self.posted(client, tender, keys.generate())
        assert reply.status_code == 200, reply.content
        assert unb64u(reply.json()["challenge"]["box"])
        assert HostKey.objects.get(tender=tender).suite == "1"

    def test_takes_the_suite_that_is_named(self, client: Client):
        tender = worlds.drafted().tender
        key = keys.generate(suite=suites.of("2"))
        assert self.posted(client, tender, key, suite="2").status_code == 200
        assert HostKey.objects.get(tender=tender).suite == "2"

    def test_refuses_a_suite_it_does_not_know(self, client: Client):
        world = worlds.drafted()
        reply = self.posted(client, world.tender, keys.generate(), suite="3")
        assert reply.status_code == 422
        assert HostKey.objects.get(tender=world.tender).kid == world.host.kid
