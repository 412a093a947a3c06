"""JSON for programs: what a tender, a notice and a bidder's own part look like from outside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import current, public, requires
from core import clock
from sealing import header as headers
from sealing.encoding import b64u
from trading.models import Bid, Opening
from trading.selectors.access import (
    opening_to_host,
    own_party,
    published_tender,
    tender_of_side,
)
from trading.selectors.own_bids import own_part
from trading.selectors.tender_data import notice_data, tender_data
from trading.services.opening import ending


@requires(Role.TENDERER, Role.AGENCY)
@require_GET
def tender(request: HttpRequest, *, tender: UUID) -> JsonResponse:
    """The tenderer's own tender, whole."""
    found = tender_of_side(current(request), tender)
    return JsonResponse(tender_data(found, now=clock.now()))


@public
@require_GET
def notice(request: HttpRequest, *, tender: UUID) -> JsonResponse:
    """A published tender with what a bidder's client pins."""
    del request
    return JsonResponse(notice_data(published_tender(tender)))


@requires(Role.BIDDER)
@require_GET
def bid(request: HttpRequest, *, lot: UUID) -> JsonResponse:
    """A bidder's own part in a lot."""
    return JsonResponse(own_part(own_party(current(request), lot)))


@requires(Role.BIDDER)
@require_GET
def sealed_header(request: HttpRequest, *, lot: UUID) -> JsonResponse:
    """The header of the bidder's live bid, from which its own client unboxes its share."""
    party = own_party(current(request), lot)
    live = Bid.objects.filter(party=party).exclude(state__in=["WITHDRAWN", "SUPERSEDED"]).first()
    if live is None:
        raise Http404
    return JsonResponse({"bids": [_boxes(live)]})


@public
@require_GET
def opening_document(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """The evidence of an opening, for `ggzy-bid verify-opening`; `?size=` names a checkpoint."""
    opening = (
        Opening.objects.select_related("lot__tender__host_key")
        .filter(pk=lot, document__isnull=False)
        .first()
    )
    if opening is None:
        raise Http404
    size = request.GET.get("size", "")
    document = opening.document
    if size:
        document = ending.document_at(opening, size=int(size)) if size.isdecimal() else None
    if document is None:
        raise Http404
    return JsonResponse(document)


@public
@require_GET
def opening_checkpoint(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """The checkpoint the evidence's proofs are against."""
    del request
    opening = Opening.objects.filter(pk=lot, document__isnull=False).first()
    if opening is None:
        raise Http404
    return HttpResponse(opening.document_checkpoint, content_type="text/plain; charset=utf-8")


@requires(Role.TENDERER, Role.AGENCY)
@require_GET
def host_boxes(request: HttpRequest, *, lot: UUID) -> JsonResponse:
    """The headers of all released bids, from which the host's holders unbox their shares."""
    opening_to_host(current(request), lot)
    released = Bid.objects.filter(lot_id=lot, state="RELEASED").select_related("seat")
    return JsonResponse({"bids": [_boxes(row) for row in released.order_by("seat__number")]})


def _boxes(bid: Bid) -> dict[str, Any]:
    """Return what a key holder's own client unboxes a share from."""
    header = headers.parse(bid.header.encode())
    return {"ctx": header.context.body(), "header": b64u(bid.header.encode())}
