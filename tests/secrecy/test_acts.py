"""Acts answer alike whoever else takes part, and the ids of others' things like ids of nothing.

The worlds are those of the equality test. Every act is posted by every role, empty and well
formed; then everybody tries what belongs to somebody else. An id nobody can guess is compared by
what is answered; everything else by its statements and the rows they fetched as well.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Message, Role
from sealing.encoding import b64u
from tests import people, worlds
from tests.accounts.authority import Authority, bound
from tests.secrecy import doors
from tests.secrecy.test_equality import own_files
from tests.secrecy.worlds import seeded, with_bidders
from tests.signing import signed_form
from trading.models import Bid, Upload

__all__ = ["own_files"]
pytestmark = pytest.mark.django_db(transaction=True)

OBSERVED_AT = worlds.DEADLINE - timedelta(days=2)
METHODS = {"upload": ("HEAD", "PATCH", "DELETE"), "receipt": ("GET",), "message": ("GET", "POST")}


class Observation:
    """What everybody saw in one world."""

    def __init__(self, count, *, clock, trust):
        clock.set(worlds.DRAFTED)
        with seeded("common"):
            self.world = worlds.published(security_fen=20_000_000)
            self.people = people.everyone()
            self.authority = trust(OBSERVED_AT)
        with seeded("bidders"):
            with_bidders(self.world, count)
            worlds.log_ticks(now=OBSERVED_AT)
        clock.set(OBSERVED_AT)
        cache.clear()
        tender = self.world.tender
        self.known = {
            "tender": str(tender.pk),
            "lot": str(self.world.lot.pk),
            "document": str(tender.document_sets.get(version=1).documents.get().pk),
        }
        self.seen = {}

    def everybody(self):
        """Each role with its client; and nobody."""
        yield "anonymous", Client()
        for role, person in self.people.items():
            yield str(role), people.sign_in(Client(), person)

    def empty_forms(self):
        """Every act on the tender by everybody, with nothing in its form."""
        paths = [path for path in doors.addresses(self.known) if self.of_tender(path)]
        for who, client in self.everybody():
            for path in paths:
                with seeded(f"{who} {path}"):
                    form = {"command_id": str(uuid4())}
                    self.seen[who, path] = doors.press(client, path, form)

    def well_formed(self):
        """What a newcomer and the tender's side may really do while others take part."""
        tender, lot = self.known["tender"], self.known["lot"]
        newcomer = {"lots": lot, "contact": "孙立", "phone": "13900000000"}
        of_tender = {"tender": tender}
        amended = {
            "summary": "工期按日历天计算。",
            "content": json.dumps({"工期": "336 日历天"}),
            "new_deadline_at": (worlds.DEADLINE + timedelta(days=21)).isoformat(),
        }
        stopped = {"reason": "收到异议", "clause": "招标投标法实施条例第二十二条"}
        question = {"text": "工期是否含节假日？"}
        self.acts(people.sun(), "join", newcomer, of_tender)
        self.acts(people.sun(), "bid-begin", {}, {"lot": lot})
        self.acts(people.sun(), "ask", question, of_tender)
        self.acts(people.zhao(), "amend", amended, of_tender, purpose="publish")
        self.acts(people.zhao(), "suspend", stopped, of_tender, purpose="approve")
        self.acts(people.zhao(), "resume", stopped, of_tender, purpose="approve")

    def acts(self, who, name, fields, args, *, purpose=None):
        """Post one act, signed where it must be."""
        path = reverse(f"trading:{name}", kwargs=args)
        with seeded(f"well formed {path}"):
            if purpose:
                holder, act = self.holder(who), f"trading:{name}"
                form = signed_form(holder, act, fields, args=args, purpose=purpose)
            else:
                form = {**fields, "command_id": str(uuid4())}
            client = people.sign_in(Client(), who)
            self.seen["well formed", path] = doors.press(client, path, form)

    holders: dict = {}

    def holder(self, who):
        """Somebody's certificate, bound once in each world."""
        if who.pk not in self.holders:
            self.holders[who.pk] = self.authority.issue_for(who, not_before=OBSERVED_AT)
        if not who.certificates.exists():
            bound(self.holders[who.pk], who, now=OBSERVED_AT)
        return self.holders[who.pk]

    def what_is_another_s(self):
        """Ids of somebody else's upload, receipt and message, or of nothing."""
        bid = Bid.objects.order_by("pk").first()
        upload = Upload.objects.order_by("pk").first()
        message = Message.objects.order_by("pk").first()
        with seeded("stand-ins"):
            foreign = {
                "upload": str(upload.pk if upload else uuid4()),
                "receipt": bid.receipt_id if bid else b64u(os.urandom(16)),
                "message": str(message.pk if message else uuid4()),
            }
        for who, client in self.everybody():
            for kind, one in foreign.items():
                for path in doors.addresses({kind: one}):
                    if one in path:
                        self.tries(who, client, METHODS[kind], path, one)

    def tries(self, who, client, methods, path, one):
        for method in methods:
            with seeded(f"{who} {method} {path.replace(one, '')}"):
                found = doors.call(client, method, path)
            body, headers = (str(part).replace(one, "<id>") for part in (found.body, found.headers))
            answer = (found.status, headers, body)
            self.seen[who, method, path.replace(one, "<id>")] = answer

    def of_tender(self, path):
        return any(one in path for one in self.known.values())


@pytest.fixture
def trust(settings, tmp_path):
    """One authority for all worlds."""
    authority = Authority()

    def at(moment):
        authority.trust(settings, tmp_path, at=moment)
        return authority

    Observation.holders = {}
    return at


def test_no_act_and_no_id_tells_that_others_take_part(clock, own_files, trust):
    observed = []
    # The first one warms what is made on first use and draws its randomness then.
    for number, count in enumerate((1, 0, 1, 5)):
        own_files(number)
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        one = Observation(count, clock=clock, trust=trust)
        one.what_is_another_s()
        if number:
            one.empty_forms()
        one.well_formed()
        observed.append(one.seen)
    _warming, nobody, *somebody = observed
    done = {path for (who, path, *_), page in nobody.items() if who == "well formed"}
    refused = {path: page for path in done if (page := nobody["well formed", path]).status != 200}
    assert not refused
    assert (str(Role.BIDDER), "HEAD", "/uploads/<id>") in nobody
    for seen in somebody:
        assert seen.keys() == nobody.keys()
        for where, answer in nobody.items():
            assert seen[where] == answer, where
