"""The design system: contrast, accessibility, widths, budgets, time and money in the page."""

from __future__ import annotations

import gzip
import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from core import clock as core_clock
from core import money
from tests.browser import kit
from tests.frontend import server
from tests.frontend.styleguide import render

ROOT = server.ROOT
TOKENS = (ROOT / "frontend" / "styles" / "tokens.css").read_text()


def tokens(theme: str) -> dict[str, str]:
    """Read the colours of a theme; dark inherits what it does not name."""
    light, dark = (
        dict(re.findall(r"--(c-[a-z0-9-]+): (#[0-9a-f]{6});", TOKENS.split("}")[number]))
        for number in (0, 1)
    )
    return light if theme == "light" else {**light, **dark}


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("c-page", "c-surface", "c-surface-2")
TEXT_PAIRS = [
    *((text, ground) for text in ("c-ink", "c-muted", "c-primary") for ground in GROUNDS),
    *((text, "c-surface") for text in ("c-ok", "c-warn", "c-fail", "c-late", "c-gov-red")),
    *(
        (f"c-{kind}-ink", f"c-{kind}-soft")
        for kind in ("ok", "warn", "fail", "info", "late", "quiet")
    ),
    *(("c-ink", f"c-{kind}-soft") for kind in ("ok", "warn", "fail", "late")),
    *(("c-muted", f"c-{kind}-soft") for kind in ("ok", "warn", "fail", "late")),
    ("c-on-primary", "c-primary"),
    ("c-on-primary", "c-primary-strong"),
    ("c-primary", "c-primary-soft"),
    ("c-on-brand", "c-brand-bar"),
    ("c-on-brand-muted", "c-brand-bar"),
    ("c-on-brand", "c-brand-bar-2"),
    ("c-muted", "c-quiet-soft"),
    ("c-caption-ink", "c-caption"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
class TestColours:
    @pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
    def test_text_can_be_read(self, theme, text, ground):
        found = tokens(theme)
        assert contrast(found[text], found[ground]) >= 4.5

    @pytest.mark.parametrize("ground", GROUNDS)
    def test_controls_and_focus_can_be_seen(self, theme, ground):
        found = tokens(theme)
        assert contrast(found["c-control"], found["c-surface"]) >= 3
        assert contrast(found["c-focus"], found[ground]) >= 3


@pytest.fixture(scope="module")
def guide(built):
    """Serve the style guide; `/zh` and `/en`."""

    def answer(asked: server.Asked) -> server.Answer | None:
        language = {"/zh": "zh-hans", "/en": "en"}.get(asked.path)
        if language is None:
            return None
        html = render(now=core_clock.now(), language=language)
        return server.Answer(body=html.encode(), type=server.TYPES[".html"])

    with server.serving(folders=server.statics(built), answer=answer) as address:
        yield address


@pytest.mark.browser
class TestTheStyleGuide:
    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_has_no_violation_axe_can_find(self, page, guide, language, theme):
        page.emulate_media(color_scheme=theme)
        page.goto(f"{guide}/{language}")
        page.wait_for_function(f"document.documentElement.dataset.bsTheme === '{theme}'")
        kit.assert_accessible(page)
        kit.shoot(page, f"styleguide-{language}-{theme}")

    def test_is_accessible_with_its_dialog_open(self, page, guide):
        page.goto(f"{guide}/zh")
        page.click("text=核对无误，确认开标记录")
        assert page.locator("dialog").is_visible()
        kit.assert_accessible(page)
        kit.shoot(page, "styleguide-dialog", whole=False)

    @pytest.mark.parametrize("width", kit.WIDTHS)
    @pytest.mark.parametrize("size", ["normal", "large"])
    def test_never_scrolls_sideways(self, page, guide, width, size):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{guide}/zh")
        page.evaluate(f"document.documentElement.dataset.size = '{size}'")
        kit.assert_fits(page)
        if width == 360:
            kit.shoot(page, f"styleguide-phone-{size}")

    def test_works_without_scripts(self, chromium, guide):
        context = chromium.new_context(java_script_enabled=False, viewport=kit.DESKTOP)
        page = context.new_page()
        page.goto(f"{guide}/zh")
        assert page.locator("text=/还有 07:1[12]:/").count() == 1
        assert page.locator(".needs-script").first.is_hidden()
        kit.shoot(page, "styleguide-without-scripts")
        context.close()

    def test_every_target_is_large_enough_to_hit(self, page, guide):
        page.set_viewport_size(kit.PHONE)
        page.goto(f"{guide}/zh")
        small = page.evaluate(
            """() => [...document.querySelectorAll('button, .btn, input, select, .site-nav a')]
              .filter(e => e.offsetParent && e.type !== 'hidden')
              .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
              .filter(([, box]) => box.width < 20 || box.height < 22)
              .map(([html]) => html)"""
        )
        assert small == []

    def test_nothing_is_inline(self, guide):
        html = render(now=core_clock.now())
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


@pytest.mark.browser
class TestTime:
    def test_countdowns_follow_the_server_however_wrong_the_reader_s_clock_is(self, page, guide):
        page.add_init_script(
            "const real = Date.now; Date.now = () => real() + 600000;"
            "const D = Date; window.Date = class extends D {"
            " constructor(...a) { if (a.length) super(...a); else super(real() + 600000); } };"
        )
        page.goto(f"{guide}/zh")
        target = page.locator(".figures .countdown")
        drawn_by_the_server = target.inner_text()
        expect(target).not_to_have_text(drawn_by_the_server)
        deadline = datetime.fromisoformat(target.get_attribute("datetime"))
        before = core_clock.now()
        text = target.inner_text()
        after = core_clock.now()
        hours, minutes, seconds = map(int, re.search(r"(\d+):(\d+):(\d+)", text).groups())
        told = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        # It moves once a second, on a busy machine later; the reader's clock is ten minutes off.
        assert deadline - after - timedelta(seconds=10) <= told
        assert told <= deadline - before + timedelta(seconds=10)


@pytest.mark.browser
class TestMoney:
    AMOUNTS = (
        0, 5, 10, 50, 100, 105, 110, 1000, 10_011_001, 1_000_000_000, 100_000_001_001,
        3_366_358_016, 10**10, 10**12, 10**14, 10**14 + 1, 123_456_789_012_345, 10**17 + 10**9,
        999_999_999_999_999_999, 20_000_305, 1_010_101_010,
    )  # fmt: skip

    def test_is_written_as_core_money_writes_it(self, twin):
        for fen in self.AMOUNTS:
            expected = [
                money.yuan(fen),
                money.plain_yuan(fen),
                money.wan(fen),
                money.uppercase(fen),
            ]
            assert twin.call("moneyWords", str(fen)) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "33,663,580.16", "￥33663580.16", "3,366.36万元", "1亿", "０.０５", " 12 元 ",
            "3,36", "1.005", "-1", "", "abc", "1,000.1万", "1e3", "9999999999999999999",
        ],
    )  # fmt: skip
    def test_is_read_as_core_money_reads_it(self, twin, text):
        try:
            expected = str(money.parse_yuan(text))
        except money.MoneyError:
            expected = None
        assert twin.call("parseYuan", text) == expected


@pytest.mark.browser
class TestForecasts:
    def test_tell_when_the_upload_is_done(self, twin):
        steady = [[second * 1_000_000, second] for second in range(11)]
        found = twin.call("forecast", 30_000_000, steady, 60)
        assert found["left"] == pytest.approx(20)
        assert found["margin"] == "ample"

    @pytest.mark.parametrize(("available", "margin"), [(31, "ample"), (25, "tight"), (19, "late")])
    def test_warn_before_it_is_too_late(self, twin, available, margin):
        steady = [[second * 1_000_000, second] for second in range(11)]
        assert twin.call("forecast", 30_000_000, steady, available)["margin"] == margin

    def test_believe_the_last_seconds_more_than_the_first(self, twin):
        slowed = [[second * 1_000_000, second] for second in range(11)]
        slowed += [[10_000_000 + second * 100_000, 10 + second] for second in range(1, 21)]
        found = twin.call("forecast", 30_000_000, slowed, 60)
        assert 100_000 < found["rate"] < 350_000


class TestBudgets:
    def size(self, built, *names: str) -> int:
        return sum(len(gzip.compress((built / name).read_bytes())) for name in names)

    def test_a_public_page_is_light(self, built):
        chunks = re.findall(r"chunks/[\w-]+\.js", (built / "site.js").read_text())
        assert self.size(built, "site.css") < 40_000
        assert self.size(built, "site.js", "boot.js", *chunks) < 40_000
        assert self.size(built, "icons.svg") < 12_000

    def test_every_icon_named_in_templates_is_in_the_sprite(self, built):
        sprite = set(re.findall(r'<symbol id="([^"]+)"', (built / "icons.svg").read_text()))
        named = set()
        for template in (ROOT / "templates").rglob("*.html"):
            named |= set(re.findall(r'{% icon "([^"]+)"', template.read_text()))
        assert named <= sprite
