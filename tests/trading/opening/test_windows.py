"""The decryption window opened once more, and the fault that lies with the platform."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.events import moment
from core.verdicts import Refusal
from tests import people, worlds
from tests.trading.opening.halls import at_host, at_window, bid_of, ends, evidence_holds
from trading.models import Opening
from trading.services.opening import advance, desk, record_sheet, releasing, windows
from trading.services.opening.state import locked

pytestmark = pytest.mark.django_db(transaction=True)

D = worlds.DEADLINE
CLOSES = D + timedelta(minutes=31)
LAPSED = ("UNRELEASED", "NO_RELEASE", "bidder")


def refused(act, *args, **facts) -> str:
    with pytest.raises(Refusal) as found, transaction.atomic():
        act(*args, **facts)
    return found.value.reason.code


def reopened(world, *, minutes=10, reason="认证中心服务中断", now=CLOSES):
    with transaction.atomic():
        return windows.reopen(
            lot_id=world.lot.pk, minutes=minutes, reason=reason, actor="t", now=now
        )


def wrongly(party, *, now):
    with transaction.atomic():
        return releasing.release(
            party=party, share=bytes(32), signature=uuid4(), actor="t", now=now
        )


def closed_without_two():
    """Five bids; one owner never came and one had another key; the window is over."""
    world, parties = at_window(*[{}] * 5)
    for party in parties[:3]:
        worlds.release_own(world, party)
    wrongly(parties[4], now=D + timedelta(minutes=3))
    with transaction.atomic():
        advance.end_window(lot_id=world.lot.pk, now=CLOSES)
    return world, parties


class TestAWindowThatClosed:
    def test_is_opened_once_more_for_those_who_did_not_decrypt(self):
        world, parties = closed_without_two()
        assert ends(parties)[3:] == [LAPSED, ("UNRELEASED", "WRONG_KEY", "bidder")]
        opening = reopened(world)
        assert (opening.stage, opening.decrypt_ends_at) == (
            "DECRYPT_BIDDER",
            CLOSES + timedelta(minutes=10),
        )
        assert ends(parties)[3:] == [("SEALED", "", "")] * 2
        assert worlds.release_own(world, parties[3], now=CLOSES + timedelta(minutes=1))
        with transaction.atomic():
            advance.end_window(lot_id=world.lot.pk, now=CLOSES + timedelta(minutes=10))
        assert ends(parties)[3:] == [
            ("RELEASED", "", ""),
            ("UNRELEASED", "WRONG_KEY", "bidder"),
        ]
        worlds.release_host(world, now=CLOSES + timedelta(minutes=11))
        assert [bid_of(party).state for party in parties].count("OPENED") == 4
        assert evidence_holds(world)

    def test_leaves_every_period_with_its_reason_in_the_record(self):
        world, _ = closed_without_two()
        reopened(world, now=CLOSES + timedelta(minutes=2))
        with transaction.atomic():
            advance.end_window(lot_id=world.lot.pk, now=CLOSES + timedelta(minutes=12))
        opening = Opening.objects.select_related("lot__tender").get(pk=world.lot.pk)
        first, second = record_sheet.body(opening)["decrypt_periods"]
        assert first == {
            "starts_at": moment(opening.decrypt_starts_at),
            "ended_at": moment(CLOSES),
            "reason": "",
        }
        assert second == {
            "starts_at": moment(CLOSES + timedelta(minutes=2)),
            "ended_at": moment(CLOSES + timedelta(minutes=12)),
            "reason": "认证中心服务中断",
        }

    def test_stays_closed_once_the_host_has_released(self):
        world, _ = closed_without_two()
        worlds.release_host(world, now=CLOSES)
        assert refused(reopened, world) == "O-126"

    def test_stays_closed_between_the_host_s_release_and_the_forms(self, monkeypatch):
        world, _ = closed_without_two()
        monkeypatch.setattr(worlds.opening_forms, "open_lot", lambda **_facts: None)
        worlds.release_host(world, now=CLOSES)
        assert Opening.objects.get(pk=world.lot.pk).stage == "DECRYPT_TENDERER"
        assert refused(reopened, world) == "O-126"

    def test_stays_closed_where_everybody_has_decrypted(self):
        world, _ = at_host({}, {}, {})
        assert refused(reopened, world) == "O-127"

    def test_is_not_open_yet_or_still(self):
        world, _ = at_window({}, {}, {})
        assert refused(reopened, world) == "O-126"

    def test_stays_closed_while_the_opening_is_suspended(self):
        world, _ = closed_without_two()
        with transaction.atomic():
            desk.suspend(locked(world.lot.pk), reason="断电", clause="", actor="t", now=CLOSES)
        assert refused(reopened, world) == "O-101"

    @pytest.mark.parametrize(("minutes", "reason"), [(0, "x"), (121, "x"), (5, " ")])
    def test_needs_minutes_and_a_reason(self, minutes, reason):
        world, _ = closed_without_two()
        assert refused(reopened, world, minutes=minutes, reason=reason) == "O-119"

    def test_does_not_come_back_for_what_the_platform_altered(self):
        world, parties = closed_without_two()
        bid = bid_of(parties[3])
        type(bid).objects.filter(pk=bid.pk).update(
            state_code="STORED_ALTERED", attribution="not_bidder"
        )
        reopened(world)
        assert ends(parties)[3] == ("UNRELEASED", "STORED_ALTERED", "not_bidder")


class TestTheDesk:
    def test_offers_it_by_name_and_does_it(self, client: Client):
        world, parties = closed_without_two()
        client.force_login(people.zhao())
        page = client.get(reverse("trading:opening-desk", kwargs={"lot": world.lot.pk}))
        text = page.content.decode()
        seats = sorted(bid_of(party).seat.number for party in parties[3:])
        assert f"没有解密的席位：{seats[0]}、{seats[1]}。" in text
        reply = client.post(
            reverse("trading:desk-reopen", kwargs={"lot": world.lot.pk}),
            {"command_id": str(uuid4()), "minutes": "10", "reason": "认证中心服务中断"},
        )
        assert reply.status_code == 303
        assert ends(parties)[3] == ("SEALED", "", "")
        page = client.get(reverse("trading:opening-desk", kwargs={"lot": world.lot.pk}))
        assert "没有解密的席位" not in page.content.decode()

    def test_is_the_host_s_alone(self, client: Client):
        world, parties = closed_without_two()
        client.force_login(people.li())
        reply = client.post(
            reverse("trading:desk-reopen", kwargs={"lot": world.lot.pk}),
            {"command_id": str(uuid4()), "minutes": "10", "reason": "x"},
        )
        assert reply.status_code in {403, 404}
        assert ends(parties)[3] == LAPSED


class TestAllFailingWithinAMinute:
    def at(self, seconds):
        return D + timedelta(minutes=2, seconds=seconds)

    def suspended(self, world):
        return Opening.objects.get(pk=world.lot.pk).suspended_at

    def test_points_at_the_platform_and_stops_the_opening(self):
        world, parties = at_window({}, {}, {})
        for second, party in zip((0, 20), parties, strict=False):
            wrongly(party, now=self.at(second))
            assert self.suspended(world) is None
        wrongly(parties[2], now=self.at(59))
        opening = Opening.objects.get(pk=world.lot.pk)
        assert opening.suspended_at == self.at(59)
        assert "平台故障" in opening.suspension_reason
        with transaction.atomic():
            desk.resume(locked(world.lot.pk), actor="t", now=self.at(359))
        assert Opening.objects.get(pk=world.lot.pk).decrypt_ends_at == (
            opening.decrypt_ends_at + timedelta(seconds=300)
        )
        assert worlds.release_own(world, parties[0], now=self.at(360))

    def test_is_something_else_when_it_takes_longer(self):
        world, parties = at_window({}, {}, {})
        for second, party in zip((0, 30, 60), parties, strict=True):
            wrongly(party, now=self.at(second))
        assert self.suspended(world) is None

    def test_is_something_else_when_one_has_decrypted(self):
        world, parties = at_window({}, {}, {}, {})
        worlds.release_own(world, parties[3], now=self.at(0))
        for party in parties[:3]:
            wrongly(party, now=self.at(1))
        assert self.suspended(world) is None

    def test_is_something_else_when_one_fails_three_times(self):
        world, parties = at_window({}, {}, {})
        for second in range(3):
            wrongly(parties[0], now=self.at(second))
        assert self.suspended(world) is None
