"""Take in a sealed bid: first the instant it arrived, then the checks, then the receipt.

The two steps are two transactions. `receive` commits `received_at` before anything is looked at,
so that a bid which arrived in time counts even when its checking ends after the deadline or the
process dies in between; `settle` may be run by anybody, any number of times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from audit.services import record_all
from audit.services.log import enqueue
from core.events import DomainEvent
from core.verdicts import Refusal
from sealing import header as sealed_header
from sealing.errors import Code, SealingError
from sealing.moments import spell
from trading.events.bids import BidReceived, BidSuperseded, SubmissionRefused
from trading.models import Bid, Lot, Party, Submission, Upload
from trading.selectors.sealing import ENVELOPE
from trading.selectors.streams import party_stream
from trading.services import receipts, sealed_files, uploads

_REFUSALS = {
    Code.NOT_ENCRYPTED: "B-021",
    Code.WRONG_CONTEXT: "B-023",
    Code.WRONG_KEY: "B-023",
    Code.UNKNOWN_SUITE: "B-023",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the bidder says and signs of the file it submits."""

    bid: UUID
    upload: UUID
    ct_root: str
    size: int
    header_sha256: str
    #: The version of the documents the form inside was written for; nobody can see it before.
    doc_version: int | None = None


def receive(
    *,
    party: Party,
    claim: Claim,
    command: UUID,
    actor: str,
    signature: UUID,
    signature_sha256: str,
    received_at: datetime,
) -> Submission:
    """Write the intent row; the same command returns the row it made before.

    The lot is share-locked: the close takes the same row for update, so no intent appears behind
    a close that already counted. An intent that was stamped in time but found the lot closed is
    kept and refused as the platform's fault, never as the bidder's.
    """
    with transaction.atomic():
        lot = _share_locked(party.lot_id)
        known = Submission.objects.filter(command=command).first()
        if known is not None:
            return known
        current = _document_version(lot, received_at)
        # An older version is the bidder's own affair, and stands in the receipt.
        built_on = claim.doc_version or current
        if built_on > current:
            raise Refusal("B-029", sealed=built_on, current=current)
        upload = _whole_upload(party, claim)
        submission = Submission(
            id=uuid4(),
            party=party,
            upload=upload,
            command=command,
            received_at=received_at,
            signature=signature,
            claims={
                "bid": str(claim.bid),
                "ct_root": claim.ct_root,
                "size": claim.size,
                "header_sha256": claim.header_sha256,
                "doc_version": built_on,
                "signature_sha256": signature_sha256,
                "actor": actor,
            },
        )
        submission.save(force_insert=True)
        code, cause = _too_late(lot, received_at)
        if code:
            _refuse(submission, code=code, cause=cause, now=received_at)
    return submission


def settle(*, submission_id: UUID, now: datetime) -> Submission:
    """Check the file and accept or refuse it; a settled submission is returned as it is."""
    submission = Submission.objects.select_related("upload", "party__lot__tender__host_key").get(
        pk=submission_id
    )
    if submission.state != "RECEIVED":
        return submission
    # Hashing and keeping two gigabytes takes seconds; it happens before any lock is taken.
    facts, file, code, cause = _examine(submission)
    while older := _unsettled_before(submission):
        settle(submission_id=older, now=now)
    with transaction.atomic():
        # One party's submissions settle one after the other, in the order they arrived.
        Party.objects.select_for_update().get(pk=submission.party_id)
        submission = (
            Submission.objects.select_for_update(of=("self",))
            .select_related("upload", "party__lot__tender__host_key")
            .get(pk=submission_id)
        )
        if submission.state != "RECEIVED":
            return submission
        if facts is None:
            _refuse(submission, code=code, cause=cause, now=now)
        elif reason := _contradiction(submission, facts):
            _refuse(submission, code=reason, cause="CLAIM", now=now)
        else:
            _accept(submission, facts, file, now=now)
    uploads.discard(submission.upload)
    return submission


def refusal_of(submission: Submission) -> Refusal:
    """Say again why a submission was refused, with its facts."""
    lot = submission.party.lot
    return Refusal(
        submission.code,
        received=submission.received_at,
        deadline=lot.deadline_at,
        cause=submission.claims.get("cause", ""),
    )


def _share_locked(lot_id: UUID) -> Lot:
    """Keep the lot's close away without making the bids of one lot wait for each other."""
    return Lot.objects.raw("SELECT * FROM trading_lot WHERE id = %s FOR SHARE", [lot_id])[0]


def _whole_upload(party: Party, claim: Claim) -> Upload:
    """Return the party's upload if it is whole and not yet used up by another submission.

    Its pieces are deleted once a submission has settled; a second one on the same upload would
    find nothing, never settle, and keep the whole lot from closing.
    """
    upload = Upload.objects.select_for_update().filter(pk=claim.upload, party=party).first()
    if upload is None:
        raise Refusal("B-025", offset=0, length=claim.size)
    if not upload.file or upload.submissions.exclude(code="B-011").exists():
        raise Refusal("B-026")
    if upload.offset != upload.length or upload.length != claim.size:
        raise Refusal("B-025", offset=upload.offset, length=upload.length)
    return upload


def _too_late(lot: Lot, received_at: datetime) -> tuple[str, str]:
    if lot.state == "SUSPENDED":
        return "B-011", "SUSPENDED"
    if lot.deadline_at is None or received_at >= lot.deadline_at:
        return "B-020", "LATE"
    if lot.state != "SUBMISSION":
        return "B-027", "PLATFORM_LATE"
    return "", ""


def _unsettled_before(submission: Submission) -> UUID | None:
    return (
        Submission.objects.filter(
            party_id=submission.party_id,
            state="RECEIVED",
            received_at__lt=submission.received_at,
        )
        .order_by("received_at")
        .values_list("pk", flat=True)
        .first()
    )


def _examine(submission: Submission) -> tuple[sealed_files.Facts | None, str, str, str]:
    """Return what the file says and where it is kept, or the refusal's code and cause."""
    try:
        facts = sealed_files.examine(uploads.pieces(submission.upload), submission.upload.length)
        sealed_header.check(facts.header, _expected(submission))
        file = sealed_files.keep(uploads.pieces(submission.upload), facts)
    except SealingError as error:
        return None, "", _REFUSALS.get(error.code, "B-022"), error.code.value
    except FileNotFoundError:
        # Either somebody else settled it just now, which is seen under the lock, or the platform
        # lost the bytes: then it is the platform's fault, and the lot must not wait for ever.
        return None, "", "B-028", "PLATFORM_LOST"
    return facts, file, "", ""


def _expected(submission: Submission) -> sealed_header.Expected:
    party = submission.party
    lot = party.lot
    return sealed_header.Expected(
        tender=str(lot.tender_id),
        lot=str(lot.pk),
        envelope=ENVELOPE,
        bidder=str(party.pk),
        bid=submission.claims["bid"],
        deadline_id=str(lot.opening_id),
        host_kid=lot.tender.host_key.kid,
        suite=lot.tender.host_key.algorithms.id,
    )


def _contradiction(submission: Submission, facts: sealed_files.Facts) -> str:
    claims = submission.claims
    if (claims["ct_root"], claims["header_sha256"], claims["size"]) != (
        facts.ct_root,
        facts.header_sha256,
        facts.size,
    ):
        return "B-024"
    if Bid.objects.filter(pk=UUID(claims["bid"])).exists():
        return "B-026"
    return ""


def _accept(submission: Submission, facts: sealed_files.Facts, file: str, *, now: datetime) -> None:
    party = submission.party
    lot = party.lot
    other = Bid.objects.select_for_update().filter(party=party, state="SEALED").first()
    # An intent may be committed after a later one has settled; the later arrival stays the bid.
    outrun = other is not None and other.received_at > submission.received_at
    doc_version = submission.claims["doc_version"]
    entry_body: dict[str, Any] = {
        "v": 1,
        "kind": "bid.receive",
        "tender": str(lot.tender_id),
        "at": spell(submission.received_at),
        "lot": str(lot.pk),
        "envelope": ENVELOPE,
        "party": str(party.pk),
        "bid": submission.claims["bid"],
        "deadline_id": str(lot.opening_id),
        "doc_version": doc_version,
        "ct_root": facts.ct_root,
        "ct_sha256": facts.ct_sha256,
        "ct_sm3": facts.ct_sm3,
        "size": facts.size,
        "header_sha256": facts.header_sha256,
        "form_ct_sha256": facts.form_ct_sha256,
        "kc": facts.kc,
        "signature_sha256": submission.claims["signature_sha256"],
    }
    entry = enqueue(kind="bid.receive", entry=entry_body, now=now)
    receipt_id, receipt = receipts.issue(entry=entry, now=now)
    if other is not None and not outrun:
        Bid.objects.filter(pk=other.pk).update(state="SUPERSEDED", ended_at=now)
    bid = Bid.objects.create(
        id=UUID(submission.claims["bid"]),
        state="SUPERSEDED" if outrun else "SEALED",
        ended_at=now if outrun else None,
        lot=lot,
        party=party,
        submission=submission,
        received_at=submission.received_at,
        file=file,
        size=facts.size,
        header=facts.header.json.decode(),
        header_sha256=facts.header_sha256,
        kc=facts.kc,
        bidder_kid=facts.header.share("bidder").kid,
        ct_root=facts.ct_root,
        ct_sha256=facts.ct_sha256,
        ct_sm3=facts.ct_sm3,
        doc_version=doc_version,
        receipt_id=receipt_id,
        receipt=receipt,
        log_entry=entry.pk,
        signature=submission.signature,
    )
    events: list[DomainEvent] = [
        BidReceived(
            bid=bid.pk,
            receipt=receipt_id,
            received_at=spell(bid.received_at),
            size=bid.size,
            ct_root=bid.ct_root,
        )
    ]
    if other is not None:
        old, new = (bid, other) if outrun else (other, bid)
        events.append(_supersede(old, new, at=submission.received_at, now=now))
    submission.state = "ACCEPTED"
    submission.settled_at = now
    submission.save(update_fields=["state", "settled_at"])
    stream = party_stream(party)
    record_all([(stream, event) for event in events], actor=submission.claims["actor"], now=now)
    receipts.tell(bid, now=now)


def _supersede(old: Bid, new: Bid, *, at: datetime, now: datetime) -> BidSuperseded:
    """Log that one bid of a party took the place of another."""
    ending = enqueue(
        kind="bid.supersede",
        entry={
            "v": 1,
            "kind": "bid.supersede",
            "tender": str(old.lot.tender_id),
            "at": spell(at),
            "lot": str(old.lot_id),
            "envelope": ENVELOPE,
            "party": str(old.party_id),
            "old": sealed_files.leaf(old.log_entry),
            "new": sealed_files.leaf(new.log_entry),
        },
        now=now,
    )
    Bid.objects.filter(pk=old.pk).update(end_entry=ending.pk)
    return BidSuperseded(bid=old.pk, by=new.pk)


def _refuse(submission: Submission, *, code: str, cause: str, now: datetime) -> None:
    submission.state = "REFUSED"
    submission.code = code
    submission.claims = {**submission.claims, "cause": cause}
    submission.settled_at = now
    submission.save(update_fields=["state", "code", "claims", "settled_at"])
    record_all(
        [
            (
                party_stream(submission.party),
                SubmissionRefused(
                    submission=submission.pk,
                    received_at=spell(submission.received_at),
                    code=code,
                    cause=cause,
                ),
            )
        ],
        actor=submission.claims["actor"],
        now=now,
    )


def _document_version(lot: Lot, at: datetime) -> int:
    latest = (
        lot.tender.document_sets.filter(issued_at__lte=at)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    return latest or 1
