"""The offline page from a folder, without a server: Python opens its bids, and nothing leaves."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from io import BytesIO
from pathlib import Path

import pytest

from sealing import digests, envelope, header, keys, shares, suites
from sealing.encoding import b64u
from sealing.suites import SuiteId
from tests.browser import kit
from tests.frontend import server
from tests.sealing import scene, sealed

pytestmark = pytest.mark.browser
WORDS = "平江道路 2026"
PDF = b"%PDF-1.7\n" + bytes(3 * 1024 * 1024) + b"\n%%EOF\n"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def json_file(data: bytes, name: str = "file.json"):
    return {"name": name, "mimeType": "application/json", "buffer": data}


class Offline:
    """The page as somebody uses it who opened it from a folder."""

    def __init__(self, page, built: Path, *, picker: bool = False) -> None:
        self.page = page
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        if not picker:
            page.add_init_script("delete window.showSaveFilePicker")
        page.goto((built / "offline.html").as_uri())

    def saved(self, press: str) -> bytes:
        with self.page.expect_download() as download:
            self.page.click(press)
        data: bytes = download.value.path().read_bytes()
        return data

    def makes_a_key(self, suite: str = "1") -> bytes:
        page = self.page
        page.select_option("#key-suite", suite)
        page.fill("#key-label", "SZ-1")
        page.fill("#key-passphrase", WORDS)
        page.fill("#key-passphrase-again", WORDS)
        return self.saved("#key [data-part=make]")

    def fills(self, facts: dict, key: bytes) -> None:
        page = self.page
        page.set_input_files("#seal-facts", json_file(json.dumps(facts).encode()))
        page.set_input_files("#seal-key", json_file(key))
        page.fill("#seal-price", "3,366.358016万元")
        page.fill("#seal-days", "336")
        page.fill("#seal-manager", "赵立")
        page.check("#seal-small")
        page.set_input_files(
            "#seal-technical",
            {"name": "技术标.pdf", "mimeType": "application/pdf", "buffer": PDF},
        )

    def looked_at(self, name: str) -> None:
        kit.assert_accessible(self.page)
        for width in (360, 1366):
            self.page.set_viewport_size({"width": width, "height": 900})
            kit.assert_fits(self.page)
            kit.shoot(self.page, f"{name}-{width}")


@pytest.fixture
def host(suite):
    return keys.generate(suite=suites.of(suite))


@pytest.fixture(scope="module")
def played():
    return scene.play(random=secrets.token_bytes)


@pytest.fixture
def offline(page, built):
    made = Offline(page, built)
    yield made
    others = {url for url in made.asked if not url.startswith(("file:", "blob:", "data:"))}
    assert others == set()


def facts_of(host, *, version: int = 2) -> dict:
    return {
        "ctx": sealed.CONTEXT.body(),
        "host": {
            "kid": host.kid,
            "public": b64u(host.public),
            **({} if host.suite is suites.DEFAULT else {"suite": host.suite.id.value}),
        },
        "doc_version": version,
        "log_key": "",
    }


def opened(data: bytes, mine, host, into: Path):
    file = BytesIO(data)
    found = header.read(file)
    released = [
        shares.release(found, label=label, key=key)
        for label, key in (("bidder", mine), ("host", host))
    ]
    form = envelope.open_form(file, header=found, shares=released)
    return form, envelope.open_package(file, header=found, shares=released, into=into)


class TestTheOfflinePage:
    @pytest.mark.parametrize("suite", list(SuiteId))
    def test_goes_from_key_to_share_and_python_opens_the_bid(self, offline, suite, host, tmp_path):
        page = offline.page
        key = offline.makes_a_key(suite)
        page.set_input_files("#key-file", json_file(key))
        page.fill("#key-words", WORDS)
        page.click("#key [data-part=check]")
        page.wait_for_selector("#key[data-state=ready]")
        mine = keys.unwrap(key, passphrase=WORDS)

        offline.fills(facts_of(host), key)
        page.wait_for_selector(f"#seal-facts-say >> text={host.kid}")
        bid = offline.saved("#seal [data-part=start]")
        page.wait_for_selector("#seal[data-state=sealed]")
        form, (file,) = opened(bid, mine, host, tmp_path / "out")
        assert (form.price_fen, form.duration_days, form.doc_version) == (3_366_358_016, 336, 2)
        assert form.claims == {"small_business": True}
        assert (file.name, file.part, file.sha256) == (
            "技术标.pdf",
            "technical",
            hashlib.sha256(PDF).digest(),
        )

        stb = json_file(bid, "b-1.stb")
        page.set_input_files("#inspect-sealed", stb)
        page.click("#inspect [data-part=start]")
        page.wait_for_selector("#inspect[data-state=inspected]")
        told = page.inner_text("#inspect [data-part=status]")
        measured = digests.measure(BytesIO(bid), header=header.read(BytesIO(bid)))
        prints = (measured.ct_root, measured.ct_sha256, measured.ct_sm3, measured.form_ct_sha256)
        assert all(b64u(one) in told for one in prints)

        page.set_input_files("#release-sealed", stb)
        page.set_input_files("#release-key", json_file(key))
        page.fill("#release-words", WORDS)
        (share,) = json.loads(offline.saved("#release [data-part=start]"))
        shares.from_body(share, header=header.read(BytesIO(bid)))
        offline.looked_at("offline")

    def test_writes_straight_to_the_disk_where_the_browser_can(self, page, built, host, tmp_path):
        offline = Offline(page, built, picker=True)
        page.evaluate(
            """() => { window.blocks = []; window.showSaveFilePicker = async () => ({
                 name: 'x.stb', createWritable: async () => ({
                   write: async data => { blocks.push(data.slice()) },
                   close: async () => { window.whole = true }, abort: async () => {} }) }) }"""
        )
        mine = keys.generate()
        offline.fills(facts_of(host), keys.wrap(mine, passphrase=WORDS))
        page.click("#seal [data-part=start]")
        page.wait_for_selector("#seal[data-state=sealed]")
        assert page.evaluate("whole && Math.max(...blocks.map(one => one.length))") == 512 * 1024
        with page.expect_download() as download:
            page.evaluate(
                """() => Object.assign(document.createElement('a'),
                     {href: URL.createObjectURL(new Blob(blocks)), download: 'x'}).click()"""
            )
        opened(download.value.path().read_bytes(), mine, host, tmp_path / "out")

    def test_refuses_what_does_not_fit_and_saves_nothing(self, offline, host):
        page = offline.page
        other = {**facts_of(host), "host": {"kid": b64u(bytes(16)), "public": b64u(host.public)}}
        offline.fills(other, keys.wrap(keys.generate(), passphrase=WORDS))
        page.wait_for_selector("#seal [role=alert] >> text=WRONG_KEY")
        page.click("#seal [data-part=start]")
        page.wait_for_selector("#seal [role=alert] >> text=WRONG_KEY")
        page.click("#inspect [data-part=start]")
        page.set_input_files("#inspect-sealed", json_file(b"PK\3\4", "b.stb"))
        page.click("#inspect [data-part=start]")
        page.wait_for_selector("#inspect [role=alert] >> text=NOT_ENCRYPTED")
        assert page.locator("[data-state]").count() == 0

    def test_speaks_english_throughout(self, offline):
        page = offline.page
        page.click("#language")
        words = page.evaluate(
            "[...document.querySelectorAll('main, header')].map(e => e.innerText).join()"
        )
        assert CHINESE.findall(words) == ["中", "文"]
        page.click("#inspect [data-part=start]")
        page.wait_for_selector("#inspect >> text=This is not a sealed bid.")
        offline.looked_at("offline-en")

    def test_forbids_itself_every_connection(self, offline, faults):
        faults.expect("Content Security Policy|Failed to load|Refused|violates")
        tried = offline.page.evaluate(
            """async () => {
                 const broken = new Set();
                 addEventListener('securitypolicyviolation', one => broken.add(one.blockedURI));
                 await fetch('http://127.0.0.1:9/a').catch(() => 0);
                 await import('http://127.0.0.1:9/b').catch(() => 0);
                 await new Promise(seen => {
                   const picture = new Image();
                   picture.onerror = seen;
                   picture.src = 'http://127.0.0.1:9/c';
                 });
                 return [...broken].sort() }"""
        )
        assert tried == [f"http://127.0.0.1:9/{one}" for one in "abc"]
        offline.asked.clear()  # Chromium names what its policy held back among the requests


class TestAReceipt:
    def verify(self, page, played, *, receipt: str, sealed_file: bytes):
        page.fill("#verify-key", played.log.key.dumps())
        page.fill("#verify-pasted", receipt)
        page.set_input_files("#verify-sealed", json_file(sealed_file, "b.stb"))
        page.click("#verify [data-part=start]")

    @pytest.mark.parametrize(
        ("name", "words"),
        [("li", "回执有效，已在透明日志中"), ("sun", "还没有日志证明")],
        ids=["proven", "promised"],
    )
    def test_is_verified_without_the_platform(self, offline, played, name, words):
        told = {"receipt": played.receipts[name], "sealed_file": played.bids[name].data}
        self.verify(offline.page, played, **told)
        offline.page.wait_for_selector(f"#verify[data-state=verified] >> text={words}")

    def test_for_another_file_is_refused(self, offline, played):
        told = {"receipt": played.receipts["li"], "sealed_file": played.bids["sun"].data}
        self.verify(offline.page, played, **told)
        offline.page.wait_for_selector("#verify [role=alert] >> text=RECEIPT")


class TestTheBuild:
    def test_gives_equal_bytes_for_equal_sources_and_lists_them(self, built, tmp_path):
        server.build(tmp_path / "build")
        listed = (built / "SHA256SUMS").read_bytes()
        assert (tmp_path / "build" / "SHA256SUMS").read_bytes() == listed
        lines = dict(reversed(line.split("  ", 1)) for line in listed.decode().splitlines())
        found = {
            str(path.relative_to(built)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in built.rglob("*")
            if path.is_file() and path.name != "SHA256SUMS"
        }
        assert lines == found
        assert list(lines) == sorted(found, key=str.encode)
