"""Scoring: range and step, whose scores, the lock and its guard, facts on which members differ."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import Event
from core.draws import DrawMismatch
from core.verdicts import Refusal
from evaluation.domain.scoring import digest
from evaluation.models import Reopening, Score, Seat, TieDraw
from evaluation.services import draw_checks, due, scoring
from tests import worlds
from tests.evaluation import rooms
from trading.models import Lot

pytestmark = pytest.mark.django_db


def refused(code, act, *args, **kwargs):
    with pytest.raises(Refusal) as said:
        act(*args, **kwargs)
    assert said.value.reason.code == code
    return said.value.reason


class TestAScore:
    @pytest.mark.parametrize("value", ["25.5", "-0.5", "10.3"])
    def test_out_of_range_or_off_the_step_is_refused(self, in_scoring, value):
        seat, bid = in_scoring.seats[0], in_scoring.bids[0]
        refused("S-042", rooms.score, in_scoring, seat, bid, "plan", value)

    @pytest.mark.parametrize("value", ["0", "10.5", "25"])
    def test_in_range_on_the_step_is_kept(self, in_scoring, value):
        seat, bid = in_scoring.seats[0], in_scoring.bids[0]
        rooms.score(in_scoring, seat, bid, "plan", value)
        assert str(Score.objects.get(seat=seat).value.normalize()) in {value, "0", "25", "2.5E+1"}

    @pytest.mark.parametrize("criterion", ["price", "tech", "nothing"])
    def test_is_taken_only_for_a_leaf_that_is_judged(self, in_scoring, criterion):
        seat, bid = in_scoring.seats[0], in_scoring.bids[0]
        refused("S-041", rooms.score, in_scoring, seat, bid, criterion, "1")

    def test_is_not_taken_for_a_rejected_bid(self, in_review):
        room = rooms.scoring_room(in_review, reject=(in_review.bids[0],))
        refused("S-036", rooms.score, room, room.seats[0], room.bids[0], "plan", "1")
        rooms.score(room, room.seats[0], room.bids[1], "plan", "1")

    def test_saved_twice_is_one_score_and_one_event(self, in_scoring):
        from audit import selectors as audit
        from evaluation.selectors.streams import own

        seat, bid = in_scoring.seats[0], in_scoring.bids[0]
        rooms.score(in_scoring, seat, bid, "plan", "20")
        rooms.score(in_scoring, seat, bid, "plan", "20")
        assert Score.objects.filter(seat=seat).count() == 1
        assert audit.head(own(seat)).seq == 1


class TestTheLock:
    def test_waits_for_every_cell(self, in_scoring):
        room = rooms.scored(in_scoring)
        seat = room.seats[0]
        Score.objects.filter(seat=seat, criterion__key="plan").first().delete()
        assert refused("S-043", rooms.lock, room, seat).facts["count"] == 1
        rooms.lock(room, room.seats[1])

    def test_is_over_the_scores_the_member_saw(self, in_scoring):
        room = rooms.scored(in_scoring)
        seat = room.seats[0]
        refused("S-044", rooms.lock, room, seat, expected="0" * 64)
        refused("S-044", rooms.lock, room, seat, expected="")
        seen = digest(scoring.cells_of([seat]))
        assert rooms.lock(room, seat, expected=seen).lock_sha256 == seen

    def test_ends_saving(self, in_scoring):
        room = rooms.scored(in_scoring)
        rooms.lock(room, room.seats[0])
        refused("S-040", rooms.score, room, room.seats[0], room.bids[0], "plan", "1")
        refused("S-040", rooms.lock, room, room.seats[0])
        rooms.score(room, room.seats[1], room.bids[0], "plan", "1")

    @pytest.mark.parametrize("act", ["update", "delete", "insert"])
    def test_is_guarded_by_the_database_itself(self, in_scoring, act):
        room = rooms.scored(in_scoring)
        seat = room.seats[0]
        rooms.lock(room, seat)
        mine = Score.objects.filter(seat=seat)
        acts = {
            "update": lambda: mine.update(value=1),
            "delete": mine.delete,
            "insert": lambda: Score.objects.create(
                id=uuid4(),
                seat=seat,
                bid=room.bids[0],
                criterion=room.world.lot.criteria.get(key="tech"),
                value=1,
                at=rooms.MEETS,
            ),
        }
        with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
            acts[act]()
        assert Score.objects.filter(seat=room.seats[1]).update(value=1) == 9

    def test_cannot_be_exchanged_for_another(self, in_scoring):
        room = rooms.scored(in_scoring)
        rooms.lock(room, room.seats[0])
        with pytest.raises(IntegrityError, match="a lock stays"), transaction.atomic():
            Seat.objects.filter(pk=room.seats[0].pk).update(lock_sha256="f" * 64)

    def test_cannot_be_lifted_after_the_summary(self, in_signing):
        with pytest.raises(IntegrityError, match="a lock stays"), transaction.atomic():
            Seat.objects.filter(panel=in_signing.panel).update(
                locked_at=None, lock_sha256="", lock_signature=None
            )


class TestScoresThatWereChangedBehindALock:
    """The owner of the database can switch its guard off."""

    @pytest.fixture
    def room(self, in_scoring):
        room = rooms.locked(rooms.scored(in_scoring))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE evaluation_score DISABLE TRIGGER USER")
        row = Score.objects.filter(seat=room.seats[2], criterion__key="plan").first()
        Score.objects.filter(pk=row.pk).update(value=row.value + 1)
        return room

    def told(self, room):
        return [
            (event.stream, event.body["seat"])
            for event in Event.objects.filter(name="scores.broken").order_by("stream")
        ]

    def test_are_not_summed_up(self, room):
        assert refused("S-049", rooms.summarise, room).facts["seats"] == "E-03"
        assert room.panel.state == "SCORING"

    def test_are_told_to_room_and_supervisors_once(self, room):
        due.tick(rooms.MEETS)
        due.tick(rooms.MEETS)
        assert self.told(room) == [
            ("access", "E-03"),
            (f"panel/{room.panel_id}/room", "E-03"),
        ]

    def test_are_missed_by_nobody_who_locks_as_seen(self, in_scoring):
        room = rooms.locked(rooms.scored(in_scoring))
        due.tick(rooms.MEETS)
        assert self.told(room) == []
        rooms.summarise(room)
        assert room.panel.state == "SIGNING"


class TestFactsOnWhichMembersDiffer:
    def test_stop_the_summary_with_a_list_and_are_put_right(self, in_scoring):
        room = rooms.scored(in_scoring)
        seat, bid = room.seats[3], room.bids[1]
        rooms.score(room, seat, bid, "credit", "7")
        rooms.locked(room)
        reason = refused("S-047", rooms.summarise, room)
        assert reason.facts["count"] == 1
        assert bid.seat.organisation.name in reason.facts["where"]
        assert "资信" in reason.facts["where"]
        with transaction.atomic():
            found = scoring.reopen(
                panel_id=room.panel_id,
                seat_id=room.leader.pk,
                reason="业绩合同金额看错",
                actor="tests",
                now=rooms.MEETS,
            )
        assert found == [(str(bid.pk), "credit")]
        rooms.score(room, seat, bid, "credit", "8")
        rooms.locked(room)
        rooms.summarise(room)
        assert room.panel.report.body["corrections"][0]["reason"] == "业绩合同金额看错"

    def test_are_the_only_reason_to_lift_locks(self, in_scoring):
        room = rooms.locked(rooms.scored(in_scoring))
        with pytest.raises(Refusal) as said:
            scoring.reopen(
                panel_id=room.panel_id,
                seat_id=room.leader.pk,
                reason="x",
                actor="tests",
                now=rooms.MEETS,
            )
        assert said.value.reason.code == "S-045"
        assert not Reopening.objects.exists()


class TestTheSummary:
    def test_waits_for_every_lock(self, in_scoring):
        room = rooms.scored(in_scoring)
        for seat in room.seats[1:]:
            rooms.lock(room, seat)
        assert refused("S-046", rooms.summarise, room).facts["count"] == 1
        rooms.lock(room, room.seats[0])
        rooms.summarise(room)

    def test_is_the_leaders(self, in_scoring):
        room = rooms.locked(rooms.scored(in_scoring))
        refused("S-032", rooms.summarise, room, seat=room.seats[1])

    def test_flags_a_score_far_from_the_others(self, in_scoring):
        room = rooms.scored(in_scoring)
        rooms.score(room, room.seats[4], room.bids[0], "plan", "8")
        rooms.locked(room)
        rooms.summarise(room)
        (flag,) = room.panel.result.flags
        assert (flag["member"], flag["criterion"], flag["score"]) == ("E-05", "plan", "8")
        assert flag["others"] == "19.75"


class TestATie:
    def test_is_drawn_after_the_last_lock_and_can_be_held_again(self, in_scoring):
        room = in_scoring
        lot = room.world.lot
        Lot.objects.filter(pk=lot.pk).update(tie_rule=["draw"])
        # 48.11 + 10 and 48.61 + 9.5: the price's lead is made up by a fact.
        rooms.locked(rooms.scored(room, scores=((20, 12, 10), (20, 12, "9.5"), (18, 13, 6))))
        # Every checkpoint so far was known while members could still change a score.
        refused("S-012", rooms.summarise, room)
        worlds.log_ticks(now=rooms.MEETS)
        rooms.summarise(room)
        outcome = room.panel.result.outcome
        order = room.panel.tie_draw.result
        tied = sorted((str(bid.pk) for bid in room.bids[:2]), key=order.index)
        assert room.panel.result.case["draws"] == [tied]
        assert outcome["candidates"][:2] == tied
        said = draw_checks.check(kind="ties", draw_id=room.panel_id)
        assert said["valid"] is True
        TieDraw.objects.filter(panel=room.panel).update(result=order[::-1])
        with pytest.raises(DrawMismatch) as broken:
            draw_checks.check(kind="ties", draw_id=room.panel_id)
        assert broken.value.field == "result"
