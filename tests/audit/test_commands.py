"""Commands: done once, answered alike, leaving nothing when they fail."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import transaction

from audit import selectors
from audit.models import Command
from audit.services import perform, record
from core.verdicts import Refusal, explain
from tests.audit.probes import NOON, Pinged
from tests.audit.racing import race


def pinging(n: int = 1):
    made = record(stream="access", event=Pinged(n=n), actor="zhou", now=NOON)
    return {"seq": made.seq, "pair": (1, 2)}


def run(command_id, *, body=b"body", actor="zhou", act=pinging):
    return perform(command_id=command_id, actor=actor, body=body, act=act, now=NOON)


@pytest.mark.django_db
class TestPerforming:
    def test_gives_the_first_reply_to_whoever_repeats_the_command(self):
        command_id = uuid4()
        first, second = run(command_id), run(command_id)
        assert first == second == {"seq": 1, "pair": [1, 2]}
        assert selectors.head("access").seq == 1

    def test_does_two_commands_of_equal_body_twice(self):
        assert [run(uuid4())["seq"], run(uuid4())["seq"]] == [1, 2]

    def test_refuses_the_same_id_with_another_body(self):
        command_id = uuid4()
        run(command_id)
        with pytest.raises(Refusal) as refusal:
            run(command_id, body=b"other")
        assert refusal.value.reason.code == "X-409"
        assert explain(refusal.value.reason).do

    def test_refuses_a_stranger_who_knows_the_id(self):
        command_id = uuid4()
        run(command_id)
        with pytest.raises(Refusal) as refusal:
            run(command_id, actor="qian")
        assert refusal.value.reason.code == "X-409"

    def test_that_fails_leaves_nothing_and_may_be_tried_again(self):
        command_id = uuid4()

        def failing():
            pinging()
            raise Refusal("X-409")

        with pytest.raises(Refusal):
            run(command_id, act=failing)
        assert not Command.objects.exists()
        assert selectors.head("access").seq == 0
        assert run(command_id)["seq"] == 1

    def test_whose_reply_is_not_json_leaves_nothing(self):
        with pytest.raises(TypeError):
            run(uuid4(), act=lambda: {"at": NOON})
        assert not Command.objects.exists()

    def test_stores_of_the_body_its_hash_only(self):
        command_id = uuid4()
        run(command_id, body=b"price 33663580.16")
        row = Command.objects.get(pk=command_id)
        assert len(row.body_sha) == 32
        assert "3366" not in repr(row.__dict__)


@pytest.mark.django_db(transaction=True)
class TestPerformingAtOnce:
    def test_does_the_act_once_for_all_who_race_with_one_id(self):
        command_id = uuid4()
        ends = race([lambda: run(command_id)] * 40)
        assert ends == [{"seq": 1, "pair": [1, 2]}] * 40
        assert selectors.head("access").seq == 1

    def test_lets_one_body_win_when_two_race_for_an_id(self):
        command_id = uuid4()
        ends = race([lambda b=body: run(command_id, body=b) for body in (b"a", b"b") * 10])
        assert sum(isinstance(end, dict) for end in ends) == 10
        assert {end.reason.code for end in ends if isinstance(end, Refusal)} == {"X-409"}
        assert selectors.head("access").seq == 1

    def test_hands_the_id_to_the_waiting_when_the_first_fails(self):
        command_id, begun = uuid4(), threading.Event()

        def failing():
            begun.set()
            pinging()
            raise ZeroDivisionError

        def second():
            begun.wait(20)
            return run(command_id)

        first_end, second_end = race([lambda: run(command_id, act=failing), second])
        assert isinstance(first_end, ZeroDivisionError)
        assert second_end["seq"] == 1

    def test_inside_another_transaction_is_refused(self):
        with transaction.atomic(), pytest.raises(RuntimeError):
            run(uuid4())
