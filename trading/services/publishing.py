"""Publish a tender: every check at once, then notice, documents, halls and demands together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import Person
from accounts.services import messages
from audit.services import record_all
from audit.services.log import enqueue
from bank_escrow.services import open_requirement
from core.events import DomainEvent, moment
from core.verdicts import Refusal
from core.zone import local_day
from sealing.entries import KeyPublished
from sealing.moments import spell
from trading.domain import lots as lot_rules
from trading.domain import timeline
from trading.domain.lifecycle import LOT, TENDER
from trading.events.tenders import DocumentsIssued, TenderPublished
from trading.models import DocumentSet, HostKey, Lot, Notice, Tender
from trading.selectors import browser_code
from trading.selectors.browser_code import BrowserCode
from trading.selectors.drafts import account_policy, lot_plan, plan_of
from trading.selectors.streams import tender_public
from trading.services.opening import setup
from venues import selectors as venues


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that stands between a draft and its notice."""

    code: str
    place: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def missing(tender: Tender, *, now: datetime) -> list[Missing]:
    """Return everything that is missing or unlawful, all at once."""
    found: list[Missing] = []
    plan = plan_of(tender, now=now)
    if plan is None:
        found.append(Missing(code="NO_TIMES"))
    else:
        found += [
            Missing(
                code=f"TIME_{finding.code}",
                facts={"article": finding.article, "earliest": finding.earliest},
            )
            for finding in timeline.check(plan)
            if not finding.ok
        ]
    lots = list(tender.lots.prefetch_related("criteria"))
    if not lots:
        found.append(Missing(code="NO_LOT"))
    for lot in lots:
        found += [
            Missing(
                code=f"LOT_{fault.code}",
                place=f"{lot.number}{fault.pointer}",
                facts={**fault.facts, "article": fault.article},
            )
            for fault in lot_rules.check(lot_plan(lot), on=local_day(now))
        ]
    if not tender.document_sets.get(version=1).documents.exists():
        found.append(Missing(code="NO_DOCUMENT"))
    key = HostKey.objects.filter(tender=tender).first()
    if key is None:
        found.append(Missing(code="NO_HOST_KEY"))
    elif key.tested_at is None:
        found.append(Missing(code="HOST_KEY_UNTESTED"))
    if not _room_stands(tender):
        found.append(Missing(code="NO_ROOM"))
    return found


def publish(
    *,
    tender: Tender,
    person: Person,
    signature: UUID,
    now: datetime,
    code: BrowserCode | None = None,
) -> Notice:
    """Publish; `T-030` names how much is missing, `missing` says what.

    `code` is what the publisher signed of the browser's code. Without it the notice says nothing
    of the code: a platform that was never built for browsers publishes all the same.
    """
    tender = (
        Tender.objects.select_for_update(of=("self",))
        .select_related("procuring_entity", "agency", "centre")
        .get(pk=tender.pk)
    )
    if tender.state != "DRAFT":
        raise Refusal("T-020")
    gaps = missing(tender, now=now)
    if gaps:
        raise Refusal("T-030", count=len(gaps), first=gaps[0].code, place=gaps[0].place)
    if code is not None and code != browser_code.current():
        raise Refusal("T-032")
    assert tender.documents_issued_at is not None
    assert tender.deadline_at is not None
    tender.state = TENDER.after(tender.state, "publish")
    tender.published_at = now
    tender.documents_issued_at = max(tender.documents_issued_at, now)
    tender.updated_at = now
    tender.save(update_fields=["state", "published_at", "documents_issued_at", "updated_at"])
    notice = Notice.objects.create(
        id=uuid4(),
        tender=tender,
        kind=Notice.Kind.TENDER,
        title=tender.title,
        body=notice_body(tender, code=code),
        published_at=now,
        signature=signature,
    )
    for lot in tender.lots.all():
        _open_lot(tender, lot, now=now)
    messages.keep_secret(matter=tender.pk, now=now)
    _log_key(tender, now=now)
    events: list[tuple[str, DomainEvent]] = [
        (
            tender_public(tender),
            TenderPublished(
                notice=notice.pk,
                deadline_at=moment(tender.deadline_at),
                host_kid=tender.host_key.kid,
            ),
        )
    ]
    record_all(events, actor=str(person.pk), now=now)
    if tender.documents_issued_at <= now:
        issue_documents(document_set=tender.document_sets.get(version=1), now=now)
    return notice


def due(*, now: datetime) -> list[UUID]:
    """Name the first versions whose time to be issued has come."""
    waiting = DocumentSet.objects.filter(
        version=1,
        issued_at__isnull=True,
        tender__state="PUBLISHED",
        tender__documents_issued_at__lte=now,
    )
    return list(waiting.values_list("pk", flat=True))


def issue(*, document_set_id: UUID, now: datetime) -> None:
    """Issue one version whose time has come."""
    with transaction.atomic():
        issue_documents(document_set=DocumentSet.objects.get(pk=document_set_id), now=now)


def issue_documents(*, document_set: DocumentSet, now: datetime) -> None:
    """Let a version be downloaded from now on; a version is issued once."""
    if not DocumentSet.objects.filter(pk=document_set.pk, issued_at__isnull=True).update(
        issued_at=now
    ):
        return
    names: Sequence[str] = [document.name for document in document_set.documents.all()]
    record_all(
        [
            (
                tender_public(document_set.tender),
                DocumentsIssued(version=document_set.version, files=names),
            )
        ],
        actor="system:clock",
        now=now,
    )


def notice_body(tender: Tender, *, code: BrowserCode | None) -> dict[str, Any]:
    """Return the notice's facts as they were at this moment; it never changes afterwards."""
    key = tender.host_key
    return {
        "code": tender.code,
        "legal_track": tender.legal_track,
        "procedure": tender.procedure,
        "category": tender.category,
        "title": tender.title,
        "description": tender.description,
        "qualification": tender.qualification,
        "procuring_entity": tender.procuring_entity.name,
        "agency": tender.agency.name if tender.agency else None,
        "consortium_allowed": tender.consortium_allowed,
        "published_at": moment(tender.published_at) if tender.published_at else None,
        "documents_issued_at": moment(tender.documents_issued_at)
        if tender.documents_issued_at
        else None,
        "deadline_at": moment(tender.deadline_at) if tender.deadline_at else None,
        "decrypt_minutes": tender.decrypt_minutes,
        "host_key": {
            "kid": key.kid,
            "suite": key.suite,
            "public_key": key.public_key,
            "holders": [
                {"name": holder["name"], "title": holder.get("title", "")} for holder in key.holders
            ],
        },
        "browser_code": asdict(code) if code else None,
        "lots": [
            {
                "id": str(lot.pk),
                "number": lot.number,
                "code": lot.code,
                "title": lot.title,
                "estimate_fen": lot.estimate_fen,
                "ceiling_fen": lot.ceiling_fen,
                "bid_security_fen": lot.bid_security_fen,
                "price_formula": lot.price_formula,
                "outlier_rule": lot.outlier_rule,
                "tie_rule": lot.tie_rule,
                "opening_id": str(lot.opening_id),
            }
            for lot in tender.lots.all()
        ],
        "documents": [
            {"name": document.name, "size": document.size, "sha256": document.sha256}
            for document in tender.document_sets.get(version=1).documents.all()
        ],
    }


def _open_lot(tender: Tender, lot: Lot, *, now: datetime) -> None:
    assert tender.deadline_at is not None
    lot.tender = tender
    lot.state = LOT.after(lot.state, "publish")
    lot.deadline_at = tender.deadline_at
    lot.save(update_fields=["state", "deadline_at"])
    setup.prepare(lot=lot)
    if lot.bid_security_fen:
        open_requirement(
            reference=lot.pk,
            amount_fen=lot.bid_security_fen,
            cutoff_at=tender.deadline_at,
            track=tender.legal_track,
            account_policy=account_policy(tender),
            now=now,
            title=lot.code,
            members_may_pay=tender.consortium_allowed,
            validity_days=tender.bid_validity_days,
        )


def _log_key(tender: Tender, *, now: datetime) -> None:
    said = KeyPublished(
        at=spell(now),
        tender=str(tender.pk),
        role="host",
        kid=tender.host_key.kid,
        public=tender.host_key.public_key,
        suite=tender.host_key.suite,
    )
    entry = enqueue(kind=said.kind, entry=said.body(), now=now)
    HostKey.objects.filter(pk=tender.host_key.pk).update(log_entry=entry.pk)


def _room_stands(tender: Tender) -> bool:
    if tender.opening_room is None:
        return False
    booking = venues.booking(tender.opening_room)
    return booking is not None and booking.starts_at == tender.deadline_at
