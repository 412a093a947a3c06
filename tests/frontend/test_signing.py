"""What is signed in the browser is what the server reads: one body, one signature."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.template import engines
from django.test import RequestFactory

from accounts.web.bodies import canonical_body
from sealing import canonical
from tests.frontend import server
from tests.frontend.certificates import PIN, certificate, load, verify

pytestmark = pytest.mark.browser


class TestCertificateFiles:
    def test_open_with_their_pin_and_keep_their_key(self, twin, clock):
        (twin.folder / "zhang.p12").write_bytes(certificate(clock))
        found = twin.call("certificate", "/bench-files/zhang.p12", PIN)
        assert found["name"] == "张敏"
        assert found["organisation"] == "苏州恒筑建设集团有限公司"
        assert found["serial"] == "1234ABCD5678"
        assert found["extractable"] is False

    def test_stay_shut_under_a_wrong_pin(self, twin, clock):
        (twin.folder / "shut.p12").write_bytes(certificate(clock))
        with pytest.raises(Exception, match="A-291"):
            twin.call("certificate", "/bench-files/shut.p12", "000000")

    def test_of_another_curve_cannot_sign(self, twin, clock):
        (twin.folder / "other.p12").write_bytes(certificate(clock, curve=ec.SECP384R1()))
        with pytest.raises(Exception, match="A-292"):
            twin.call("certificate", "/bench-files/other.p12", PIN)

    def test_sign_what_python_verifies(self, twin, clock):
        (twin.folder / "sign.p12").write_bytes(certificate(clock))
        body = {"act": "trading:submit", "args": {"lot": "L-1"}, "fields": {"price": "¥ 3,366.36"}}
        made = twin.call("sign", "/bench-files/sign.p12", PIN, "submit", body)
        verify(
            "submit",
            canonical.dumps(body),
            signature=made["signature"],
            pem=made["certificate"],
        )


FORM = """{% load hp %}<form method="post" action="/act" enctype="multipart/form-data"
  data-sign="objection" data-act="trading:object" data-args='{"lot": "L-1"}' data-secret="password">
  {% command_id %}<input name="csrfmiddlewaretoken" value="t" type="hidden">
  <label>T <textarea name="text">first
second</textarea></label>
  <label>A <input type="checkbox" name="clause" value="3.2" checked></label>
  <label>B <input type="checkbox" name="clause" value="5.1" checked></label>
  <label>S <input name="single" value="唯一 &quot;quoted&quot;"></label>
  <label>P <input type="password" name="password" value="secret"></label>
  <label>F <input type="file" name="evidence" id="evidence"></label>
  <label>N <input type="file" name="nothing"></label>
  {% include "parts/sign_block.html" %}</form>"""
PAGE = """<!doctype html><html lang="zh-Hans"><head><title>form</title>
<script type="module" src="/static/build/site.js"></script>
<script type="module" src="/static/build/sign.js"></script></head>
<body data-person="{{ person }}" data-icons="/static/build/icons.svg" data-build="/static/build/"
  hx-headers='{"X-CSRFToken": "t"}'>%s<div data-hp="toasts"></div></body></html>"""


class Site:
    """A page with a signed form, and what arrives when it is sent."""

    def __init__(self) -> None:
        self.arrived: list[server.Asked] = []
        self.person = str(uuid4())

    def __call__(self, asked: server.Asked) -> server.Answer | None:
        if asked.path == "/act":
            self.arrived.append(asked)
            return server.Answer(status=204)
        if asked.path in {"/form", "/out"}:
            template = engines["django"].from_string(PAGE % FORM)
            person = self.person if asked.path == "/form" else ""
            return server.Answer(
                body=template.render({"person": person}).encode(), type=server.TYPES[".html"]
            )
        return None


def as_django(asked: server.Asked):
    """Read what arrived as the product would."""
    request = RequestFactory().generic(
        "POST", "/act", asked.body, content_type=asked.headers["content-type"]
    )
    match: Any = SimpleNamespace(view_name="trading:object", kwargs={"lot": "L-1"})
    request.resolver_match = match
    return request


@pytest.fixture
def site(built):
    answers = Site()
    with server.serving(folders=server.statics(built), answer=answers) as address:
        answers.address = address
        yield answers


class TestASignedForm:
    def test_carries_a_signature_over_what_the_server_reads(self, page, site, clock):
        page.goto(f"{site.address}/form")
        load(page, certificate(clock))
        evidence = {"name": '证 "据".pdf', "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
        page.set_input_files("#evidence", evidence)
        with page.expect_response("**/act"):
            page.click("button[type=submit]")
        request = as_django(site.arrived[0])
        body = canonical_body(request, secret={"password"})
        told = json.loads(body)
        assert told["fields"]["text"] == "first\r\nsecond"
        assert told["fields"]["clause"] == ["3.2", "5.1"]
        assert told["fields"]["evidence"]["size"] == 10
        assert told["fields"]["nothing"] == ""
        verify(
            "objection",
            body,
            signature=request.POST["signature"],
            pem=request.POST["certificate"].replace("\r\n", "\n"),
        )
        request.close()

    def test_never_sends_certificate_file_or_pin(self, page, site, clock):
        page.goto(f"{site.address}/form")
        file = certificate(clock)
        load(page, file)
        with page.expect_response("**/act"):
            page.click("button[type=submit]")
        sent = site.arrived[0].body
        assert PIN.encode() not in sent
        assert file[:200] not in sent

    def test_asks_for_the_certificate_once_a_session(self, page, site, clock):
        page.goto(f"{site.address}/form")
        load(page, certificate(clock))
        with page.expect_response("**/act"):
            page.click("button[type=submit]")
        page.goto(f"{site.address}/form")
        page.wait_for_selector("text=苏州恒筑建设集团有限公司 · 张敏")
        assert page.locator("[data-part=load]").is_hidden()
        with page.expect_response("**/act"):
            page.click("button[type=submit]")

    def test_forgets_the_certificate_when_nobody_is_signed_in(self, page, site, clock):
        page.goto(f"{site.address}/form")
        load(page, certificate(clock))
        with page.expect_response("**/act"):
            page.click("button[type=submit]")
        page.goto(f"{site.address}/out")
        page.wait_for_function(
            """async () => {
              const open = indexedDB.open("hengping", 1);
              const db = await new Promise(done => { open.onsuccess = () => done(open.result); });
              const ask = db.transaction("certificates").objectStore("certificates").count();
              return 0 === await new Promise(done => { ask.onsuccess = () => done(ask.result); });
            }"""
        )
        site.person = str(uuid4())
        page.goto(f"{site.address}/form")
        assert page.locator("[data-part=load]").is_visible()

    def test_is_not_sent_without_a_certificate(self, page, site):
        page.goto(f"{site.address}/form")
        page.click("button[type=submit]")
        page.wait_for_selector("text=请选择 .p12 证书并输入口令")
        assert site.arrived == []
