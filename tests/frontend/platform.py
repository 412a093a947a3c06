"""A platform small enough for one lot: it takes what the page modules send and checks it in Python.

Its doors have the shapes of frontend/README.md. Cryptography is the product's own; only storage,
people and deadlines are left out.
"""

from __future__ import annotations

import hashlib
import json
import os
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from accounts.web.bodies import canonical_body
from sealing import digests, entries, header, keys, receipts, shares, suites
from sealing.checkpoint import LogKey
from sealing.encoding import b64u, unb64u
from sealing.header import Header
from sealing.moments import spell
from tests.frontend.certificates import verify
from tests.frontend.server import TYPES, Answer, Asked

ORIGIN = "ggzy.example/320500"
BASE = """{% extends "base.html" %}{% load hp %}{% block title %}page{% endblock %}
{% block scripts %}<script type="module" src="/static/build/seal.js"></script>{% endblock %}
{% block main %}{% include "parts/page_head.html" with title="平江片区市政道路改造" %}PART
{% endblock %}"""
PARTS = {
    "/key": """{% include "parts/opening_key.html" with lot=lot label="SZ-1" filename="SZ-1"
        suite=host.suite.id.value next_href="/build" %}""",
    "/build": """{% include "parts/bid_build.html" with lot=lot ceiling_fen=3860000000
        days_name="工期" maximum_days=360 form=form slots=slots go_href="/seal"
        suite=host.suite.id.value key_href="/key" %}""",
    "/seal": """{% include "parts/seal.html" with lot=lot host_kid=host.kid host_public=public
        host_suite=host.suite.id.value
        doc_version=2 deadline=deadline log_key=log_key begin_url="/begin" uploads_url="/uploads"
        finalise_url="/finalise" finalise_act="trading:bid-finalise" finalise_args=args
        receipts_url="/receipts/" ceiling_fen=3860000000 days_name="工期" maximum_days=360
        slots=slots build_url="/build" serials=serials certificates_href="/org/keys" %}""",
    "/release": """{% include "parts/release.html" with headers_url="/headers" url="/post/release"
        act="trading:hall-release" args=args %}""",
    "/host-key": """{% include "parts/host_key.html" with label="T-1" filename="T-1"
        holders=holders suites=suites register_url="/post/host-key"
        test_url="/post/host-test" %}""",
    "/host-test": """{% include "parts/host_test.html" with kid=host.kid
        test_url="/post/host-test" %}""",
    "/host-release": """{% include "parts/host_release.html" with kid=host.kid
        headers_url="/headers" url="/post/host-release" act="trading:hall-host-release"
        args=args %}""",
}
FORM = """<div class="field"><label for="id_price">投标报价（元）</label>
<input id="id_price" name="price" inputmode="decimal" data-hp="money"></div>
<div class="field"><label for="id_days">工期（天）</label>
<input id="id_days" name="duration_days"></div>
<div class="field"><label for="id_quality">质量</label>
<input id="id_quality" name="quality"></div>
<div class="field"><label for="id_manager">项目负责人</label>
<input id="id_manager" name="manager"></div>
<div class="field"><label for="id_small">小微企业</label>
<input type="checkbox" id="id_small" data-claim="small_business"></div>
<div class="field"><label for="id_safety">安全文明施工费（元）</label>
<input id="id_safety" data-extra="安全文明施工费"></div>"""


class Platform:
    """Answers the doors of one lot."""

    def __init__(self, *, host: keys.OpeningKey, deadline, now) -> None:
        self.host = host
        self.lot = str(uuid4())
        self.deadline = deadline
        self.now = now
        self.person = str(uuid4())
        self.party = str(uuid4())
        self.private = Ed25519PrivateKey.generate()
        self.log_key = LogKey.of(self.private, origin=ORIGIN)
        self.uploads: dict[str, bytearray] = {}
        self.lengths: dict[str, int] = {}
        self.sealed = b""
        self.header: Header | None = None
        self.released: dict[str, shares.Share] = {}
        self.registered: dict[str, object] = {}
        self.tested = 0
        self.secret = b""
        self.break_pieces: set[int] = set()
        self.pieces = 0
        self.closed = False
        self.commands: list[str] = []
        self.context: dict[str, str] = {}
        self.lie_about_the_bytes = False
        self.serials: str | None = None

    def __call__(self, asked: Asked) -> Answer | None:
        if asked.method == "GET" and asked.path in PARTS:
            return self._page(asked.path)
        if asked.path == "/begin":
            return self._begin()
        if asked.path.startswith("/uploads"):
            return self._upload(asked)
        if asked.path == "/finalise":
            return self._finalise(asked)
        if asked.path == "/headers":
            assert self.header is not None
            bid = {"ctx": self.header.context.body(), "header": b64u(self.header.json)}
            return _json({"bids": [bid]})
        if asked.path.startswith("/post/"):
            door = asked.path.removeprefix("/post/").replace("-", "_")
            answer: Answer = getattr(self, f"_{door}")(asked)
            return answer
        return None

    def _page(self, path: str) -> Answer:
        part = " ".join(PARTS[path].split())  # a tag stands on one line
        template = engines["django"].from_string(BASE.replace("PART", part))
        request = RequestFactory().get(path)
        user: Any = SimpleNamespace(is_authenticated=True, pk=self.person, name="张敏")
        request.user = user
        context = {
            "lot": self.lot,
            "host": self.host,
            "public": b64u(self.host.public),
            "deadline": self.deadline,
            "log_key": self.log_key.dumps(),
            "args": json.dumps({"lot": self.lot}),
            "form": engines["django"].from_string(FORM).render({}),
            "slots": [
                {"slot": "technical", "title": "技术标", "required": True, "hint": "PDF"},
                {"slot": "price", "title": "报价清单", "required": False, "hint": ""},
            ],
            "holders": ["王敏", "陈建国", "周岚"],
            "suites": [("1", "通用"), ("2", "抗量子"), ("GM-1", "国密算法演示")],
            "user": request.user,
            "serials": self.serials,
            "page": {"simulated": True},
        }
        return Answer(body=template.render(context).encode(), type=TYPES[".html"])

    def _begin(self) -> Answer:
        self.context = {
            "tender": "T-1",
            "lot": self.lot,
            "envelope": "single",
            "bidder": self.party,
            "bid": str(uuid4()),
            "deadline_id": "D-1",
        }
        reply = {"context": self.context, "bid": self.context["bid"], "doc_version": 2}
        return _json({**reply, "redirect": "/"})

    def _upload(self, asked: Asked) -> Answer:
        tus = {"Tus-Resumable": "1.0.0"}
        if self.closed and asked.method in {"POST", "PATCH"}:
            return Answer(status=410, headers=tus)
        if asked.method == "POST":
            assert "lot " in asked.headers["upload-metadata"]
            made = str(uuid4())
            self.uploads[made] = bytearray()
            self.lengths[made] = int(asked.headers["upload-length"])
            return Answer(status=201, headers={**tus, "Location": f"/uploads/{made}"})
        which = asked.path.rsplit("/", 1)[1]
        kept = self.uploads[which]
        if asked.method == "HEAD":
            told = {"Upload-Offset": str(len(kept)), "Upload-Length": str(self.lengths[which])}
            return Answer(headers={**tus, **told})
        self.pieces += 1
        if self.pieces in self.break_pieces:
            raise ConnectionAbortedError
        if int(asked.headers["upload-offset"]) != len(kept):
            return Answer(status=409, headers=tus)
        kept += asked.body
        return Answer(status=204, headers={**tus, "Upload-Offset": str(len(kept))})

    def _finalise(self, asked: Asked) -> Answer:
        request = self._signed(asked, act="trading:bid-finalise", purpose="submit")
        told = request.POST
        self.commands.append(told["command_id"])
        self.sealed = bytes(self.uploads[told["upload"]])
        sealed = BytesIO(self.sealed)
        self.header = header.read(sealed)
        header.check_size(self.header, len(self.sealed))
        assert self.header.context.body() == self.context
        assert told["bid"] == self.context["bid"]
        measured = digests.measure(sealed, header=self.header)
        assert told["ct_root"] == b64u(measured.ct_root)
        assert told["header_sha256"] == b64u(self.header.sha256)
        assert int(told["size"]) == measured.size
        root = b64u(bytes(32)) if self.lie_about_the_bytes else b64u(measured.ct_root)
        context = self.header.context
        entry = entries.BidReceived(
            at=spell(self.now),
            tender=context.tender,
            lot=context.lot,
            envelope=context.envelope,
            party=context.bidder,
            bid=context.bid,
            deadline_id=context.deadline_id,
            doc_version=2,
            ct_root=root,
            ct_sha256=b64u(measured.ct_sha256),
            ct_sm3=b64u(measured.ct_sm3),
            size=measured.size,
            header_sha256=b64u(self.header.sha256),
            form_ct_sha256=b64u(measured.form_ct_sha256),
            kc=b64u(self.header.commitment),
            signature_sha256=b64u(hashlib.sha256(unb64u(told["signature"])).digest()),
        )
        receipt = receipts.Receipt(
            issuer=ORIGIN,
            id=b64u(os.urandom(16)),
            issued_at=spell(self.now),
            entry=entry,
            salt=os.urandom(32),
        )
        token = receipts.sign(receipt, private=self.private)
        return _json({"bid": context.bid, "receipt": token, "receipt_id": receipt.id})

    def _release(self, asked: Asked) -> Answer:
        request = self._signed(asked, act="trading:hall-release", purpose="release")
        assert self.header is not None
        share = shares.Share(label="bidder", secret=unb64u(request.POST["share"], length=32))
        valid = shares.verify_share(self.header, share)
        if valid:
            self.released["bidder"] = share
        return _json({"valid": valid, "redirect": "/"})

    def _host_key(self, asked: Asked) -> Answer:
        told = _posted(asked).POST
        suite, public = suites.of(told["suite"]), unb64u(told["public_key"])
        assert suite.b64_kid(public) == told["kid"]
        self.registered = {**told.dict(), "holders": json.loads(told["holders"])}
        return self._challenge(public, suite)

    def _host_test(self, asked: Asked) -> Answer:
        told = _posted(asked).POST
        if "answer" not in told:
            return self._challenge(self.host.public, self.host.suite)
        assert unb64u(told["answer"]) == self.secret
        self.tested += 1
        return _json({"redirect": "/"})

    def _challenge(self, public: bytes, suite: suites.Suite) -> Answer:
        self.secret, context = os.urandom(32), os.urandom(32)
        box = suite.box(self.secret, public=public, label="host", ctxh=context)
        return _json({"challenge": {"box": b64u(box), "context": b64u(context)}})

    def _host_release(self, asked: Asked) -> Answer:
        act = "trading:hall-host-release"
        told = self._signed(asked, act=act, purpose="host-release").POST
        assert self.header is not None
        assert json.loads(told["unboxable"]) == []
        ((bid, secret),) = json.loads(told["shares"]).items()
        assert bid == self.header.context.bid
        share = shares.Share(label="host", secret=unb64u(secret, length=32))
        shares.check_share(self.header, share)
        self.released["host"] = share
        return _json({"redirect": "/"})

    def _signed(self, asked: Asked, *, act: str, purpose: str) -> HttpRequest:
        request = _posted(asked)
        match: Any = SimpleNamespace(view_name=act, kwargs={"lot": self.lot})
        request.resolver_match = match
        verify(
            purpose,
            canonical_body(request),
            signature=request.POST["signature"],
            pem=request.POST["certificate"],
        )
        return request


def _posted(asked: Asked) -> HttpRequest:
    return RequestFactory().generic(
        "POST", asked.path, asked.body, content_type=asked.headers["content-type"]
    )


def _json(body: object, status: int = 200) -> Answer:
    return Answer(body=json.dumps(body).encode(), status=status, type=TYPES[".json"])
