"""A bid's whole way through the page modules: key, draft, seal, broken lines, receipt, opening."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest

from core import clock as core_clock
from sealing import envelope, keys, splitting, suites
from sealing.encoding import b64u
from sealing.suites import SuiteId
from tests.browser import kit
from tests.frontend import server
from tests.frontend.certificates import certificate, load
from tests.frontend.platform import PARTS, Platform

pytestmark = pytest.mark.browser
WORDS = "平江道路 2026"
HOLDER_WORDS = ("第一位持有人口令", "第二位持有人口令", "第三位持有人口令")
PDF = b"%PDF-1.7\n" + bytes(5 * 1024 * 1024) + b"\n%%EOF\n"
PRICE = 3_366_358_016


@pytest.fixture
def platform(built, suite):
    now = core_clock.now()
    host = keys.generate(suite=suites.of(suite))
    made = Platform(host=host, deadline=now + timedelta(hours=2), now=now)
    with server.serving(folders=server.statics(built), answer=made) as address:
        made.address = address
        yield made


@pytest.fixture
def credentials(clock):
    """Make the bidder's certificate; only its dates need the stopped clock."""
    return certificate(clock)


def make_key(page, platform, *, again: bool = False) -> bytes:
    """Go through the key page and return the downloaded key file."""
    page.goto(f"{platform.address}/key")
    if again:
        page.wait_for_selector("text=本机已有此标段的密钥，指纹")
        page.click("[data-part=first] > summary")
    page.fill("#key-passphrase", WORDS)
    page.fill("#key-passphrase-again", WORDS)
    with page.expect_download() as download:
        page.click("[data-part=make]")
    file: bytes = download.value.path().read_bytes()
    page.set_input_files("#key-reload-file", _json_file(file))
    page.fill("#key-reload-passphrase", WORDS)
    page.click("[data-part=check]")
    page.wait_for_selector("[data-hp=opening-key][data-state=ready]")
    return file


def build_bid(page, platform, *, price: str = "3,366.358016万元") -> None:
    """Fill the form and the technical slot."""
    page.goto(f"{platform.address}/build")
    page.wait_for_selector("[data-part=work]:not([hidden])")
    page.fill("#id_price", price)
    page.fill("#id_days", "336")
    page.fill("#id_quality", "合格")
    page.fill("#id_manager", "赵立")
    page.check("#id_small")
    page.fill("#id_safety", "12,000.00")
    page.set_input_files("#slot-technical-input", _pdf("技术标.pdf"))
    page.wait_for_selector("[data-slot=technical] [data-part=files] >> text=技术标.pdf")
    page.wait_for_selector("[data-hp=bid-build][data-state=saved]")


def deliver(page, platform, credentials) -> None:
    """Press the one button of the delivery page."""
    page.goto(f"{platform.address}/seal")
    load(page, credentials)
    page.click("[data-part=start]")
    page.wait_for_selector("[data-hp=seal][data-state=delivered]")


def _json_file(data: bytes) -> dict:
    return {"name": "key.json", "mimeType": "application/json", "buffer": data}


def _pdf(name: str, data: bytes = PDF) -> dict:
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


class TestAKeyOfAnotherSuite:
    @pytest.mark.parametrize("suite", ["2"])
    def test_is_refused_where_it_is_loaded(self, page, platform):
        other = keys.wrap(keys.generate(), passphrase=WORDS)
        page.goto(f"{platform.address}/key")
        page.set_input_files("#key-reload-file", _json_file(other))
        page.fill("#key-reload-passphrase", WORDS)
        page.click("[data-part=check]")
        page.wait_for_selector("text=这把密钥不能用于本标段")
        assert page.locator("[data-part=next]").is_hidden()


class TestEveryModulePage:
    @pytest.mark.parametrize("path", list(PARTS))
    def test_fits_a_phone_and_has_no_violation(self, page, platform, path):
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(f"{platform.address}{path}")
        page.wait_for_selector("[data-hp=clock]")
        kit.assert_fits(page)
        kit.assert_accessible(page)
        kit.shoot(page, f"phone{path.replace('/', '-')}")


class TestABidInTheBrowser:
    @pytest.mark.parametrize("suite", list(SuiteId))
    def test_goes_from_key_to_opening_in_nobody_s_clear_text(
        self, page, platform, credentials, tmp_path
    ):
        make_key(page, platform)
        kit.assert_accessible(page)
        kit.shoot(page, "page-opening-key")
        build_bid(page, platform)
        assert page.locator("[data-hp=bid-build]").get_attribute("data-must") == "0"
        assert "叁仟叁佰陆拾陆万叁仟伍佰捌拾元壹角陆分" in page.inner_text("[data-part=form]")
        kit.assert_accessible(page)
        kit.shoot(page, "page-bid-build")
        deliver(page, platform, credentials)
        kit.assert_accessible(page)
        kit.shoot(page, "page-seal")
        for clear in ("赵立".encode(), b"3366358016", b"%PDF", "技术标".encode()):
            assert clear not in platform.sealed

        page.goto(f"{platform.address}/release")
        page.click("[data-part=start]")
        page.wait_for_selector("[data-hp=release][data-state=released]")
        kit.shoot(page, "page-release")
        host = splitting.split(platform.host, passphrases=HOLDER_WORDS)
        page.goto(f"{platform.address}/host-release")
        _load_holders(page, host)
        page.click("[data-hp=sign-block] [data-part=start]")
        page.wait_for_selector("[data-hp=host-release][data-state=released]")
        kit.assert_accessible(page)
        kit.shoot(page, "page-host-release")

        sealed, both = BytesIO(platform.sealed), tuple(platform.released.values())
        form = envelope.open_form(sealed, header=platform.header, shares=both)
        assert (form.price_fen, form.duration_days, form.manager) == (PRICE, 336, "赵立")
        assert form.claims == {"small_business": True}
        assert [(one.label, one.value) for one in form.extra] == [("安全文明施工费", "12,000.00")]
        (file,) = envelope.open_package(
            sealed, header=platform.header, shares=both, into=tmp_path / "out"
        )
        assert (tmp_path / "out" / file.name).read_bytes() == PDF

    def test_arrives_whole_over_a_line_that_breaks_three_times(
        self, page, faults, platform, credentials
    ):
        faults.expect("ERR_(EMPTY_RESPONSE|CONNECTION|SOCKET)")
        platform.break_pieces = {1, 2, 4}
        make_key(page, platform)
        build_bid(page, platform)
        deliver(page, platform, credentials)
        assert platform.pieces > 4
        assert len(platform.commands) == 1

    def test_goes_on_with_the_same_bytes_after_the_page_was_closed(
        self, page, context, faults, platform, credentials
    ):
        faults.expect("ERR_")
        make_key(page, platform)
        build_bid(page, platform)
        platform.break_pieces = set(range(2, 1000))
        page.goto(f"{platform.address}/seal")
        load(page, credentials)
        page.click("[data-part=start]")
        page.wait_for_selector("text=网络中断")
        page.close()
        ((which, begun),) = platform.uploads.items()
        begun = bytes(begun)
        assert 0 < len(begun) < platform.lengths[which]
        platform.break_pieces = set()
        again = context.new_page()
        again.goto(f"{platform.address}/seal")
        again.wait_for_selector("text=继续递交")
        again.click("[data-part=start]")
        again.wait_for_selector("[data-hp=seal][data-state=delivered]")
        assert list(platform.uploads) == [which]
        assert platform.sealed.startswith(begun)

    def test_is_not_called_delivered_when_the_receipt_is_for_other_bytes(
        self, page, platform, credentials
    ):
        platform.lie_about_the_bytes = True
        make_key(page, platform)
        build_bid(page, platform)
        page.goto(f"{platform.address}/seal")
        load(page, credentials)
        page.click("[data-part=start]")
        page.wait_for_selector("text=凭证未通过核验")
        assert page.locator("[data-hp=seal]").get_attribute("data-state") is None

    def test_with_something_left_to_put_right_is_neither_sealed_nor_sent(
        self, page, platform, credentials
    ):
        make_key(page, platform)
        build_bid(page, platform)
        page.goto(f"{platform.address}/seal")
        page.wait_for_selector("[data-part=summary]:not([hidden])")
        shown = page.inner_text("[data-part=summary]")
        for what in ("¥33,663,580.16", "叁仟叁佰陆拾陆万", "336", "赵立", "技术标.pdf"):
            assert what in shown
        # Worse meanwhile, in another tab: a wrong price and no technical file.
        other = page.context.new_page()
        other.goto(f"{platform.address}/build")
        other.wait_for_selector("[data-slot=technical] [data-part=files] button")
        other.fill("#id_price", "38,600,000.01")
        other.click("[data-slot=technical] [data-part=files] button")
        other.wait_for_selector("[data-hp=bid-build][data-state=saved][data-must='2']")
        other.close()
        load(page, credentials)
        page.click("[data-part=start]")
        self.says_what_is_wrong(page)
        page.goto(f"{platform.address}/seal")
        self.says_what_is_wrong(page)
        kit.assert_accessible(page)
        assert not platform.uploads

    @staticmethod
    def says_what_is_wrong(page):
        page.wait_for_selector("text=投标文件还有 2 处必须改")
        assert page.locator("text=投标报价高于最高投标限价").is_visible()
        assert page.locator("text=技术标：还没有文件").is_visible()
        assert page.locator("[data-part=start]").is_hidden()
        assert page.locator("text=去编制投标文件").get_attribute("href") == "/build"

    def test_is_not_sealed_with_a_certificate_that_is_not_the_person_s(
        self, page, platform, credentials
    ):
        platform.serials = "ABCDEF"
        make_key(page, platform)
        build_bid(page, platform)
        page.goto(f"{platform.address}/seal")
        load(page, credentials)
        page.click("[data-part=start]")
        page.wait_for_selector("text=这张证书没有登记在您名下")
        assert page.locator("a[href='/org/keys']").is_visible()
        assert not platform.uploads

    def test_is_told_plainly_that_the_deadline_has_passed(
        self, page, faults, platform, credentials
    ):
        faults.expect("410")
        platform.closed = True
        make_key(page, platform)
        build_bid(page, platform)
        page.goto(f"{platform.address}/seal")
        load(page, credentials)
        page.click("[data-part=start]")
        page.wait_for_selector("text=投标截止时间已过")

    def test_is_not_sealed_to_a_host_key_other_than_the_one_first_seen(
        self, page, platform, credentials
    ):
        make_key(page, platform)
        build_bid(page, platform)
        deliver(page, platform, credentials)
        platform.host = keys.generate()
        page.goto(f"{platform.address}/seal")
        page.click("[data-part=start]")
        page.wait_for_selector("text=招标人公钥与公告不一致")


def _load_holders(page, files) -> None:
    for place, number in (("1", 0), ("2", 2)):
        page.set_input_files(f"#held-{place}-file", _json_file(files[number]))
        page.fill(f"#held-{place}-passphrase", HOLDER_WORDS[number])


class TestTheHostKey:
    @pytest.mark.parametrize("chosen", list(SuiteId))
    def test_is_made_by_three_tested_by_every_two_and_registered(self, page, platform, chosen):
        page.goto(f"{platform.address}/host-key")
        page.select_option("#host-suite", chosen.value)
        for holder, words in enumerate(HOLDER_WORDS, start=1):
            page.fill(f"#holder-{holder}-passphrase", words)
            page.fill(f"#holder-{holder}-again", words)
        downloads = []
        page.on("download", lambda download: downloads.append(download))  # noqa: PLW0108 - Playwright marks the handler, which a built-in does not allow
        page.click("[data-part=make]")
        page.wait_for_selector("text=三个持有人文件已下载")
        while len(downloads) < 3:
            page.wait_for_timeout(50)
        files = [one.path().read_bytes() for one in downloads]
        kit.assert_accessible(page)
        for holder, (file, words) in enumerate(zip(files, HOLDER_WORDS, strict=True), start=1):
            page.set_input_files(f"#holder-{holder}-file", _json_file(file))
            page.fill(f"#holder-{holder}-reload", words)
            page.click(f"[data-holder='{holder}'] [data-part=check]")
            page.wait_for_selector(f"text=第 {holder} 位持有人的文件可用")
        page.wait_for_selector("[data-hp=host-key][data-state=registered]")
        kit.shoot(page, "page-host-key")
        holdings = [
            splitting.unwrap(file, passphrase=words)
            for file, words in zip(files, HOLDER_WORDS, strict=True)
        ]
        made = splitting.combine(holdings[0], holdings[2])
        assert (made.suite.id, platform.registered["suite"]) == (chosen, chosen.value)
        assert platform.registered["kid"] == made.kid
        assert platform.registered["public_key"] == b64u(made.public)
        names = [one["name"] for one in platform.registered["holders"]]
        assert names == ["王敏", "陈建国", "周岚"]
        assert platform.tested == 1
        assert [json.loads(file)["holder"] for file in files] == [1, 2, 3]

    def test_is_tested_again_before_the_hour(self, page, platform):
        files = splitting.split(platform.host, passphrases=HOLDER_WORDS)
        page.goto(f"{platform.address}/host-test")
        _load_holders(page, files)
        page.click("[data-part=start]")
        page.wait_for_selector("[data-hp=host-test][data-state=tested]")
        assert platform.tested == 1

    def test_of_another_tender_is_refused(self, page, platform):
        files = splitting.split(keys.generate(), passphrases=HOLDER_WORDS)
        page.goto(f"{platform.address}/host-test")
        _load_holders(page, files)
        page.click("[data-part=start]")
        page.wait_for_selector("text=密钥不匹配")
        assert platform.tested == 0
