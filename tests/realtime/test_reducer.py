"""What a client makes of the events is what a fresh snapshot says, after every act."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from itertools import chain
from uuid import uuid4

import pytest
from django.db import transaction

from audit.selectors import events_after
from devtools.preparing import node_environment
from realtime.frames import frame
from tests import people, worlds
from tests.architecture.house import ROOT
from tests.realtime import crowd
from tests.realtime.reducer import reduce
from trading.models import Opening, Tender
from trading.selectors import hall
from trading.selectors.hall import Viewer
from trading.services import suspending, withdrawal
from trading.services.opening import (
    advance,
    answers,
    desk,
    ending,
    releasing,
    seating,
    windows,
)
from trading.services.opening.state import locked

pytestmark = pytest.mark.django_db(transaction=True)

AT = worlds.DEADLINE + timedelta(minutes=2)


class Watch:
    """Viewers who took a snapshot once and live on events, compared with a fresh one."""

    def __init__(self, lot, **viewers):
        self.lot = lot
        self.viewers = viewers
        self.known = {name: self._snapshot(viewer) for name, viewer in viewers.items()}
        self.cases = []

    def after(self, act, *arguments, **facts):
        """Do something and compare."""
        with transaction.atomic():
            made = act(*arguments, **facts)
        self.compare()
        return made

    def compare(self):
        for name, viewer in self.viewers.items():
            old, fresh = self.known[name], self._snapshot(viewer)
            told = self._frames(old["streams"], fresh["streams"])
            # Streams come in order each, but in no order among themselves.
            for frames in (list(chain(*told)), list(chain(*reversed(told)))):
                state = old["state"]
                for one in frames:
                    state = reduce(state, one)
                assert state == fresh["state"], name
                case = {"state": old["state"], "frames": frames, "expected": fresh["state"]}
                self.cases.append(case)
            self.known[name] = fresh

    def _snapshot(self, viewer):
        opening = Opening.objects.select_related("lot__tender").get(pk=self.lot.pk)
        return json.loads(json.dumps(hall.snapshot(opening, viewer)))

    def _frames(self, old, new):
        assert old.keys() == new.keys()
        return [
            [json.loads(frame(event).text) for event in events_after(stream, seq, 500)]
            for stream, seq in old.items()
        ]


def opened_hall(bidders):
    """A lot with these bids just before its deadline, and everybody watching."""
    world = worlds.published()
    parties = [
        worlds.submitted(world, who, price_fen=900_000_000 + number)
        for number, who in enumerate(bidders)
    ]
    own = {f"bidder {n}": Viewer(party=party) for n, party in enumerate(parties, start=1)}
    idle = worlds.joined(world, crowd.bidder(9))
    watch = Watch(
        world.lot,
        public=Viewer(),
        staff=Viewer(is_staff=True),
        idle=Viewer(party=idle),
        **own,
    )
    return world, parties, watch


def step(watch, world, now=AT):
    return watch.after(lambda: worlds.step(world, now=now))


def say(watch, lot, text, party=None, *, by_host):
    facts = {"by_host": by_host, "text": text, "actor": "tests", "now": AT}
    return watch.after(lambda: desk.say(locked(lot.pk), party=party, **facts))


def release(watch, world, party, share=None):
    if share is None:
        return watch.after(worlds.release_own, world, party)
    facts = {"share": share, "signature": uuid4(), "actor": "tests", "now": AT}
    return watch.after(releasing.release, party=party, **facts)


class TestAWholeOpening:
    def test_is_the_same_told_live_and_seen_fresh(self):  # noqa: PLR0915 - one opening
        world, parties, watch = opened_hall(
            [people.sun(), people.li(), people.zhou(), *crowd.bidders(2)]
        )
        one, two, three, four, _ = parties
        host = str(world.tenderer.pk)
        lot = world.lot
        # before the hour
        watch.after(advance.open_lobby, lot_id=lot.pk, now=worlds.DEADLINE - timedelta(hours=1))
        for party, who in ((one, people.sun()), (two, people.li())):
            watch.after(seating.sign_in, party=party, person=who, now=worlds.DEADLINE)
        say(watch, lot, "开标将按时开始", by_host=True)
        watch.after(lambda: resubmitted(world, three))
        worlds.closed(world)
        watch.compare()
        # from the start to the list
        staff = {"host": "赵建国", "recorder": "王敏", "supervisor": "冯正", "witness": "沈明"}
        watch.after(lambda: desk.name_staff(locked(lot.pk), staff=staff, actor=host, now=AT))
        assert step(watch, world) == "START"
        for stage in ("COUNT_CHECK", "LIST"):
            assert step(watch, world) == stage
        say(watch, lot, "找不到密钥", one, by_host=False)
        say(watch, lot, "请稍候", one, by_host=True)
        for stage in ("DEPOSIT", "DECRYPT_BIDDER"):
            assert step(watch, world) == stage
        # decryption
        assert release(watch, world, one) is True
        assert release(watch, world, two, share=bytes(32)) is False
        assert release(watch, world, two) is True
        assert release(watch, world, three) is True
        assert release(watch, world, four, share=bytes(32)) is False
        say(watch, lot, "换用另一把密钥", four, by_host=False)
        facts = {"reason": "断电", "clause": "招标文件 5.4", "actor": host, "now": AT}
        watch.after(lambda: desk.suspend(locked(lot.pk), **facts))
        later = AT + timedelta(minutes=5)
        watch.after(lambda: desk.resume(locked(lot.pk), actor=host, now=later))
        longer = {"minutes": 5, "reason": "网络中断", "actor": host, "now": later}
        ends = watch.after(lambda: windows.extend(locked(lot.pk), **longer))
        watch.after(advance.end_window, lot_id=lot.pk, now=ends)
        again = {"minutes": 5, "reason": "认证中心故障", "actor": host, "now": ends}
        watch.after(windows.reopen, lot_id=lot.pk, **again)
        ends += timedelta(minutes=5)
        watch.after(advance.end_window, lot_id=lot.pk, now=ends)
        worlds.release_host(world, now=ends)
        watch.compare()
        # from the prices to the end
        assert step(watch, world, ends) == "READ_OUT"
        made = watch.after(
            answers.object_to, party=one, text="唱标有误", signature=uuid4(), actor="t", now=ends
        )
        assert step(watch, world, ends) == "OBJECTION"
        reply = {"objection_id": made.pk, "text": "已核对，无误", "by": world.tenderer, "now": ends}
        watch.after(answers.answer, lot_id=lot.pk, **reply)
        after = Opening.objects.get(pk=lot.pk).objection_ends_at
        assert step(watch, world, after) == "CONFIRM"
        digest = Opening.objects.get(pk=lot.pk).record_hash
        signed = {"record_hash": digest, "signature": uuid4(), "actor": "t", "now": after}
        watch.after(answers.confirm, party=one, **signed)
        watch.after(answers.confirm, party=two, **signed)
        end = Opening.objects.get(pk=lot.pk).confirm_ends_at
        assert step(watch, world, end) == "SIGN"
        watch.after(ending.sign_record, lot_id=lot.pk, **(signed | {"now": end, "actor": host}))
        worlds.log_ticks(now=end)
        assert ending.publish_document(lot_id=lot.pk, now=end)
        watch.compare()
        seen = watch.known["bidder 1"]["state"]
        assert [seat["state"] for seat in seen["seats"]].count("OPENED") == 3
        assert seen["stage"] == "END"
        assert_the_browser_agrees(watch.cases)

    def test_is_the_same_when_nothing_can_be_opened(self):
        world, _parties, watch = opened_hall([people.sun(), people.li(), people.zhou()])
        worlds.closed(world)
        worlds.to_stage(world, "DECRYPT_BIDDER")
        watch.compare()
        end = Opening.objects.get(pk=world.lot.pk).decrypt_ends_at
        watch.after(advance.end_window, lot_id=world.lot.pk, now=end)
        assert watch.known["public"]["state"]["failed"] == "FAILED_LT3_OPENED"
        assert_the_browser_agrees(watch.cases)

    def test_is_the_same_when_its_tender_is_terminated(self):
        world, parties, watch = opened_hall([people.sun(), people.li(), people.zhou()])
        worlds.closed(world)
        worlds.to_stage(world, "DECRYPT_BIDDER")
        watch.compare()
        assert release(watch, world, parties[0]) is True
        assert release(watch, world, parties[1], share=bytes(32)) is False
        facts = {"reason": "断电", "clause": "招标文件 5.4", "actor": "t", "now": AT}
        watch.after(lambda: desk.suspend(locked(world.lot.pk), **facts))
        ended = {"person": world.tenderer, "signature": uuid4(), "reason": "取消", "clause": "31"}
        tender = Tender.objects.get(pk=world.tender.pk)
        watch.after(lambda: suspending.terminate(tender=tender, now=AT, **ended))
        seen = watch.known["public"]["state"]
        assert (seen["failed"], seen["suspended"]) == ("TERMINATED", None)
        assert_the_browser_agrees(watch.cases)

    def test_is_the_same_with_too_few_bids(self):
        world, _parties, watch = opened_hall([people.sun(), people.li()])
        worlds.closed(world)
        watch.compare()
        watch.after(advance.open_lobby, lot_id=world.lot.pk, now=worlds.DEADLINE)
        for _press in range(2):
            step(watch, world)
        for seen in watch.known.values():
            assert (seen["state"]["stage"], seen["state"]["failed"]) == ("FAILED", "FAILED_LT3")
            assert seen["state"]["seats"] == []
        assert watch.known["staff"]["state"]["count"] is None
        assert_the_browser_agrees(watch.cases)

    def test_is_the_same_for_a_bid_that_is_taken_back(self):
        _, parties, watch = opened_hall([people.sun()])
        watch.after(
            withdrawal.withdraw,
            party=parties[0],
            actor="tests",
            now=worlds.DEADLINE - timedelta(hours=1),
        )
        assert watch.known["bidder 1"]["state"]["me"]["bid"] is None


def resubmitted(world, party):
    """A later bid in the place of an earlier one."""
    from trading.services import submission

    when = worlds.DEADLINE - timedelta(minutes=30)
    sealed = worlds.sealed_for(world, party, price_fen=800_000_000)
    taken = worlds.received(world, party, sealed, at=when)
    submission.settle(submission_id=taken.pk, now=when)


def assert_the_browser_agrees(cases):
    """Run the browser's own reducer over the same states and frames."""
    bundle = [
        "node",
        str(ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"),
        str(ROOT / "tests" / "realtime" / "reduce.ts"),
        "--bundle",
        "--format=esm",
        "--platform=node",
        "--log-level=warning",
    ]
    environment = node_environment()
    script = subprocess.run(bundle, capture_output=True, check=True, env=environment).stdout
    told = subprocess.run(
        ["node", "--input-type=module", "-e", script.decode()],
        input=json.dumps(cases).encode(),
        capture_output=True,
        check=True,
        env=environment,
    ).stdout
    assert json.loads(told) == []
