"""Receipts of submitted bids: page, PDF and signed original, for the firm that submitted alone."""

from __future__ import annotations

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import current, requires
from core import clock
from trading.documents.receipt import ReceiptFacts, render_receipt
from trading.models import Bid
from trading.policies.bids import may_withdraw
from trading.selectors.bids import own_receipt
from trading.services import receipts


@requires(Role.BIDDER)
@require_GET
def receipt(request: HttpRequest, *, receipt: str) -> HttpResponse:
    """The receipt of an own bid, with its fingerprints."""
    bid = own_receipt(current(request), receipt)
    code = segno.make(_verify_url(request), error="m")
    return render(
        request,
        "trading/bids/receipt.html",
        {
            "bid": bid,
            "lot": bid.lot,
            "tender": bid.lot.tender,
            "prints": _prints(bid),
            "evidence": receipts.proof_of(bid),
            "qr": code.svg_data_uri(scale=4, border=2, light="#fff"),
            "may_withdraw": bool(
                may_withdraw(lot=bid.lot, has_live_bid=bid.state == "SEALED", now=clock.now())
            ),
        },
    )


@requires(Role.BIDDER)
@require_GET
def proof(request: HttpRequest, *, receipt: str) -> HttpResponse:
    """Whether the promise is kept: asked again by the page until it is."""
    bid = own_receipt(current(request), receipt)
    facts = {"bid": bid, "evidence": receipts.proof_of(bid)}
    return render(request, "trading/bids/receipt_proof.html", facts)


@requires(Role.BIDDER)
@require_GET
def pdf(request: HttpRequest, *, receipt: str) -> HttpResponse:
    """The receipt to print and to keep with the papers."""
    bid = own_receipt(current(request), receipt)
    firm = current(request).organisation
    assert firm is not None  # the receipt was found by it
    assert bid.lot.deadline_at is not None  # a lot that takes bids has a deadline
    content = render_receipt(
        ReceiptFacts(
            receipt=bid.receipt_id,
            tender=bid.lot.tender.title,
            lot=bid.lot.title,
            lot_code=bid.lot.code,
            bidder=firm.name,
            centre=bid.lot.tender.centre.name,
            received_at=bid.received_at,
            deadline_at=bid.lot.deadline_at,
            doc_version=bid.doc_version,
            size=bid.size,
            prints=_prints(bid),
            token=bid.receipt,
            verify_url=_verify_url(request),
        )
    )
    return _file(content, "application/pdf", f"receipt-{bid.receipt_id}.pdf")


@requires(Role.BIDDER)
@require_GET
def token(request: HttpRequest, *, receipt: str) -> HttpResponse:
    """The signed original, for the verification page and `ggzy-bid verify-receipt`.

    With the log's proof in it once the entry was placed, so that one file proves everything.
    """
    bid = own_receipt(current(request), receipt)
    return _file(
        receipts.token_of(bid).encode(), "application/jose", f"receipt-{bid.receipt_id}.jws"
    )


def _prints(bid: Bid) -> list[tuple[str, str]]:
    return [
        (_("密文指纹（分块）"), bid.ct_root),
        (_("密文 SHA-256"), bid.ct_sha256),
        (_("密文 SM3"), bid.ct_sm3),
        (_("文件头 SHA-256"), bid.header_sha256),
        (_("密钥承诺"), bid.kc),
    ]


def _verify_url(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("audit:verify"))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
