"""Give out the documents, remember who took them, and tell all of them of every change.

Nobody has to join before downloading (EBM20 Art. 20 forbids hurdles), so a download is sealed by
firm, under the same key as parties.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.functional import Promise

from accounts.models import Organisation
from accounts.services import messages
from trading.models import Document, Download, Lot, Tender
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
    """Send a message to every firm that took the documents; each sees only its own.

    The rows of messages are sealed too: who took the documents is a secret of the database.
    """
    for firm in takers(tender):
        messages.send(
            to=firm,
            kind=kind,
            subject=subject,
            body=body,
            level="changed",
            link=f"/notices/{tender.pk}",
            now=now,
            about=tender.pk,
        )
