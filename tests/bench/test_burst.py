"""How `./dev bench burst` counts, and what it inserts raw; never how fast."""

from __future__ import annotations

import pytest

from bench import _burst_raw as raw
from bench._burst_door import Answer, Report
from bench._burst_run import outcome
from devtools import databases
from tests import people, worlds
from trading.models import Bid


def answer(bid, *, receipt="", code="", milliseconds=1.0):
    return Answer(bid=bid, receipt=receipt, code=code, milliseconds=milliseconds)


def submitted(world, bidder):
    """A live bid as its bidder was told of it."""
    party = worlds.submitted(world, bidder, price_fen=950_000_000)
    bid = Bid.objects.get(party=party)
    return answer(str(bid.pk), receipt=bid.receipt, milliseconds=5)


@pytest.mark.django_db
class TestTheOutcome:
    def test_tells_kept_lost_refused_and_late_bids_apart(self):
        world = worlds.published()
        kept, held_back, late = (
            submitted(world, who) for who in (people.sun(), people.li(), people.zhou())
        )
        gone = answer("a", receipt=kept.receipt)
        unanswered, refused = answer("b", code="500"), answer("c", code="B-027")
        report = Report(jobs=[kept, gone, unanswered, refused], last=[held_back], late=[late])
        assert outcome([report], [world]) == {
            "finalised": 2,
            "lost": 2,
            "refused_in_time": 1,
            "late_sent": 1,
            "late_accepted": 1,
            "p99_ms": 5,
        }


class TestTheRawRows:
    def test_are_those_written_meanwhile_and_nothing_before(self, fresh_database):
        command = "INSERT INTO audit_command (id, actor, body_sha, at) VALUES (%s, 'x', '', now())"
        with databases.connect(fresh_database) as connection:
            connection.execute(command, ["00000000-0000-4000-8000-000000000001"])
            txid = raw.transaction_id(fresh_database)
            connection.execute(command, ["00000000-0000-4000-8000-000000000002"])
            dealt = raw.written_since(fresh_database, txid=txid, transactions=1)
            assert dict(raw.sizes(dealt)) == {"audit_command": 1}
            assert raw.work((fresh_database, dealt), lambda: None) > 0
            ids = connection.execute("SELECT id FROM raw.audit_command").fetchall()
        assert [str(row[0])[-1] for row in ids] == ["2"]
