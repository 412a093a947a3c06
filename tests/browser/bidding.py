"""A bidder at the keyboard: the journey's steps, each as a person does them.

A test module imports the fixtures it wants: `bidder` brings all the others.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.conf import settings
from django.test import Client, override_settings

from bank_escrow.models import Bank
from bank_escrow.services import banks
from bank_escrow.services.accounts import fill_pool
from tests import people, worlds
from tests.accounts.authority import Authority, bound
from tests.bank_escrow.conftest import bank
from tests.frontend import server
from tests.frontend.certificates import PIN

__all__ = ["bank"]

BEFORE = worlds.DEADLINE - timedelta(hours=2)
SECURITY = 60_000_000
WORDS = "平江道路 2026"
PRICE = "33,663,580.16"
PRICE_FEN = 3_366_358_016
PRICE_WORDS = "叁仟叁佰陆拾陆万叁仟伍佰捌拾元壹角陆分"
MANAGER = "赵立鹏"
FILE = "技术标-平江.pdf"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Serve a build of what is checked out, which nobody else's build takes away."""
    folder = tmp_path_factory.mktemp("static")
    server.build(folder / "build")
    with override_settings(STATICFILES_DIRS=[folder, *settings.STATICFILES_DIRS]):
        yield


@pytest.fixture
def _own_folders(settings, tmp_path):
    stores = {
        name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / name)},
        }
        for name in ("default", "sealed")
    }
    settings.STORAGES = {**settings.STORAGES, **stores}


@pytest.fixture
def world(clock, _own_folders, bank):
    clock.set(BEFORE)
    bank.now = BEFORE
    banks.connected(BEFORE)
    fill_pool(Bank.objects.get(), now=BEFORE)
    return worlds.published(
        security_fen=SECURITY, ceiling_fen=3_860_000_000, estimate_fen=4_000_000_000
    )


@pytest.fixture
def certificate(settings, tmp_path, clock, world):
    authority = Authority()
    authority.trust(settings, tmp_path, at=clock.now())
    holder = authority.issue_for(people.sun(), not_before=clock.now())
    bound(holder, people.sun(), now=clock.now())
    return p12(holder)


@pytest.fixture
def bidder(built, context, page, live_server, world, certificate):
    signed_in(context, live_server.url, people.sun())
    return Bidder(page, live_server.url, world.lot.pk, certificate)


def pdf(size: int = 300_000, *, mark: bytes = b"") -> bytes:
    """A file with the beginning and end of a PDF."""
    return b"%PDF-1.7\n" + mark + bytes(size) + b"\n%%EOF\n"


def signed_in(context, address, person):
    """Give the browser the session of somebody who signed in."""
    client = people.sign_in(Client(), person)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": address}
    context.add_cookies([cookie])


def p12(holder) -> dict:
    """A holder's certificate file, as the authority hands it out."""
    data = pkcs12.serialize_key_and_certificates(
        b"demo", holder.key, holder.certificate, None, BestAvailableEncryption(PIN.encode())
    )
    return {"name": "sun.p12", "mimeType": "application/x-pkcs12", "buffer": data}


class Bidder:
    """One page, and what the person holds in their hands."""

    def __init__(self, page, address, lot, certificate):
        self.page = page
        self.base = f"{address}/bids/{lot}"
        self.certificate = certificate
        self.key_file = None

    def make_key(self):
        """Make the opening key, download it, load it again."""
        page = self.page
        page.fill("#key-passphrase", WORDS)
        page.fill("#key-passphrase-again", WORDS)
        with page.expect_download() as download:
            page.click("[data-part=make]")
        data = download.value.path().read_bytes()
        self.key_file = {"name": "key.json", "mimeType": "application/json", "buffer": data}
        page.set_input_files("#key-reload-file", self.key_file)
        page.fill("#key-reload-passphrase", WORDS)
        page.click("[data-part=check]")
        page.wait_for_selector("[data-hp=opening-key][data-state=ready]")

    def fill(self, content, *, price=PRICE):
        """Fill the opening form and the technical slot."""
        page = self.page
        page.wait_for_selector("[data-part=work]:not([hidden])")
        page.type("#id_price", price)
        page.fill("#id_duration_days", "336")
        page.fill("#id_manager", MANAGER)
        file = {"name": FILE, "mimeType": "application/pdf", "buffer": content}
        page.set_input_files("#slot-technical-input", file)
        page.wait_for_selector(f"[data-slot=technical] [data-part=files] >> text={FILE}")
        page.wait_for_selector("[data-hp=bid-build][data-must='0']")
        page.wait_for_selector("text=/草稿已加密保存在本机|The draft is kept on this machine/")

    def prepare(self, content):
        """Make the key, fill in the bid and go where it is delivered."""
        self.page.goto(f"{self.base}/key")
        self.make_key()
        self.page.goto(f"{self.base}/build")
        self.fill(content)
        self.page.goto(f"{self.base}/submit")

    def load_certificate(self, block="[data-hp=sign-block]"):
        """Choose the certificate file, where the page asks for it, and type its PIN."""
        page = self.page
        if page.locator(f"{block} [data-part=load]").is_visible():
            page.set_input_files(f"{block} [data-part=file]", self.certificate)
            page.fill(f"{block} [data-part=pin]", PIN)

    def deliver(self):
        """Press the one button of the delivery page."""
        self.load_certificate()
        self.page.click("[data-part=start]")
        self.page.wait_for_selector("[data-hp=seal][data-state=delivered]")
