"""Pages everybody may open: what they show, and what they never show."""

from __future__ import annotations

import hashlib
import html
import re
import shlex
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.services import sealing_papers
from core.pades import reading
from sealing.cli import main
from tests import people, seals, worlds
from tests.trading.test_whole_course import opened_world
from trading.models import Notice, Opening
from trading.services.opening import ending

pytestmark = pytest.mark.django_db(transaction=True)


class TestThePublic:
    def test_finds_and_reads_a_published_tender(self, client):
        world = worlds.published(security_fen=20_000_000)
        for name in ("home", "notices", "openings", "awards", "contracts"):
            assert client.get(reverse(f"trading:{name}")).status_code == 200, name
        page = client.get(reverse("trading:notices"), {"words": "平江"})
        assert world.tender.title in page.content.decode()
        page = client.get(reverse("trading:notice", kwargs={"tender": world.tender.pk}))
        text = page.content.decode()
        assert world.host.kid in text
        assert "¥10,000,000.00" in text
        assert "招标文件.pdf" in text

    def test_does_not_see_a_draft(self, client):
        world = worlds.drafted()
        url = reverse("trading:notice", kwargs={"tender": world.tender.pk})
        assert client.get(url).status_code == 404
        assert world.tender.title not in client.get(reverse("trading:notices")).content.decode()

    def test_reads_no_bidder_and_no_price_before_the_record_is_signed(self, client):
        world, parties = opened_world()
        pages = [
            client.get(reverse("trading:notice", kwargs={"tender": world.tender.pk})),
            client.get(reverse("trading:openings")),
            client.get(reverse("trading:notice-data", kwargs={"tender": world.tender.pk})),
        ]
        firm = people.organisation_of(people.sun()).name
        for page in pages:
            text = page.content.decode()
            assert firm not in text
            assert "9,500,000.00" not in text
            assert "950000000" not in text
            assert all(str(party.pk) not in text for party in parties)
        url = reverse("trading:opening", kwargs={"lot": world.lot.pk})
        assert client.get(url).status_code == 404


def ended_world(**facts):
    """A lot whose record is signed and whose evidence is published."""
    world, _parties = opened_world(**facts)
    later = worlds.DEADLINE + timedelta(hours=1)
    worlds.to_stage(world, "SIGN", now=later)
    worlds.record_signed(world, now=later)
    worlds.log_ticks(now=later)
    assert ending.publish_document(lot_id=world.lot.pk, now=later)
    return world


def told(world, kind, **body):
    """A notice of the lot's result."""
    return Notice.objects.create(
        id=uuid4(),
        tender=world.tender,
        lot=world.lot,
        kind=kind,
        title=world.tender.title,
        body=body,
        published_at=worlds.DEADLINE + timedelta(days=9),
    )


AWARD = {
    "winner": "苏州恒筑建设",
    "members": [],
    "price_fen": 930_000_000,
    "duration_days": 90,
    "quality": "合格",
    "manager": "王建国",
}


class TestAStranger:
    def test_proves_an_opening_with_the_lines_the_page_shows(
        self, client, tmp_path, monkeypatch, capsys
    ):
        world = ended_world()
        page = client.get(reverse("trading:opening", kwargs={"lot": world.lot.pk}))
        shown = re.search(r'<pre class="code"[^>]*>(.*?)</pre>', page.content.decode(), re.DOTALL)
        curl, pip, verify = html.unescape(shown[1]).strip().splitlines()
        words = shlex.split(curl)
        assert words[0] == "curl"
        for flag, name, url in zip(*(iter(words[1:]),) * 3, strict=True):
            assert flag == "-o"
            answer = client.get(urlsplit(url).path)
            assert answer.status_code == 200, url
            (tmp_path / name).write_bytes(answer.content)
        assert pip.startswith("pip install ")
        command, *arguments = shlex.split(verify)
        assert command == "ggzy-bid"
        monkeypatch.chdir(tmp_path)
        assert main(arguments) == 0, capsys.readouterr().out

    def test_is_helped_with_the_same_lines(self, client):
        text = client.get("/help/evidence").content.decode()
        for words in ("curl -o opening.json", "pip install", "ggzy-bid verify-opening"):
            assert words in text, words
        assert reverse("accounts:help-topic", kwargs={"slug": "evidence"}) in (
            client.get("/help").content.decode()
        )


class TestTheCourseOfALot:
    def pages(self, client, world):
        """The notice, the opening and the result, by name."""
        return {
            "notice": reverse("trading:notice", kwargs={"tender": world.tender.pk}),
            "opening": reverse("trading:opening", kwargs={"lot": world.lot.pk}),
            "result": reverse("trading:award-page", kwargs={"lot": world.lot.pk}),
        }

    def test_is_walked_from_any_of_its_pages(self, client):
        world = ended_world()
        urls = self.pages(client, world)
        text = client.get(urls["opening"]).content.decode()
        assert urls["notice"] in text
        assert urls["result"] not in text  # nothing stands there yet
        told(world, "award", **AWARD)
        text = client.get(urls["opening"]).content.decode()
        assert f'href="{urls["result"]}"' in text
        text = client.get(urls["result"]).content.decode()
        assert f'href="{urls["notice"]}"' in text
        assert f'href="{urls["opening"]}"' in text

    def test_ends_with_the_return_of_the_securities_and_names_no_payment(self, client):
        world = ended_world(security_fen=20_000_000)
        url = self.pages(client, world)["result"]
        told(world, "candidates", candidates=[])
        assert "第五十七条" not in client.get(url).content.decode()
        told(world, "award", **AWARD)
        told(world, "contract", signed_on="2026-12-10", amount_fen=930_000_000)
        text = client.get(url).content.decode()
        assert "第五十七条" in text
        assert "200,000.00" not in text

    def test_without_securities_says_nothing_of_them(self, client):
        world = ended_world()
        told(world, "award", **AWARD)
        assert "保证金" not in client.get(self.pages(client, world)["result"]).content.decode()


class TestTheRecord:
    def test_is_sealed_after_the_opening_and_stays_what_was_signed(
        self, client, settings, tmp_path
    ):
        office = seals.office(tmp_path)
        office.install(settings)
        with seals.answering(office.tsa) as (address, _):
            settings.TSA_URL = address
            world = ended_world()
            page = reverse("trading:opening", kwargs={"lot": world.lot.pk})
            file = reverse("trading:opening-record", kwargs={"lot": world.lot.pk})
            assert "正在盖章" in client.get(page).content.decode()
            before = client.get(file).getvalue()
            assert sealing_papers.seal_due(now=worlds.DEADLINE + timedelta(hours=2)) == 1
        text = client.get(page).content.decode()
        assert "正在盖章" not in text
        assert "已盖章" in text
        sealed = client.get(file).getvalue()
        assert sealed[: len(before)] == before
        opening = Opening.objects.get(pk=world.lot.pk)
        assert hashlib.sha256(before).hexdigest() == opening.record_sha256
        (found,) = reading.seals(BytesIO(sealed))
        assert (found.intact, found.whole) == (True, True)


class TestTheDaysOffered:
    @pytest.mark.parametrize(
        ("track", "word", "other"), [("T", "工期", "交货期"), ("G", "交货期", "工期")]
    )
    def test_are_named_by_what_is_bought(self, client, track, word, other):
        """The shared worlds buy works on track T and goods on track G."""
        world = ended_world(track=track)
        told(world, "award", **AWARD)
        lot = {"lot": world.lot.pk}
        for name in ("opening", "hall", "award-page"):
            text = client.get(reverse(f"trading:{name}", kwargs=lot)).content.decode()
            assert word in text, name
            assert other not in text, name
        record = client.get(reverse("trading:opening-record", kwargs=lot)).getvalue()
        pages = PdfReader(BytesIO(record)).pages
        drawn = "".join("".join(page.extract_text().split()) for page in pages)
        assert word in drawn
        assert other not in drawn


class TestABidder:
    def test_is_asked_to_join_once(self, client, clock):
        clock.set(worlds.ISSUED)
        world = worlds.published()
        people.sign_in(client, people.sun())
        url = reverse("trading:notice", kwargs={"tender": world.tender.pk})
        join = reverse("trading:join", kwargs={"tender": world.tender.pk})
        assert join in client.get(url).content.decode()
        worlds.joined(world, people.sun())
        text = client.get(url).content.decode()
        assert join not in text
        assert reverse("trading:bid", kwargs={"lot": world.lot.pk}) in text
