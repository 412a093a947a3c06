"""The tender's own side before the deadline: draft, key, room, notice, answers, suspension."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Centre
from config.demo_world import papers
from config.demo_world.cast import SUZHOU, WENZHOU, Cast, organisation
from config.demo_world.hands import Act
from config.demo_world.job import Job
from config.demo_world.plans import Plan, Stage
from config.demo_world.shelf import PASSPHRASE, Shelf, lay
from sealing import splitting, suites
from sealing.encoding import b64u, unb64u
from trading.models import Tender
from trading.selectors import browser_code
from trading.services import authoring, enquiries, host_keys, publishing, rooms, suspending

_HOLDERS = (("经办人", "招标人代表"), ("项目负责人", "项目主管"), ("单位印章管理员", "印章管理"))
_WORKS = (
    {"key": "tech", "title": "技术标", "max": "40", "kind": "judged"},
    {"key": "plan", "title": "施工组织设计", "max": "25", "step": "0.5", "kind": "judged",
     "part_of": "tech"},
    {"key": "safety", "title": "安全文明施工", "max": "15", "step": "0.5", "kind": "judged",
     "part_of": "tech"},
    {"key": "credit", "title": "企业信用", "max": "10", "kind": "objective"},
    {"key": "price", "title": "投标报价", "max": "50", "kind": "price"},
)  # fmt: skip
_GOODS = (
    {"key": "tech", "title": "技术响应", "max": "50", "kind": "judged"},
    {"key": "plan", "title": "技术参数与方案", "max": "30", "step": "0.5", "kind": "judged",
     "part_of": "tech"},
    {"key": "safety", "title": "售后与培训", "max": "20", "step": "0.5", "kind": "judged",
     "part_of": "tech"},
    {"key": "credit", "title": "同类业绩", "max": "10", "kind": "objective"},
    {"key": "price", "title": "投标报价", "max": "40", "kind": "price"},
)  # fmt: skip
_M1 = {"method": "m1", "weight": "50", "params": {"K": "0.97", "E1": "0.9", "E2": "0.6"}}
_LOWEST = {"method": "gov_lowest", "weight": "40", "params": {"small_deduction": "0.1"}}
_QUESTION = "招标文件第二章未写明踏勘现场的集合地点，请明确。"
_ANSWER = "不统一组织踏勘，投标人可自行前往，现场联系人见公告。"


def drafted(plan: Plan, *, cast: Cast, kept: Shelf, now: datetime) -> Job:
    """Begin the draft with its lot, criteria and documents."""
    author = cast[plan.host.username]
    tender = author.does(
        "trading:tender-new",
        lambda _: authoring.draft(
            centre=Centre.objects.get(code=SUZHOU),
            procuring_entity=organisation(plan.tenderer),
            agency=organisation(plan.agency) if plan.agency else None,
            person=author.person,
            facts=_facts(plan),
            now=now,
        ),
        fields={"title": plan.title, "legal_track": plan.track},
        now=now,
    )
    lot = author.does(
        "trading:lot-save",
        lambda _: authoring.save_lot(
            tender=tender,
            lot_id=None,
            facts=_lot_facts(plan),
            criteria=_WORKS if plan.track == "T" else _GOODS,
            person=author.person,
            now=now,
        ),
        args={"tender": tender.pk},
        fields={"number": "1", "title": plan.lot, "estimate_fen": plan.estimate_fen},
        now=now,
    )
    content = papers.documents(title=plan.title, track=plan.track)
    author.does(
        "trading:document-add",
        lambda _: authoring.add_document(
            tender=tender,
            file=SimpleUploadedFile("招标文件.pdf", content),
            person=author.person,
            now=now,
        ),
        args={"tender": tender.pk},
        now=now,
    )
    return Job(plan=plan, cast=cast, shelf=kept, tender_id=tender.pk, lot_id=lot.pk)


def course(job: Job) -> Generator[datetime, datetime, None]:
    """Make the key, book the room and publish; the goods draft is left without both."""
    plan, tender = job.plan, job.tender
    if plan.stage is Stage.DRAFT and plan.track == "G":
        return
    now = yield plan.drafted_at + timedelta(hours=1)
    _make_host_key(job, tender, now=now)
    job.host.does(
        "trading:room",
        lambda _: rooms.book(tender=tender, room_id=None, person=job.host.person, now=now),
        args={"tender": tender.pk},
        now=now,
    )
    if plan.stage is Stage.DRAFT:
        return
    now = yield plan.published_at
    code = browser_code.current()
    job.host.does(
        "trading:publish",
        lambda act: publishing.publish(
            tender=tender, person=job.host.person, signature=act.signature, code=code, now=now
        ),
        purpose="publish",
        args={"tender": tender.pk},
        fields=asdict(code) if code else {},
        now=now,
    )


def answer(job: Job, *, asker: str, now: datetime) -> Generator[datetime, datetime, None]:
    """Somebody asks about the documents; the answer goes to everybody."""
    who = job.cast[asker]
    found = who.does(
        "trading:ask",
        lambda _: enquiries.ask(
            tender=job.tender,
            organisation=who.firm,
            text=_QUESTION,
            is_objection=False,
            now=now,
        ),
        args={"tender": job.tender_id},
        fields={"text": _QUESTION},
        now=now,
    )
    now = yield now + timedelta(hours=20)
    job.host.does(
        "trading:answer-enquiry",
        lambda _: enquiries.answer(
            tender=job.tender,
            enquiry_id=found.pk,
            text=_ANSWER,
            person=job.host.person,
            now=now,
        ),
        args={"tender": job.tender_id, "enquiry": found.pk},
        fields={"answer": _ANSWER},
        now=now,
    )


def suspend(job: Job, *, now: datetime) -> None:
    """Stop the tender in the middle of its bidding time."""
    reason, clause = "管线迁改方案需要重新论证。", "招标文件第二章第 3.4 条"

    def stop(act: Act) -> object:
        return suspending.suspend(
            tender=job.tender,
            reason=reason,
            clause=clause,
            person=job.host.person,
            signature=act.signature,
            now=now,
        )

    job.host.does(
        "trading:suspend",
        stop,
        purpose="approve",
        args={"tender": job.tender_id},
        fields={"reason": reason, "clause": clause},
        now=now,
    )


def _facts(plan: Plan) -> dict[str, Any]:
    works = plan.track == "T"
    return {
        "legal_track": plan.track,
        "category": "works" if works else "goods",
        "title": plan.title,
        "description": f"{plan.title}，内容见招标文件。",
        "qualification": "具有市政公用工程施工总承包叁级及以上资质。"
        if works
        else "符合政府采购法第二十二条规定。",
        "host_site": SUZHOU,
        "guest_sites": [WENZHOU],
        # Long, so that a visitor who comes later in the day still finds the window open.
        "decrypt_minutes": 240 if plan.stage is Stage.DECRYPTING else 60,
        "documents_issued_at": plan.published_at,
        "deadline_at": plan.deadline_at,
    }


def _lot_facts(plan: Plan) -> dict[str, Any]:
    works = plan.track == "T"
    return {
        "number": "1",
        "title": plan.lot,
        "estimate_fen": plan.estimate_fen,
        "ceiling_fen": plan.estimate_fen,
        "bid_security_fen": plan.security_fen,
        "price_formula": _M1 if works else _LOWEST,
        "outlier_rule": {"drop_high": 1, "drop_low": 1, "from_members": 5} if works else None,
        "tie_rule": ["lower_price", "draw"],
        "candidates_count": 3,
        "max_lots_won": None,
    }


def _make_host_key(job: Job, tender: Tender, *, now: datetime) -> None:
    """Make the key, split it among three holders, and prove that it opens what is sealed to it."""
    host, key = job.host, job.host_key
    if job.plan.keeps_keys:
        files = splitting.split(key, passphrases=[PASSPHRASE] * 3, label=tender.code)
        for number, content in enumerate(files, start=1):
            lay(job.shelf.holder(job.plan.key, number), content)
    _, challenge = host.does(
        "trading:host-key",
        lambda _: host_keys.register(
            tender=tender,
            kid=key.kid,
            suite=key.suite.id,
            public_key=b64u(key.public),
            holders=[{"name": name, "title": title} for name, title in _HOLDERS],
            person=host.person,
            now=now,
        ),
        args={"tender": tender.pk},
        fields={"kid": key.kid, "suite": key.suite.id.value, "public_key": b64u(key.public)},
        now=now,
    )
    secret = key.unbox(unb64u(challenge.box), label=suites.HOST, ctxh=unb64u(challenge.context))
    host.does(
        "trading:host-key-test",
        lambda _: host_keys.answer(tender=tender, secret=b64u(secret), person=host.person, now=now),
        args={"tender": tender.pk},
        now=now,
    )
