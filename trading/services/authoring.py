"""Begin and edit a draft: the tender, its lots and criteria, its times, its files."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.models import Centre, Organisation, Person
from audit.services import record
from core.events import DomainEvent
from core.identifiers import lot_code, platform_code, random_serial, tender_code
from core.verdicts import Refusal
from trading.events.tenders import TenderDrafted, TenderEdited
from trading.models import Criterion, Document, DocumentSet, Lot, Tender
from trading.selectors.streams import tender_staff

_DRAWS = 20


def draft(
    *,
    centre: Centre,
    procuring_entity: Organisation,
    agency: Organisation | None,
    person: Person,
    facts: Mapping[str, Any],
    now: datetime,
    predecessor: Tender | None = None,
) -> Tender:
    """Begin a tender; its code is drawn, so that it tells nothing about how many there are."""
    tender = _with_fresh_code(
        Tender(
            id=uuid4(),
            centre=centre,
            procuring_entity=procuring_entity,
            agency=agency,
            predecessor=predecessor,
            attempt_no=predecessor.attempt_no + 1 if predecessor else 1,
            created_by=person,
            created_at=now,
            updated_at=now,
            **facts,
        )
    )
    DocumentSet.objects.create(id=uuid4(), tender=tender, version=1)
    _tell(
        tender,
        TenderDrafted(code=tender.code, predecessor=predecessor.pk if predecessor else None),
        person,
        now,
    )
    return tender


def edit(*, tender: Tender, facts: Mapping[str, Any], person: Person, now: datetime) -> Tender:
    """Change fields of a draft."""
    tender = _draft_locked(tender.pk)
    for name, value in facts.items():
        setattr(tender, name, value)
    tender.updated_at = now
    tender.save(update_fields=[*facts, "updated_at"])
    _tell(tender, TenderEdited(fields=sorted(facts)), person, now)
    return tender


def save_lot(
    *,
    tender: Tender,
    lot_id: UUID | None,
    facts: Mapping[str, Any],
    criteria: Sequence[Mapping[str, Any]],
    person: Person,
    now: datetime,
) -> Lot:
    """Write a lot of a draft with its whole criteria tree."""
    tender = _draft_locked(tender.pk)
    namesakes = tender.lots.filter(number=facts["number"])
    if any(one.pk != lot_id for one in namesakes):
        raise Refusal("T-022", number=facts["number"])
    if lot_id is None:
        lot = Lot(id=uuid4(), tender=tender)
        lot.code = _free_code(tender)
    else:
        lot = tender.lots.get(pk=lot_id)
    for name, value in facts.items():
        setattr(lot, name, value)
    lot.save()
    lot.criteria.all().delete()
    made: dict[str, Criterion] = {}
    for place, row in enumerate(criteria):
        parent = row.get("part_of")
        made[row["key"]] = Criterion.objects.create(
            id=uuid4(),
            lot=lot,
            key=row["key"],
            place=place,
            title=row["title"],
            standard=row.get("standard", ""),
            clause=row.get("clause", ""),
            max=Decimal(str(row["max"])),
            step=Decimal(str(row["step"])) if row.get("step") else None,
            kind=row["kind"],
            part_of=made[parent] if parent else None,
        )
    _tell(tender, TenderEdited(fields=[f"lots/{lot.number}"]), person, now)
    return lot


def remove_lot(*, tender: Tender, lot_id: UUID, person: Person, now: datetime) -> None:
    """Take a lot out of a draft."""
    tender = _draft_locked(tender.pk)
    lot = tender.lots.get(pk=lot_id)
    lot.criteria.all().delete()
    lot.delete()
    _tell(tender, TenderEdited(fields=[f"lots/{lot.number}"]), person, now)


def add_document(
    *, tender: Tender, file: UploadedFile[Any], person: Person, now: datetime
) -> Document:
    """Add a file to the draft's documents, stored under its own hash."""
    tender = _draft_locked(tender.pk)
    document = store_document(document_set=tender.document_sets.get(version=1), file=file)
    _tell(tender, TenderEdited(fields=["documents"]), person, now)
    return document


def store_document(*, document_set: DocumentSet, file: UploadedFile[Any]) -> Document:
    """Write one file of a version."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    name = f"documents/{digest.hexdigest()}"
    if not default_storage.exists(name):
        default_storage.save(name, file)
    return Document.objects.create(
        id=uuid4(),
        document_set=document_set,
        name=file.name or "document",
        size=file.size or 0,
        sha256=digest.hexdigest(),
        file=name,
    )


def remove_document(*, tender: Tender, document_id: UUID, person: Person, now: datetime) -> None:
    """Take a file out of the draft's documents."""
    tender = _draft_locked(tender.pk)
    Document.objects.filter(pk=document_id, document_set__tender=tender).delete()
    _tell(tender, TenderEdited(fields=["documents"]), person, now)


def _with_fresh_code(tender: Tender) -> Tender:
    platform = platform_code(tender.centre_id)
    for _ in range(_DRAWS):
        tender.code = tender_code(platform, random_serial(secrets.randbelow))
        try:
            with transaction.atomic():
                tender.save(force_insert=True)
        except IntegrityError:
            continue
        return tender
    raise IntegrityError("no free tender code was found")


def _free_code(tender: Tender) -> str:
    """Return the first code no lot has; one that was taken out leaves its own behind."""
    taken = set(tender.lots.values_list("code", flat=True))
    return next(code for n in count(1) if (code := lot_code(tender.code, n)) not in taken)


def _draft_locked(tender_id: UUID) -> Tender:
    tender = Tender.objects.select_for_update().get(pk=tender_id)
    if tender.state != "DRAFT":
        raise Refusal("T-020")
    return tender


def _tell(tender: Tender, event: DomainEvent, person: Person, now: datetime) -> None:
    record(stream=tender_staff(tender), event=event, actor=str(person.pk), now=now)
