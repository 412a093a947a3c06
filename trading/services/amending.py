"""Change the documents of a published tender: new version, visible difference, perhaps new time.

An addendum inside the last fifteen days moves the deadline so that fifteen remain (TBL Art. 23,
GPR Art. 31), and the room and the bank's cut-off move with it, or nothing does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.web import cited
from audit.services import record
from bank_escrow.services import move_cutoff
from core.events import moment
from core.verdicts import Refusal
from trading.domain import timeline
from trading.events.tenders import TenderAmended
from trading.models import Amendment, DocumentSet, Notice, Tender
from trading.selectors.streams import tender_public
from trading.services.authoring import store_document
from trading.services.downloads import tell_takers
from trading.services.publishing import issue_documents
from venues.services import move as move_booking


def amend(
    *,
    tender: Tender,
    summary: str,
    content: Mapping[str, Any],
    quoted: Mapping[str, Any] | None = None,
    new_deadline_at: datetime | None,
    files: Sequence[UploadedFile[Any]],
    affects_preparation: bool,
    person: Person,
    signature: UUID,
    now: datetime,
) -> Amendment:
    """Publish an addendum; `T-050` names the earliest lawful deadline.

    `quoted` is what stood in clauses that are changed for the first time: the documents are files.
    """
    tender = Tender.objects.select_for_update().get(pk=tender.pk)
    lots = list(tender.lots.select_for_update().filter(state="SUBMISSION"))
    if tender.state != "PUBLISHED" or not lots:
        raise Refusal("T-052", state=tender.state)
    assert tender.deadline_at is not None
    if now >= tender.deadline_at:
        raise Refusal("T-054", deadline=tender.deadline_at)
    if not summary.strip():
        raise Refusal("T-053")
    deadline = new_deadline_at or tender.deadline_at
    if affects_preparation or deadline < tender.deadline_at:
        _leaves_time(tender, deadline, now)
    latest = tender.document_sets.order_by("-version").first()
    assert latest is not None  # a published tender has its first version
    made = DocumentSet.objects.create(
        id=uuid4(),
        tender=tender,
        version=latest.version + 1,
        content={**latest.content, **content},
    )
    for file in files:
        store_document(document_set=made, file=file)
    notice = Notice.objects.create(
        id=uuid4(),
        tender=tender,
        kind=Notice.Kind.AMENDMENT,
        title=tender.title,
        body={
            "summary": summary,
            "difference": _difference({**(quoted or {}), **latest.content}, made.content),
            "from_version": latest.version,
            "to_version": made.version,
            "old_deadline_at": moment(tender.deadline_at),
            "deadline_at": moment(deadline),
            "documents": [
                {"name": row.name, "size": row.size, "sha256": row.sha256}
                for row in made.documents.all()
            ],
        },
        published_at=now,
        signature=signature,
    )
    amendment = Amendment.objects.create(
        id=uuid4(),
        tender=tender,
        notice=notice,
        from_version=latest.version,
        to_version=made.version,
        summary=summary,
        affects_preparation=affects_preparation,
        old_deadline_at=tender.deadline_at,
        new_deadline_at=deadline if deadline != tender.deadline_at else None,
        at=now,
    )
    if deadline != tender.deadline_at:
        move_deadline(tender=tender, deadline_at=deadline, actor=str(person.pk), now=now)
    issue_documents(document_set=made, now=now)
    record(
        stream=tender_public(tender),
        event=TenderAmended(notice=notice.pk, version=made.version, deadline_at=moment(deadline)),
        actor=str(person.pk),
        now=now,
    )
    tell_takers(
        tender=tender,
        kind="tender.amended",
        subject=format_lazy(_("变更公告：{title}"), title=tender.title),
        body=summary,
        now=now,
    )
    return amendment


def move_deadline(*, tender: Tender, deadline_at: datetime, actor: str, now: datetime) -> None:
    """Move deadline, room and cut-off together; a refusal of any of them moves none."""
    if tender.opening_room is not None:
        try:
            move_booking(
                booking_id=tender.opening_room, starts_at=deadline_at, actor=actor, now=now
            )
        except Refusal:
            earliest = timeline.next_slot(deadline_at)
            raise Refusal("T-051", deadline=deadline_at, earliest=earliest) from None
    for lot in tender.lots.filter(state__in=["SUBMISSION", "SUSPENDED"]):
        if lot.bid_security_fen:
            move_cutoff(reference=lot.pk, cutoff_at=deadline_at, now=now)
        lot.deadline_at = deadline_at
        lot.save(update_fields=["deadline_at"])
    tender.deadline_at = deadline_at
    tender.updated_at = now
    tender.save(update_fields=["deadline_at", "updated_at"])


def _leaves_time(tender: Tender, deadline: datetime, now: datetime) -> None:
    finding = timeline.check_amendment(
        track=tender.legal_track,
        procedure=tender.procedure,
        amended_at=now,
        deadline_at=deadline,
    )
    if not finding.ok:
        raise Refusal(
            "T-050",
            days=finding.days,
            article=cited(finding.article),
            earliest=finding.earliest,
        )


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the clauses that differ, with what stood and what stands."""
    return [
        {"clause": clause, "old": old.get(clause), "new": new.get(clause)}
        for clause in sorted({*old, *new})
        if old.get(clause) != new.get(clause)
    ]
