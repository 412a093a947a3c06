"""What a bidder reads of the result: nothing before its notice, then its own place and remedies."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import SealedPaper
from tests import people, worlds
from tests.accounts.authority import Authority, bound
from tests.signing import signed_form
from tests.trading.test_whole_course import opened_world
from trading.models import Award, Lot
from trading.services import awarding, reporting
from trading.services.reporting import Rejected, Standing

pytestmark = pytest.mark.django_db(transaction=True)

LATER = worlds.DEADLINE + timedelta(hours=1)


@pytest.fixture
def world(clock):
    """Opened and evaluated: Zhou before Li before Sun."""
    clock.set(LATER)
    return evaluated()


def evaluated(*, rejected=None):
    """The lot with its panel's report; `rejected` says why the first bid, Sun's, was."""
    made, parties = opened_world()
    worlds.to_stage(made, "SIGN", now=LATER)
    with transaction.atomic():
        worlds.record_signed(made, now=LATER)
        lot = reporting.hand_over(lot_id=made.lot.pk, person=made.tenderer, now=LATER)
        bids = [party.bids.get() for party in parties]
        reporting.receive_report(
            lot=lot,
            ranking=[
                Standing(bid=bid.pk, rank=3 - place, total=Decimal(90 + place))
                for place, bid in enumerate(bids)
                if not (rejected and place == 0)
            ],
            rejections={bids[0].pk: rejected} if rejected else {},
            report_sha256="A" * 43,
            actor="tests",
            now=LATER,
        )
    return made


def published(world):
    with transaction.atomic():
        return awarding.publish_candidates(
            lot_id=world.lot.pk, person=world.tenderer, signature=uuid4(), now=LATER
        )


def page(world, person, name="result"):
    client = people.sign_in(Client(), person)
    answer = client.get(reverse(f"trading:{name}", kwargs={"lot": world.lot.pk}))
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheResult:
    def test_tells_nothing_before_the_candidates_are_published(self, world):
        text = page(world, people.sun())
        assert "还没有公布结果" in text
        assert people.organisation_of(people.zhou()).name not in text
        assert "提出异议" not in text

    def test_shows_the_candidates_and_offers_to_object(self, world):
        published(world)
        text = page(world, people.sun())
        assert people.organisation_of(people.zhou()).name in text
        assert 'class="is-mine"' in text
        assert "提出异议" in text
        assert "查看结果" in page(world, people.sun(), "bid")

    def test_takes_a_signed_objection_and_shows_it_to_its_author_alone(
        self, world, settings, tmp_path, clock
    ):
        published(world)
        authority = Authority()
        authority.trust(settings, tmp_path, at=clock.now())
        holder = authority.issue_for(people.sun(), not_before=clock.now())
        bound(holder, people.sun(), now=clock.now())
        fields = {"text": "第一候选人的业绩与事实不符"}
        lot = str(world.lot.pk)
        act = "trading:object-result"
        form = signed_form(holder, act, fields, args={"lot": lot}, purpose="objection")
        client = people.sign_in(Client(), people.sun())
        answer = client.post(f"/bids/{lot}/object-result", form)
        assert (answer.status_code, answer["Location"]) == (303, f"/bids/{lot}/result")
        assert fields["text"] in page(world, people.sun())
        assert fields["text"] not in page(world, people.li())

    def test_offers_no_objection_once_the_publicity_is_over(self, world, clock):
        notice = published(world)
        clock.set(notice.ends_at)
        assert "提出异议" not in page(world, people.sun())

    def test_tells_winner_and_losers_together(self, world, clock):
        notice = published(world)
        with transaction.atomic():
            awarding.award(
                lot_id=world.lot.pk,
                bid_id=None,
                reason="",
                person=world.tenderer,
                signature=uuid4(),
                now=notice.ends_at,
            )
        clock.set(notice.ends_at)
        assert "贵单位" not in page(world, people.zhou())
        with transaction.atomic():
            awarding.notify(
                lot_id=world.lot.pk, person=world.tenderer, signature=uuid4(), now=notice.ends_at
            )
        assert "贵单位中标" in page(world, people.zhou())
        assert "下载中标通知书" in page(world, people.zhou())
        letter = Award.objects.get(lot=world.lot)
        wanted = SealedPaper.objects.get(file=letter.notice_pdf)
        assert wanted.sha256 == letter.notice_sha256
        assert "贵单位未中标" in page(world, people.sun())

    def test_tells_a_rejected_bidder_clause_and_fact_when_the_result_is_public(self, clock):
        clock.set(LATER)
        why = Rejected(code="TBR51-1", clause="招标文件第 3.4 条", fact="投标函没有签字，第 7 页")
        world = evaluated(rejected=why)
        assert why.fact not in page(world, people.sun())
        published(world)
        text = page(world, people.sun())
        assert all(part in text for part in (why.code, why.clause, why.fact, "评标委员会"))
        assert why.fact not in page(world, people.li())

    def test_says_that_the_lot_failed(self, world):
        Lot.objects.filter(pk=world.lot.pk).update(state="FAILED", state_code="FAILED_ALL_REJECTED")
        assert "本标段流标" in page(world, people.sun())
