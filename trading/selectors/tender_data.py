"""A tender as data: for its own side, and for everybody once published."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.events import json_value
from trading.models import DocumentSet, HostKey, Lot, Notice, Tender
from trading.selectors import browser_code
from trading.selectors.drafts import criteria_rows
from trading.services import publishing


def tender_data(tender: Tender, *, now: datetime) -> dict[str, Any]:
    """Return everything its own side may know, with what a draft still lacks."""
    key = HostKey.objects.filter(tender=tender).first()
    gaps = publishing.missing(tender, now=now) if tender.state == "DRAFT" else []
    return {
        **_head(tender),
        "host_key": {"kid": key.kid, "tested": key.tested_at is not None} if key else None,
        "browser_code": asdict(code) if (code := browser_code.current()) else None,
        "missing": [json_value(asdict(gap)) for gap in gaps],
        "lots": [
            {**_lot(lot), "state_code": lot.state_code, "criteria": criteria_rows(lot)}
            for lot in tender.lots.all()
        ],
        "enquiries": [
            {
                "id": str(row.pk),
                "text": row.text,
                "is_objection": row.is_objection,
                "asked_at": json_value(row.asked_at),
                "answer": row.answer or None,
            }
            for row in tender.enquiries.all()
        ],
    }


def notice_data(tender: Tender) -> dict[str, Any]:
    """Return a published tender for everybody: a bidder's client pins the host key from here."""
    key = tender.host_key
    return {
        **_head(tender),
        "host_key": {
            "kid": key.kid,
            "suite": key.suite,
            "public_key": key.public_key,
            "holders": [holder["name"] for holder in key.holders],
        },
        "browser_code": published_code(tender),
        "lots": [{**_lot(lot), "criteria": criteria_rows(lot)} for lot in tender.lots.all()],
        "documents": documents(tender),
    }


def published_code(tender: Tender) -> dict[str, str] | None:
    """Return the hashes of the browser's code that the notice was signed with."""
    body = tender.notices.values_list("body", flat=True).get(kind=Notice.Kind.TENDER)
    stated: dict[str, str] | None = body.get("browser_code")
    return stated


def issued_set(tender: Tender) -> DocumentSet | None:
    """Return the newest version that may be downloaded."""
    return tender.document_sets.filter(issued_at__isnull=False).order_by("-version").first()


def version_in_force(tender: Tender) -> int:
    """Return the newest version a bid can be built on; 1 while the first is not out yet."""
    newest = issued_set(tender)
    return newest.version if newest else 1


def documents(tender: Tender) -> list[dict[str, Any]]:
    """Return every issued file with its version and hash."""
    return [
        {
            "id": str(row.pk),
            "version": issued.version,
            "name": row.name,
            "size": row.size,
            "sha256": row.sha256,
        }
        for issued in tender.document_sets.filter(issued_at__isnull=False)
        for row in issued.documents.order_by("name", "pk")
    ]


def _head(tender: Tender) -> dict[str, Any]:
    issued = issued_set(tender)
    return {
        "id": str(tender.pk),
        "code": tender.code,
        "title": tender.title,
        "legal_track": tender.legal_track,
        "procedure": tender.procedure,
        "category": tender.category,
        "state": tender.state,
        "procuring_entity": tender.procuring_entity.name,
        "agency": tender.agency.name if tender.agency else None,
        "consortium_allowed": tender.consortium_allowed,
        "published_at": json_value(tender.published_at),
        "documents_issued_at": json_value(tender.documents_issued_at),
        "deadline_at": json_value(tender.deadline_at),
        "document_version": issued.version if issued else None,
    }


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "id": str(lot.pk),
        "number": lot.number,
        "code": lot.code,
        "title": lot.title,
        "state": lot.state,
        "deadline_at": json_value(lot.deadline_at),
        "opening_id": str(lot.opening_id),
        "estimate_fen": lot.estimate_fen,
        "ceiling_fen": lot.ceiling_fen,
        "bid_security_fen": lot.bid_security_fen,
        "price_formula": lot.price_formula,
    }
