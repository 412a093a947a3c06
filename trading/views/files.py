"""Files for reading: tender documents, opening records, award notices, receipts."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.selectors import paper
from accounts.web import current, public, requires
from core import clock
from sealing import canonical
from trading.documents.tender_notice import render_tender_notice
from trading.models import Award, Document, Notice, Opening
from trading.selectors.access import published_tender
from trading.services import downloads


@requires(Role.BIDDER, Role.TENDERER, Role.AGENCY, Role.SUPERVISOR)
@require_GET
def document(request: HttpRequest, *, document: UUID) -> FileResponse:
    """A tender document; a bidder's download is remembered, sealed."""
    found = (
        Document.objects.select_related("document_set__tender")
        .filter(pk=document, document_set__issued_at__isnull=False)
        .first()
    )
    if found is None:
        raise Http404
    who = current(request)
    if who.has(Role.BIDDER) and who.organisation is not None:
        downloads.remember(document=found, organisation=who.organisation, now=clock.now())
    return _file(found.file, found.name)


@public
@require_GET
def tender_notice(request: HttpRequest, *, tender: UUID) -> HttpResponse:
    """The tender notice as it was published."""
    del request
    found = published_tender(tender)
    notice = found.notices.get(kind=Notice.Kind.TENDER)
    digest = hashlib.sha256(canonical.dumps(notice.body)).hexdigest()
    pdf = render_tender_notice(notice.body, sha256=digest, at=notice.published_at)
    name = f'attachment; filename="notice-{found.code}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


@public
@require_GET
def opening_record(request: HttpRequest, *, lot: UUID) -> FileResponse:
    """The signed opening record, under the platform's seal once it is set."""
    del request
    opening = Opening.objects.select_related("lot").filter(pk=lot).exclude(record_pdf="").first()
    if opening is None:
        raise Http404
    return _file(paper(opening.record_pdf).file, f"opening-record-{opening.lot.code}.pdf")


@public
@require_GET
def award_notice(request: HttpRequest, *, lot: UUID) -> FileResponse:
    """The award notice, once winner and losers were told; sealed as the record is."""
    del request
    award = Award.objects.select_related("lot").filter(lot=lot).exclude(notice_pdf="").first()
    if award is None:
        raise Http404
    return _file(paper(award.notice_pdf).file, f"award-notice-{award.lot.code}.pdf")


def _file(name: str, shown: str) -> FileResponse:
    response = FileResponse(default_storage.open(name, "rb"), as_attachment=True, filename=shown)
    # What somebody uploaded never runs in our origin.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
