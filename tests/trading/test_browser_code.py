"""The browser's code by its hashes: what a notice says of it, and where it is compared."""

from __future__ import annotations

import hashlib
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from pypdf import PdfReader

from core.verdicts import Refusal
from sealing import canonical
from tests import worlds
from trading.models import Notice
from trading.selectors import browser_code
from trading.selectors.browser_code import BrowserCode
from trading.services import publishing

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "5" * 64
LIST = f"{'4' * 64}  boot.js\n{PAGE}  offline.html\n".encode()
CODE = BrowserCode(bundle_sha256=hashlib.sha256(LIST).hexdigest(), offline_sha256=PAGE)


@pytest.fixture
def served(settings, tmp_path):
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "SHA256SUMS").write_bytes(LIST)
    settings.STATICFILES_DIRS = [tmp_path]


@pytest.fixture
def unbuilt(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]


def published(code):
    world = worlds.drafted()
    with transaction.atomic():
        return publishing.publish(
            tender=world.tender,
            person=world.tenderer,
            signature=uuid4(),
            code=code,
            now=worlds.ISSUED,
        )


class TestANotice:
    def test_names_the_code_its_publisher_signed(self, served, client):
        notice = published(browser_code.current())
        assert notice.body["browser_code"] == {
            "bundle_sha256": CODE.bundle_sha256,
            "offline_sha256": PAGE,
        }
        page = client.get(reverse("trading:notice", args=[notice.tender_id])).content.decode()
        assert CODE.bundle_sha256 in page
        assert PAGE in page
        data = client.get(reverse("trading:notice-data", args=[notice.tender_id])).json()
        assert data["browser_code"] == notice.body["browser_code"]

    def test_prints_it(self, served, client):
        notice = published(CODE)
        pdf = client.get(reverse("trading:notice-pdf", args=[notice.tender_id])).content
        pages = PdfReader(BytesIO(pdf)).pages
        words = "".join("".join(page.extract_text() for page in pages).split())
        assert PAGE in words
        assert hashlib.sha256(canonical.dumps(notice.body)).hexdigest()[:16] in words

    def test_of_other_code_than_is_served_is_not_published(self, served):
        other = BrowserCode(bundle_sha256="0" * 64, offline_sha256=PAGE)
        with pytest.raises(Refusal, match="T-032"):
            published(other)
        assert not Notice.objects.exists()

    def test_of_a_platform_without_browser_code_says_so(self, unbuilt, client):
        assert browser_code.current() is None
        notice = published(None)
        assert notice.body["browser_code"] is None
        page = client.get(reverse("trading:notice", args=[notice.tender_id])).content.decode()
        assert "公告未载明" in page


class TestTheOfflinePage:
    def test_is_offered_with_its_hash(self, served, client):
        page = client.get(reverse("trading:offline")).content.decode()
        assert PAGE in page
        assert "sha256sum offline.html" in page
        assert 'href="/static/build/offline.html"' in page

    def test_is_not_offered_where_it_was_not_built(self, unbuilt, client):
        page = client.get(reverse("trading:offline")).content.decode()
        assert "offline.html" not in page
        assert "ggzy-bid" in page
