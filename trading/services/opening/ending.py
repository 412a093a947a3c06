"""Sign the record and end the opening; then publish the evidence anybody can check."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.services import sealing_papers
from audit import selectors as log
from audit.models import Checkpoint, LogEntry
from audit.selectors.log import first_cosigned
from audit.services.keys import log_origin
from core.verdicts import Refusal
from sealing import canonical
from sealing import header as headers
from sealing.encoding import b64u
from sealing.envelope import form_evidence
from trading.documents.opening_record import render_record
from trading.events.opening import DocumentPublished, OpeningEnded
from trading.models import Bid, Notice, Opening, Share
from trading.policies.opening import may_sign_record
from trading.services import sealed_files
from trading.services.opening import record_sheet, shares
from trading.services.opening.state import enter, locked, move_lot, tell

SYSTEM = "system:clock"


def sign_record(
    *, lot_id: UUID, record_hash: str, signature: UUID, actor: str, now: datetime
) -> Opening:
    """Sign the record for the host's side and end the opening."""
    opening = locked(lot_id)
    may_sign_record(opening=opening).or_raise()
    if record_hash != opening.record_hash:
        raise Refusal("O-116")
    pdf = render_record(
        record_sheet.body(opening),
        category=opening.lot.tender.category,
        staff=opening.staff,
        signed_at=now,
    )
    opening.record_sha256 = hashlib.sha256(pdf).hexdigest()
    opening.record_pdf = default_storage.save(
        f"openings/{opening.record_sha256}.pdf", ContentFile(pdf)
    )
    sealing_papers.want(file=opening.record_pdf, content=pdf, now=now)
    opening.ended_at = now
    opening.save(update_fields=["record_sha256", "record_pdf", "ended_at"])
    enter(opening, "END", actor=actor, now=now)
    move_lot(opening.lot, "end")
    Notice.objects.create(
        tender=opening.lot.tender,
        lot=opening.lot,
        kind=Notice.Kind.OPENING,
        title=f"{opening.lot.tender.title} {opening.lot.title}",
        body={"record_sha256": opening.record_sha256, "signature": str(signature)},
        published_at=now,
        signature=signature,
        pdf=opening.record_pdf,
        pdf_sha256=opening.record_sha256,
    )
    tell(opening, OpeningEnded(record_sha256=opening.record_sha256), actor=actor, now=now)
    return opening


def publish_document(*, lot_id: UUID, now: datetime) -> bool:
    """Publish `opening-LOT.json` once every entry it proves stands in the log."""
    opening = Opening.objects.select_related("lot__tender__host_key").get(pk=lot_id)
    if opening.ended_at is None or opening.document is not None or opening.result_entry is None:
        return False
    entries = _entries(opening)
    if any(entry.tick_id is None for entry in entries.values()):
        return False  # the next tick of the log places them
    checkpoint = Checkpoint.objects.order_by("-size").first()
    newest = max(entry.tick_id for entry in entries.values() if entry.tick_id is not None)
    if checkpoint is None or checkpoint.size <= newest:
        return False
    document = _document(opening, entries, size=checkpoint.size, opened=_opened)
    with transaction.atomic():
        opening = locked(lot_id)
        if opening.document is not None:
            return False
        opening.document = document
        opening.document_checkpoint = checkpoint.note
        opening.save(update_fields=["document", "document_checkpoint"])
        tell(
            opening,
            DocumentPublished(sha256=hashlib.sha256(canonical.dumps(document)).hexdigest()),
            actor=SYSTEM,
            now=now,
        )
    return True


def _bids(opening: Opening) -> list[Bid]:
    return list(
        Bid.objects.filter(lot_id=opening.lot_id).select_related("line").order_by("received_at")
    )


def _entries(opening: Opening) -> dict[UUID, LogEntry]:
    ids = {opening.close_entry, opening.result_entry, opening.lot.tender.host_key.log_entry}
    for bid in _bids(opening):
        ids |= {bid.log_entry, bid.end_entry}
    ids |= set(
        Share.objects.filter(bid__lot_id=opening.lot_id, valid=True).values_list(
            "log_entry", flat=True
        )
    )
    return LogEntry.objects.in_bulk([entry for entry in ids if entry is not None])


def document_at(opening: Opening, *, size: int) -> dict[str, Any] | None:
    """Return the published evidence proven against another checkpoint; None if there is none.

    Whoever takes several openings home keeps one checkpoint for all of them.
    """
    if opening.document is None or not Checkpoint.objects.filter(size=size).exists():
        return None
    entries = _entries(opening)
    if any(entry.tick_id is None or entry.tick_id >= size for entry in entries.values()):
        return None
    known = {row["receive"]["entry"]["bid"]: row["opened"] for row in opening.document["bids"]}
    return _document(opening, entries, size=size, opened=lambda bid: known[str(bid.pk)])


def witnessed(opening: Opening) -> Checkpoint | None:
    """Return the first cosigned checkpoint that holds the published evidence; None without one."""
    proven = int(opening.document_checkpoint.split("\n")[1])
    return first_cosigned(size=proven)


def _document(
    opening: Opening,
    entries: dict[UUID, LogEntry],
    *,
    size: int,
    opened: Callable[[Bid], dict[str, Any] | None],
) -> dict[str, Any]:
    def logged(entry_id: UUID | None) -> dict[str, Any]:
        assert entry_id is not None
        proven = log.logged(entries[entry_id], size=size)
        assert proven is not None  # the caller saw every entry placed below this size
        return proven

    bids = _bids(opening)
    live = [bid for bid in bids if bid.state not in {"WITHDRAWN", "SUPERSEDED"}]
    gone = [bid for bid in bids if bid.state in {"WITHDRAWN", "SUPERSEDED"}]
    releases = Share.objects.filter(bid__lot_id=opening.lot_id, valid=True).order_by("at", "pk")
    return {
        "v": 1,
        "kind": "ggzy-opening",
        "origin": log_origin(),
        "tender": str(opening.lot.tender_id),
        "lot": str(opening.lot_id),
        "envelope": "single",
        "key": logged(opening.lot.tender.host_key.log_entry),
        "close": logged(opening.close_entry),
        "result": logged(opening.result_entry),
        "bids": [
            {
                "receive": logged(bid.log_entry),
                "header": b64u(bid.header.encode()),
                "outcome": _outcome(bid),
                "opened": opened(bid),
            }
            for bid in live
        ],
        "gone": [{"receive": logged(bid.log_entry), "end": logged(bid.end_entry)} for bid in gone],
        "releases": [logged(share.log_entry) for share in releases],
    }


def _outcome(bid: Bid) -> str:
    if hasattr(bid, "line"):
        return "opened"
    return "unreleased" if bid.state_code in {"NO_RELEASE", "WRONG_KEY"} else "invalid"


def _opened(bid: Bid) -> dict[str, Any] | None:
    """Give what proves the announced form: its key opens the form alone, never the package."""
    if not hasattr(bid, "line"):
        return None
    header = headers.parse(bid.header.encode())
    with sealed_files.opened(bid) as file:
        evidence = form_evidence(file, header=header, shares=shares.of(bid))
    return {
        "form": canonical.loads(evidence.form.dumps()),
        "form_ct": b64u(evidence.ciphertext),
        "form_key": b64u(evidence.key),
        "shares": None,
    }
