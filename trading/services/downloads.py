"""Give out the documents, remember who took them, and tell all of them of every change.

Nobody has to join before downloading (EBM20 Art. 20 forbids hurdles), so a download is sealed by
firm, under the same key as parties.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise

from accounts.models import Organisation
from accounts.services import messages
from accounts.services.wording import in_both, said_in
from trading.models import Announcement, Document, Download, Lot, Tender
from trading.services import parties


def remember(*, document: Document, organisation: Organisation, now: datetime) -> None:
    """Note that a firm took a file."""
    row = Download(id=uuid4(), document=document, at=now)
    row.taker_sealed = parties.seal_note({"organisation": str(organisation.pk)}, bound_to=row.pk)
    row.blind = parties.blind_of(document.pk, organisation_id=organisation.pk)
    row.save(force_insert=True)


def taken(*, documents: Iterable[UUID], organisation_id: UUID) -> set[UUID]:
    """Return which of these files a firm has taken; reads its own rows only."""
    blinds = {parties.blind_of(one, organisation_id=organisation_id): one for one in documents}
    found = Download.objects.filter(blind__in=blinds).values_list("blind", flat=True)
    return {blinds[bytes(blind)] for blind in found}


def takers(tender: Tender) -> list[Organisation]:
    """Return every firm that took a document or joined a lot, each once, by name order of ids."""
    ids = {
        parties.open_note(bytes(row.taker_sealed), bound_to=row.pk)["organisation"]
        for row in Download.objects.filter(document__document_set__tender=tender)
    }
    for lot in Lot.objects.filter(tender=tender):
        ids |= {str(parties.identify(party).organisation) for party in parties.of_lot(lot)}
    return list(Organisation.objects.filter(pk__in=ids).order_by("pk"))


def tell_takers(
    *, tender: Tender, kind: str, subject: str | Promise, body: str, now: datetime
) -> None:
    """Let every firm that took the documents be told; each will see only its own message.

    The clock tells them: an act that took longer the more firms there are would tell the tender's
    side how many there are.
    """
    Announcement.objects.create(
        id=uuid4(),
        tender=tender,
        kind=kind,
        subject=said_in(settings.LANGUAGE_CODE, subject),
        body=body,
        subject_en=said_in("en", subject),
        at=now,
    )


def untold() -> list[UUID]:
    """Name what is announced and not told yet."""
    return list(Announcement.objects.filter(told_at__isnull=True).values_list("pk", flat=True))


def tell(*, announcement_id: UUID, now: datetime) -> None:
    """Send one announcement, whole or not at all; twice is once."""
    with transaction.atomic():
        waiting = Announcement.objects.select_related("tender").select_for_update(
            of=("self",), skip_locked=True
        )
        found = waiting.filter(pk=announcement_id, told_at__isnull=True).first()
        if found is not None:
            _tell(found)
            Announcement.objects.filter(pk=announcement_id).update(told_at=now)


def _tell(announced: Announcement) -> None:
    for firm in takers(announced.tender):
        messages.send(
            to=firm,
            kind=announced.kind,
            subject=in_both(announced.subject, announced.subject_en),
            body=announced.body,
            level="changed",
            link=f"/notices/{announced.tender_id}",
            now=announced.at,
            about=announced.tender_id,
        )
