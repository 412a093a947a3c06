"""A security that is no money: the bidder hands it in, the tenderer's side checks it afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Event
from bank_escrow.models import Bank, Paper
from bank_escrow.services import banks
from bank_escrow.services.accounts import fill_pool
from tests import people, worlds
from tests.accounts.authority import Authority, bound
from tests.bank_escrow.lots import REQUIRED
from tests.signing import signed_form
from trading.models import OpeningSeat
from trading.services import refunding

pytestmark = pytest.mark.django_db

D = worlds.DEADLINE
BEFORE = D - timedelta(hours=2)
PDF = b"%PDF-1.7 a letter %%EOF"
JSON = {"Accept": "application/json"}
WELL = {
    "issuer_kind": "BANK",
    "issuer": "苏州姑苏银行平江支行",
    "number": "BH-2026-0001",
    "amount_yuan": "500,000.00",
    "valid_to": "2027-12-31",
}
GROUND = {"ground": "SMALL_BUSINESS", "clause": "投标人须知 3.4.1"}


@pytest.fixture
def world(clock, bank):
    clock.set(BEFORE)
    banks.connected(bank.now)
    fill_pool(Bank.objects.get(), now=bank.now)
    return worlds.published(
        security_fen=REQUIRED, estimate_fen=4_000_000_000, ceiling_fen=3_860_000_000
    )


@pytest.fixture
def sun(client):
    return people.sign_in(client, people.sun())


@pytest.fixture
def party(world):
    return worlds.joined(world, people.sun())


def post(client, world, name, fields=None, *, file=PDF, **headers):
    where = reverse(f"trading:{name}", kwargs={"lot": world.lot.pk})
    data = {**(fields or {}), "command_id": str(uuid4())}
    if file:
        data["file"] = SimpleUploadedFile("保函.pdf", file, "application/pdf")
    return client.post(where, data, headers=headers)


def page(client, world):
    return client.get(reverse("trading:bid-deposit", kwargs={"lot": world.lot.pk})).content.decode()


def listed(world):
    """Three bids, the deadline passed, the list of bidders announced."""
    for who in (people.sun(), people.li(), people.zhou()):
        worlds.submitted(world, who, price_fen=950_000_000, at=BEFORE)
    worlds.closed(world)
    return worlds.to_stage(world, "DEPOSIT")


def side(world, name="securities", **more):
    client = people.sign_in(Client(), world.tenderer)
    where = {"tender": world.tender.pk, "lot": world.lot.pk, **more}
    return client.get(reverse(f"trading:{name}", kwargs=where))


def main(answer):
    """The page without what changes by itself from one request to the next."""
    return answer.content.decode().split("<main")[1].split("</main>")[0]


class TestALetter:
    def test_is_handed_in_with_its_file_and_shown_to_its_bidder(self, sun, world, party):
        assert post(sun, world, "bid-guarantee", WELL).status_code == 303
        text = page(sun, world)
        assert "已提交保函" in text
        assert "BH-2026-0001" in text
        mine = sun.get(f"/bids/{world.lot.pk}.json").json()["deposit"]
        assert (mine["form"], mine["state"]) == ("guarantee", "GUARANTEE")
        file = sun.get(f"/bids/{world.lot.pk}/deposit/paper.pdf")
        assert file.content == PDF
        assert "sandbox" in file.headers["Content-Security-Policy"]

    def test_settles_the_step_of_the_deposit(self, sun, world, party):
        overview = f"/bids/{world.lot.pk}"
        assert "等待到账" in sun.get(overview).content.decode()
        post(sun, world, "bid-guarantee", WELL)
        text = sun.get(overview).content.decode()
        assert "已提交保函" in text
        assert "等待到账" not in text

    def test_with_everything_missing_says_so_at_once_and_keeps_what_was_typed(
        self, sun, world, party
    ):
        answer = post(sun, world, "bid-guarantee", {"number": "BH-77"}, file=b"")
        assert answer.status_code == 422
        text = answer.content.decode()
        for label in ("保函种类", "开立单位", "担保金额", "有效期至", "保函文件"):
            assert f"{label}" in text.split("error-summary-title")[2].split("</section>")[0]
        assert 'value="BH-77"' in text
        assert not Paper.objects.exists()

    def test_that_is_no_pdf_is_not_taken(self, sun, world, party):
        answer = post(sun, world, "bid-guarantee", WELL, file=b"a picture")
        assert "请选择 PDF 文件" in answer.content.decode()
        assert not Paper.objects.exists()

    def test_over_too_little_says_what_to_do(self, sun, world, party):
        post(sun, world, "bid-guarantee", WELL | {"amount_yuan": "1.00", "valid_to": "2026-12-01"})
        text = page(sun, world)
        assert "担保金额不足" in text
        assert "保函有效期不足" in text

    def test_must_run_as_long_as_the_bids_of_this_tender(self, sun, world, party):
        assert (D.date() + timedelta(days=90)).isoformat() in page(sun, world)

    def test_at_the_deadline_is_gone(self, sun, world, party, clock):
        clock.set(D)
        answer = post(sun, world, "bid-guarantee", WELL, **JSON)
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "B-010")

    def test_can_be_taken_back_for_a_transfer(self, sun, world, party):
        post(sun, world, "bid-guarantee", WELL)
        assert post(sun, world, "bid-paper-back", file=b"").status_code == 303
        assert "取得缴款账号" in page(sun, world)

    def test_leaves_no_trace_of_who_brought_it_in_the_events(self, sun, world, party):
        post(sun, world, "bid-guarantee", WELL)
        made = Event.objects.get(name="deposit.paper_handed_in")
        assert str(people.sun().pk) not in f"{made.actor} {made.body}"


class TestAWaiver:
    def test_is_claimed_by_ground_and_clause(self, sun, world, party):
        assert post(sun, world, "bid-waiver", GROUND, file=b"").status_code == 303
        text = page(sun, world)
        assert "中小微企业" in text
        assert "投标人须知 3.4.1" in text

    def test_without_a_clause_is_not_taken(self, sun, world, party):
        assert post(sun, world, "bid-waiver", {"ground": "CREDIT"}, file=b"").status_code == 422


class TestTheTenderersSide:
    def test_sees_the_same_bytes_before_the_list_whoever_brought_what(self, sun, world, party):
        empty = main(side(world))
        post(sun, world, "bid-guarantee", WELL)
        assert main(side(world)) == empty
        paper = Paper.objects.get().pk
        assert side(world, "security-file", paper=paper).status_code == 404

    def test_sees_each_paper_and_its_file_once_the_list_is_out(self, sun, world, party):
        post(sun, world, "bid-guarantee", WELL)
        listed(world)
        text = side(world).content.decode()
        assert people.organisation_of(people.sun()).name in text
        assert "BH-2026-0001" in text
        paper = Paper.objects.get().pk
        assert side(world, "security-file", paper=paper).content == PDF
        assert "1 份待核对" in side(world, "lot-course").content.decode()

    def test_shows_the_hall_what_it_is(self, sun, world, party):
        post(sun, world, "bid-guarantee", WELL)
        li = people.sign_in(Client(), people.li())
        worlds.joined(world, people.li())
        post(li, world, "bid-waiver", GROUND, file=b"")
        listed(world)
        worlds.step(world)
        shown = {
            seat.organisation.name: seat.security["status"]
            for seat in OpeningSeat.objects.select_related("organisation")
        }
        assert shown == {
            people.organisation_of(people.sun()).name: "GUARANTEE",
            people.organisation_of(people.li()).name: "WAIVED",
            people.organisation_of(people.zhou()).name: "UNPAID",
        }

    def test_refuses_one_signed_with_clause_and_fact_and_its_bidder_is_told(
        self, sun, world, party, settings, tmp_path, clock
    ):
        post(sun, world, "bid-guarantee", WELL)
        listed(world)
        clock.set(D + timedelta(minutes=5))
        authority = Authority()
        authority.trust(settings, tmp_path, at=clock.now())
        holder = authority.issue_for(world.tenderer, not_before=clock.now())
        bound(holder, world.tenderer, now=clock.now())
        args = {
            "tender": str(world.tender.pk),
            "lot": str(world.lot.pk),
            "paper": str(Paper.objects.get().pk),
        }
        fields = {"accepted": "0", "clause": "投标人须知 3.4.2", "fact": "受益人不是招标人"}
        act = "trading:security-check"
        form = signed_form(holder, act, fields, args=args, purpose="approve")
        client = people.sign_in(Client(), world.tenderer)
        answer = client.post(reverse("trading:security-check", kwargs=args), form)
        assert answer.status_code == 303, answer.content.decode()
        text = page(sun, world)
        for words in ("招标人不认可保函", "投标人须知 3.4.2", "受益人不是招标人"):
            assert words in text
        assert "保证金材料未获认可" in sun.get("/my/messages").content.decode()

    def test_of_another_tender_gets_nothing(self, sun, world, party):
        post(sun, world, "bid-guarantee", WELL)
        listed(world)
        stranger = people.sign_in(Client(), people.qian())
        where = {"tender": world.tender.pk, "lot": world.lot.pk}
        assert stranger.get(reverse("trading:securities", kwargs=where)).status_code == 404


class TestTheEnd:
    def test_lets_the_letter_go_when_the_lot_fails(self, sun, world, party):
        post(sun, world, "bid-guarantee", WELL)
        worlds.closed(world)
        world.lot.state_code = "FAILED_LT3"
        refunding.after_end(lot=world.lot, actor="system:clock", now=D + timedelta(hours=1))
        assert Paper.objects.get().state == "RELEASED"
        assert "已解除" in page(sun, world)
