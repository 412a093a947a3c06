"""Signing in by certificate in a real browser, and what a session that ended in a form keeps."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests import people, worlds
from tests.browser.clerk import _own_folders, authority, built, clerk, looked_at
from trading.models import Enquiry

__all__ = ["_own_folders", "authority", "built", "clerk"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKED = "管线迁改是否包含在报价内？\n请明确计量规则。"


@pytest.fixture
def questions(clock, db):
    """The address of a bidder's questions on a published tender."""
    clock.set(worlds.DRAFTED)
    world = worlds.published()
    worlds.joined(world, people.sun())
    return f"/bids/{world.lot.pk}/questions"


def ended(page):
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


class TestASessionThatEnded:
    def test_loses_no_word_of_a_form(self, clerk, questions):
        sun = clerk(people.sun())
        page = sun.go(questions)
        page.fill("textarea[name=text]", ASKED)
        page.get_by_label("作为对招标文件的异议提出").check()
        ended(page)
        sun.press("送出提问")
        page.get_by_role("navigation", name="登录方式").get_by_role("link", name="证书").click()
        looked_at(page, "login-certificate")
        sun.sign("accounts:login-certificate", "签名并登录")
        expect(page).to_have_url(f"{sun.address}{questions}")
        expect(page.get_by_text("您填写的内容已恢复")).to_be_visible()
        expect(page.locator("textarea[name=text]")).to_have_value(ASKED)
        expect(page.get_by_label("作为对招标文件的异议提出")).to_be_checked()
        sun.press("送出提问")
        sun.told("提问已送出，答复将公开，不显示提问人")
        assert Enquiry.objects.get().is_objection
        expect(page.locator("textarea[name=text]")).to_have_value("")

    def test_gives_nothing_to_whoever_signs_in_next(self, clerk, questions):
        sun = clerk(people.sun())
        page = sun.go(questions)
        page.fill("textarea[name=text]", ASKED)
        ended(page)
        sun.press("送出提问")
        page.wait_for_url("**/login?next=*")
        sun.faults.expect("409")  # the other firm takes no part in this lot
        sun.person = people.li()
        sun.back(questions)
        assert page.evaluate("sessionStorage.getItem('hp-kept')") is None
        sun.person = people.sun()
        sun.back(questions)
        expect(page.locator("textarea[name=text]")).to_have_value("")
