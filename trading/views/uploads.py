"""The tus 1.0 door for sealed bytes: create, ask how far, append, give up.

One protocol for browser and command line (https://tus.io/protocols/resumable-upload). Only the
owner sees an upload; after the deadline every piece is answered with 410.
"""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Role
from accounts.web import current, requires
from core import clock
from core.verdicts import Refusal
from trading.models import Upload
from trading.selectors.access import own_party
from trading.services import uploads

_TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
_STATUS = {"B-010": 410, "B-032": 410, "B-031": 409, "B-030": 413, "B-011": 409}


@requires(Role.BIDDER)
@require_http_methods(["OPTIONS", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Open an upload for the lot named in `Upload-Metadata`."""
    if request.method == "OPTIONS":
        return HttpResponse(
            status=204,
            headers={
                **_TUS,
                "Tus-Version": "1.0.0",
                "Tus-Extension": "creation,termination",
                "Tus-Max-Size": str(uploads.MAX_BYTES),
            },
        )
    try:
        lot_id = UUID(_metadata(request)["lot"])
        length = int(request.headers.get("Upload-Length", ""))
    except (KeyError, ValueError):
        return HttpResponse(status=400, headers=_TUS)
    now = clock.now()
    try:
        party = own_party(current(request), lot_id)
        upload = uploads.begin(party=party, lot=party.lot, length=length, now=now)
    except Refusal as refused:
        return _refused(refused)
    where = reverse("trading:upload", kwargs={"upload": upload.pk})
    return HttpResponse(status=201, headers={**_TUS, "Location": where, "Upload-Offset": "0"})


@requires(Role.BIDDER)
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def piece(request: HttpRequest, *, upload: UUID) -> HttpResponse:
    """Tell the offset, append a piece, or give the upload up."""
    found = _own_upload(request, upload)
    if request.method == "HEAD":
        return HttpResponse(
            status=200,
            headers={
                **_TUS,
                "Upload-Offset": str(found.offset),
                "Upload-Length": str(found.length),
            },
        )
    if request.method == "DELETE":
        uploads.give_up(upload_id=found.pk)
        return HttpResponse(status=204, headers=_TUS)
    if request.content_type != "application/offset+octet-stream":
        return HttpResponse(status=415, headers=_TUS)
    body = request.body
    if len(body) > uploads.MAX_PIECE:
        return HttpResponse(status=413, headers=_TUS)
    try:
        offset = uploads.append(
            upload_id=found.pk,
            offset=int(request.headers.get("Upload-Offset", "-1")),
            piece=body,
            now=clock.now(),
        )
    except Refusal as refused:
        return _refused(refused)
    return HttpResponse(status=204, headers={**_TUS, "Upload-Offset": str(offset)})


def _own_upload(request: HttpRequest, upload_id: UUID) -> Upload:
    found = Upload.objects.select_related("party").filter(pk=upload_id).first()
    if found is None:
        raise Http404
    try:
        party = own_party(current(request), found.party.lot_id)
    except Refusal:
        raise Http404 from None
    if party.pk != found.party_id:
        raise Http404
    return found


def _metadata(request: HttpRequest) -> dict[str, str]:
    pairs = (item.strip().split(" ", 1) for item in request.headers["Upload-Metadata"].split(","))
    try:
        return {
            key: base64.b64decode(value[0], validate=True).decode() if value else ""
            for key, *value in pairs
        }
    except binascii.Error:
        raise ValueError("metadata is not base64") from None


def _refused(refused: Refusal) -> HttpResponse:
    status = _STATUS.get(refused.reason.code, 409)
    return HttpResponse(status=status, headers={**_TUS, "Hengping-Refusal": refused.reason.code})
