"""The pages in Chromium: a firm registers, gets its certificate and signs in with it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Certificate, Organisation
from accounts.services import messages, todo
from core import clock
from tests import people
from tests.browser import kit
from tests.browser.fixtures import chromium, context, faults, page
from tests.frontend.conftest import built
from venues.models import Booking, Room

__all__ = ["built", "chromium", "context", "faults", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSPHRASE = "xiao-qiao-liu-shui"


def enter(context, live_server, who):
    """Carry a signed-in session into the browser."""
    client = people.sign_in(Client(), who)
    cookie = next(morsel for name, morsel in client.cookies.items() if name.endswith("session"))
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


class TestAFirm:
    def test_registers_gets_a_certificate_and_signs_in_with_it(
        self, built, running, live_server, page, faults, tmp_path
    ):
        page.goto(f"{live_server.url}/login")
        page.get_by_role("link", name="登记单位").click()
        page.get_by_label("统一社会信用代码").fill("91330300MA2ABC1250")
        page.get_by_label("单位名称").fill("温州瓯江市政有限公司")
        page.get_by_label("投标人").check()
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("法定代表人").fill("林涛")
        page.get_by_label("住所").fill("温州市鹿城区")
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("基本账户开户银行").fill("中国银行温州分行")
        page.get_by_label("基本账户账号").fill("350012345678")
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("经办人姓名").fill("林小满")
        page.get_by_label("手机号码").fill("13800000000")
        page.get_by_label("电子邮箱").fill("lin@example.test")
        page.get_by_label("密码", exact=True).fill(people.PASSWORD)
        page.get_by_label("再输入一次密码").fill(people.PASSWORD)
        kit.assert_accessible(page)
        kit.shoot(page, "accounts-register")
        page.get_by_role("button", name="提交登记").click()
        assert Organisation.objects.get().name == "温州瓯江市政有限公司"

        page.get_by_label("用户名").fill("91330300MA2ABC1250")
        page.get_by_label("密码", exact=True).fill(people.PASSWORD)
        page.locator("main").get_by_role("button", name="登录").click()
        page.wait_for_url("**/my")

        page.goto(f"{live_server.url}/org/certificates")
        page.get_by_label("为证书文件设一个口令").fill(PASSPHRASE)
        with page.expect_download() as download:
            page.get_by_role("button", name="下载证书文件").click()
        file = tmp_path / "own.p12"
        download.value.save_as(file)
        page.get_by_label("证书文件（.p12）").set_input_files(file)
        page.get_by_label("证书口令").fill(PASSPHRASE)
        page.get_by_role("button", name="签名并登记").click()
        page.get_by_text("证书已登记").wait_for()
        assert Certificate.objects.get().person.name == "林小满"
        kit.assert_accessible(page)
        kit.shoot(page, "accounts-certificates")

        page.goto(f"{live_server.url}/my")
        page.get_by_role("button", name="退出登录").click()
        page.goto(f"{live_server.url}/login?by=certificate")
        kit.assert_accessible(page)
        loading = page.get_by_label("证书文件（.p12）")
        if loading.is_visible():  # else this browser still holds the key it loaded
            loading.set_input_files(file)
            page.get_by_label("证书口令").fill(PASSPHRASE)
        page.get_by_role("button", name="签名并登录").click()
        page.wait_for_url("**/my")
        faults.check()


PAGES = {
    None: {
        "login": "/login",
        "login-certificate": "/login?by=certificate",
        "register-firm": "/register/firm",
        "help": "/help",
        "help-codes": "/help/codes",
        "help-evidence": "/help/evidence",
        "accessibility": "/accessibility",
        "forgotten": "/password",
        "verify-paper": "/verify/paper",
    },
    people.sun: {
        "desk": "/my",
        "inbox": "/my/messages",
        "settings": "/my/settings",
        "second-factor": "/my/second-factor",
        "organisation": "/org",
        "users": "/org/users",
        "certificates": "/org/certificates",
    },
    people.admin: {
        "import": "/admin/people",
        "rooms": "/admin/rooms",
        "calendar": "/admin/calendar",
    },
    people.yang: {"booking": "/desk/booking", "hold": "/desk/booking/hold"},
}


class TestEveryPage:
    @pytest.mark.parametrize("who", PAGES, ids=lambda who: who.__name__ if who else "visitor")
    def test_is_accessible_and_fits_every_width(
        self, built, live_server, page, context, faults, who
    ):
        now = clock.now()
        sun = people.sun()
        messages.send(
            to=sun, kind="x", subject="招标文件有补遗", body="", level="act", link="", now=now
        )
        todo.add(to=sun, key="x", text="签署开标记录", link="/my", due_at=now, now=now)
        hall = Room.objects.create(centre=people.centre(), kind="OPENING", name="甲", seats=20)
        Booking.objects.create(
            room=hall,
            reference=uuid4(),
            purpose="hold",
            starts_at=now,
            ends_at=now + timedelta(hours=1),
            busy_until=now + timedelta(hours=1),
        )
        if who is not None:
            enter(context, live_server, who())
        for name, address in PAGES[who].items():
            page.goto(f"{live_server.url}{address}")
            for width in kit.WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                kit.assert_fits(page)
            page.set_viewport_size(kit.DESKTOP)
            kit.assert_accessible(page)
            kit.shoot(page, f"accounts-{name}")
        faults.check()
