"""The tender side: pages of a draft, and that nobody else sees them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests import people, worlds
from trading.models import Tender

pytestmark = pytest.mark.django_db(transaction=True)


def _urls(world):
    tender = {"tender": world.tender.pk}
    lot = {**tender, "lot": world.lot.pk}
    return [
        reverse("trading:tender", kwargs=tender),
        reverse("trading:tender-edit", kwargs=tender),
        reverse("trading:lot-new", kwargs=tender),
        reverse("trading:lot", kwargs=lot),
        reverse("trading:lot-course", kwargs=lot),
        reverse("trading:tender-data", kwargs=tender),
    ]


class TestADraft:
    def test_is_shown_to_its_own_side_and_to_nobody_else(self, client):
        world = worlds.drafted()
        people.sign_in(client, people.zhao())
        assert client.get(reverse("trading:tenders")).status_code == 200
        for url in _urls(world):
            assert client.get(url).status_code == 200, url
        for role, person in people.everyone().items():
            if person.username == "zhao":
                continue
            people.sign_in(client, person)
            for url in _urls(world):
                assert client.get(url).status_code in {403, 404}, (role, url)

    def test_lists_everything_that_is_missing_at_once(self, client):
        people.sign_in(client, people.zhao())
        people.centre()
        reply = client.post(
            reverse("trading:tender-new"),
            {
                "command_id": str(uuid4()),
                "legal_track": "T",
                "procedure": "open_tender",
                "category": "works",
                "title": "道路改造",
                "host_site": "320500",
                "decrypt_minutes": "30",
            },
            headers={"Accept": "application/json"},
        )
        assert reply.status_code == 200, reply.content
        tender = Tender.objects.get(pk=reply.json()["tender"])
        data = client.get(reverse("trading:tender-data", kwargs={"tender": tender.pk})).json()
        codes = {gap["code"] for gap in data["missing"]}
        assert codes == {"NO_TIMES", "NO_LOT", "NO_DOCUMENT", "NO_HOST_KEY", "NO_ROOM"}

    def test_names_the_article_and_the_earliest_date_of_an_unlawful_plan(self, client):
        world = worlds.drafted()
        people.sign_in(client, people.zhao())
        reply = client.post(
            reverse("trading:timeline", kwargs={"tender": world.tender.pk}),
            {
                "command_id": str(uuid4()),
                "documents_issued_at": "2026-12-01 09:00",
                "deadline_at": "2026-12-18 09:30",
            },
            headers={"Accept": "application/json"},
        )
        finding = next(
            row for row in reply.json()["findings"] if row["code"] == "ISSUE_TO_DEADLINE"
        )
        assert finding["ok"] is False
        assert "第二十四条" in finding["article"]
        assert finding["earliest"].startswith("2026-12-21")

    def test_with_a_deadline_that_has_passed_is_told_so_and_counts_no_days(self, client, clock):
        clock.set(datetime(2026, 11, 23, 4, tzinfo=UTC))
        world = worlds.drafted()
        people.sign_in(client, people.zhao())
        url = reverse("trading:tender", kwargs={"tender": world.tender.pk})

        def said(issued, deadline):
            Tender.objects.filter(pk=world.tender.pk).update(
                documents_issued_at=issued, deadline_at=deadline
            )
            page = client.get(url).content.decode()
            return page.partition('id="times"')[2].partition("</section>")[0]

        past = datetime(2026, 11, 20, 1, tzinfo=UTC)
        text = said(past, past - timedelta(days=10))
        assert "投标截止时间已过" in text
        assert "2026-12-14 09:30" in text  # 20 days from today end on a Sunday
        assert "符合" not in text.replace("不符合", "")
        assert "发出至截止" not in text
        # The documents' hour alone has passed: they go out with the notice, and it says so.
        text = said(past, datetime(2026, 12, 21, 2, tzinfo=UTC))
        assert "文件随公告一起发出" in text
        assert "文件发出不早于公告" not in text
        assert "发出至截止 28 天" in text

    def test_tries_its_formula_on_sample_bids(self, client):
        world = worlds.drafted()
        people.sign_in(client, people.zhao())
        reply = client.post(
            reverse("trading:simulate", kwargs={"tender": world.tender.pk, "lot": world.lot.pk}),
            {
                "bids": json.dumps(
                    [
                        {"key": f"b{n}", "price_fen": price, "claims": {}}
                        for n, price in enumerate((950_000_000, 940_000_000, 930_000_000))
                    ]
                )
            },
            headers={"Accept": "application/json"},
        )
        assert reply.json()["benchmark"] == "9118000.00"
