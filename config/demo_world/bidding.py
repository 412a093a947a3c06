"""A bidder before the deadline: join, take the documents, pay, seal, upload, submit."""

from __future__ import annotations

import io
from collections.abc import Generator
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import uuid4

from config.demo_world import papers, payers
from config.demo_world.cast import Firm
from config.demo_world.hands import Act
from config.demo_world.job import Job
from config.demo_world.shelf import PASSPHRASE, lay
from sealing import keys
from sealing.encoding import b64u
from sealing.envelope import Recipients, seal
from sealing.form import Form
from sealing.header import Context
from sealing.package import PackedFile
from trading.models import Document, Submission
from trading.selectors.sealing import context_of
from trading.services import downloads, joining, parties, securities, submission, uploads

_PIECE = 1_048_576
_MANAGERS = ("赵立", "钱程", "孙勤", "李然", "周正")


def join(job: Job, firm: Firm, *, now: datetime) -> None:
    """Take part and take the documents."""
    who = job.cast[firm.username]
    (party,) = who.does(
        "trading:join",
        lambda _: joining.join(
            lots=[job.lot],
            organisation=who.firm,
            person=who.person,
            contact=who.person.name,
            phone="13900000000",
            members=(),
            now=now,
        ),
        args={"tender": job.tender_id},
        fields={"lots": job.lot_id},
        now=now,
    )
    job.parties[firm.username] = party.pk
    for document in Document.objects.filter(document_set__tender=job.tender_id):
        downloads.remember(document=document, organisation=who.firm, now=now)


def pay(job: Job, firm: Firm, *, now: datetime) -> None:
    """Ask for the account and pay the bid security into it."""
    if not job.plan.security_fen or not payers.is_connected():
        return
    who = job.cast[firm.username]
    account = who.does(
        "trading:bid-deposit",
        lambda _: securities.issue(party=job.party(firm.username), now=now),
        args={"lot": job.lot_id},
        fields={"form": "transfer"},
        now=now,
    )
    payers.pay(
        firm=who.firm,
        account=account,
        amount_fen=job.plan.security_fen,
        transfer=f"{job.plan.key}-{firm.username}",
    )


def deliver(job: Job, firm: Firm, *, price_fen: int, now: datetime) -> None:
    """Seal the bid on the bidder's side and hand it in."""
    who, party = job.cast[firm.username], job.party(firm.username)
    key = keys.generate(suite=job.host_key.suite)
    job.opening_keys[firm.username] = key
    if job.plan.keeps_keys:
        wrapped = keys.wrap(key, passphrase=PASSPHRASE, label=job.lot.code)
        lay(job.shelf.opening_key(job.plan.key, firm.username), wrapped)
    bid, sink = uuid4(), io.BytesIO()
    made = seal(
        Context(**context_of(party, bid=bid)),
        recipients=Recipients(
            bidder=key.public, host=job.host_key.public, suite=job.host_key.suite
        ),
        form=_form(job, firm, price_fen=price_fen),
        files=[
            PackedFile(
                name=f"{title}.pdf", part=part, content=papers.bid_file(firm=firm.name, part=part)
            )
            for title, part in (("技术标", "technical"), ("商务标", "commercial"))
        ],
        sink=sink,
    )
    content = sink.getvalue()
    upload = uploads.begin(party=party, lot=party.lot, length=len(content), now=now)
    for offset in range(0, len(content), _PIECE):
        piece = content[offset : offset + _PIECE]
        uploads.append(upload_id=upload.pk, offset=offset, piece=piece, now=now)
    claim = submission.Claim(
        bid=bid,
        upload=upload.pk,
        ct_root=b64u(made.ct_root),
        size=len(content),
        header_sha256=b64u(made.header.sha256),
    )

    def hand_in(act: Act) -> Submission:
        return submission.receive(
            party=party,
            claim=claim,
            command=act.id,
            actor=parties.hand_of(party, person_id=who.person.pk),
            signature=act.signature,
            signature_sha256=act.signature_sha256,
            received_at=now,
        )

    taken = who.does(
        "trading:bid-finalise",
        hand_in,
        purpose="submit",
        args={"lot": job.lot_id},
        fields=asdict(claim),
        now=now,
    )
    submission.settle(submission_id=taken.pk, now=now)


def course(job: Job) -> Generator[datetime, datetime, None]:
    """All bidders of the plan, one after the other."""
    plan = job.plan
    for number, (firm, price_fen) in enumerate(plan.prices_fen):
        now = yield plan.published_at + timedelta(hours=3 + 20 * number)
        join(job, firm, now=now)
        now = yield now + timedelta(hours=2)
        pay(job, firm, now=now)
        now = yield now + timedelta(hours=22, minutes=7 * number)
        deliver(job, firm, price_fen=price_fen, now=now)


def _form(job: Job, firm: Firm, *, price_fen: int) -> Form:
    return Form(
        lot=str(job.lot_id),
        doc_version=1,
        price_fen=price_fen,
        duration_days=180 if job.plan.track == "T" else 45,
        quality="合格",
        manager=_MANAGERS[firm.number % len(_MANAGERS)],
        claims={"small_business": True} if firm.small else {},
        extra=(),
    )
