"""What a person at the forms of the tender side meets: words that stay, plain sentences."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from core.verdicts import Refusal
from tests import people, worlds
from trading.models import Tender
from trading.services import amending, authoring
from trading.words import formula_lines

pytestmark = pytest.mark.django_db(transaction=True)


def lot_facts(number, **changed):
    return {
        "number": number,
        "title": f"{number} 标段",
        "estimate_fen": 600_000_000,
        "ceiling_fen": None,
        "bid_security_fen": 0,
        "price_formula": worlds.M1,
        "outlier_rule": None,
        "tie_rule": [],
        "candidates_count": 3,
        "max_lots_won": None,
        **changed,
    }


def saved(world, number, lot=None):
    with transaction.atomic():
        return authoring.save_lot(
            tender=world.tender,
            lot_id=lot,
            facts=lot_facts(number),
            criteria=worlds.CRITERIA,
            person=world.tenderer,
            now=worlds.DRAFTED,
        )


class TestALot:
    def test_has_a_number_of_its_own(self):
        world = worlds.drafted()
        with pytest.raises(Refusal, match="T-022"):
            saved(world, "1")
        assert saved(world, "1", lot=world.lot.pk).pk == world.lot.pk
        assert saved(world, "2").number == "2"

    def test_takes_a_code_that_is_free_after_another_was_deleted(self):
        world = worlds.drafted()
        second = saved(world, "2")
        with transaction.atomic():
            authoring.remove_lot(
                tender=world.tender, lot_id=world.lot.pk, person=world.tenderer, now=worlds.DRAFTED
            )
        assert saved(world, "3").code != second.code

    def test_keeps_its_standards_when_its_page_is_saved_again(self, client):
        world = worlds.drafted()
        world.lot.criteria.filter(key="plan").update(standard="方案完整得 20–25 分")
        people.sign_in(client, people.zhao())
        place = {"tender": world.tender.pk, "lot": world.lot.pk}
        page = client.get(reverse("trading:lot", kwargs=place))
        rows = json.loads(page.context["form"].initial["criteria"])
        assert {row["key"]: row.get("standard") for row in rows}["plan"] == "方案完整得 20–25 分"

    def test_is_tried_with_the_formula_as_typed(self, client):
        world = worlds.drafted()
        people.sign_in(client, people.zhao())
        bids = [{"key": f"b{n}", "price_fen": fen} for n, fen in enumerate((900_000, 1_000_000))]
        reply = client.post(
            reverse("trading:simulate-draft", kwargs={"tender": world.tender.pk}),
            {
                "bids": json.dumps(bids),
                "price_formula": json.dumps(
                    {"method": "m1", "weight": "50", "params": {"K": "1", "E1": "1", "E2": "1"}}
                ),
                "ceiling_yuan": "9,500",
            },
            headers={"Accept": "application/json"},
        )
        told = reply.json()
        assert told["benchmark"] == "9000.00"
        assert [row["status"] for row in told["bids"]] == ["valid", "rejected"]


class TestAPlaceThatIsHostAndGuest:
    def test_is_refused_and_what_was_typed_stands(self, client):
        people.centre()
        people.centre(people.WENZHOU)
        people.sign_in(client, people.zhao())
        answer = client.post(
            reverse("trading:tender-new"),
            {
                "command_id": str(uuid4()),
                "legal_track": "T",
                "procedure": "open_tender",
                "category": "works",
                "title": "道路改造",
                "host_site": "320500",
                "guest_sites": ["320500", "330300"],
                "decrypt_minutes": "30",
            },
        )
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "客场不能与主场相同" in page
        assert 'value="道路改造"' in page
        assert not Tender.objects.exists()


class TestAnAddendum:
    def test_shows_what_stood_beside_what_stands(self):
        world = worlds.published()

        def amended(quoted, new):
            with transaction.atomic():
                return amending.amend(
                    tender=world.tender,
                    summary="调整做法",
                    content={"3.2": new},
                    quoted=quoted,
                    new_deadline_at=None,
                    files=(),
                    affects_preparation=True,
                    person=world.tenderer,
                    signature=uuid4(),
                    now=worlds.ISSUED + timedelta(days=1),
                ).notice.body["difference"]

        assert amended({"3.2": "4 厘米"}, "5 厘米") == [
            {"clause": "3.2", "old": "4 厘米", "new": "5 厘米"}
        ]
        # What an addendum has said stands, whatever the next one quotes.
        assert amended({"3.2": "9 厘米"}, "6 厘米") == [
            {"clause": "3.2", "old": "5 厘米", "new": "6 厘米"}
        ]


class TestAFormula:
    def test_is_said_in_sentences(self):
        trimmed = {**worlds.M1["params"], "trim": {"from": 5, "high": 1, "low": 1}}
        first, second, third = formula_lines({**worlds.M1, "params": trimmed})
        assert first == "基准价 = 有效报价平均值 × 0.97"
        assert "达到 5 家时" in second
        assert third.startswith("报价每高于基准价 1% 扣 0.9 分，每低于 1% 扣 0.6 分")

    def test_of_procurement_names_the_deduction(self):
        formula = {"method": "gov_lowest", "weight": "30", "params": {"small_deduction": "0.10"}}
        assert formula_lines(formula)[1] == "小微企业的评审价按报价扣除 10%"
