"""Addresses of a bidder's part: joining, uploading, submitting, receipts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from trading.views import (
    bids,
    door_data,
    files,
    questions,
    receipts,
    rehearsing,
    securities,
    submitting,
    uploads,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("notices/<uuid:tender>/join", submitting.join, name="join"),
    path("check", rehearsing.check, name="check"),
    path("check/echo", rehearsing.echo, name="check-echo"),
    path("bids", bids.mine, name="bids"),
    path("bids/<uuid:lot>", bids.overview, name="bid"),
    path("bids/<uuid:lot>/docs", bids.documents, name="bid-documents"),
    path("bids/<uuid:lot>/deposit.json", bids.deposit_data, name="bid-deposit-data"),
    path("bids/<uuid:lot>/deposit/state", bids.deposit_state, name="bid-deposit-state"),
    path("bids/<uuid:lot>/deposit/guarantee", securities.guarantee, name="bid-guarantee"),
    path("bids/<uuid:lot>/deposit/waiver", securities.waiver, name="bid-waiver"),
    path("bids/<uuid:lot>/deposit/take-back", securities.take_back, name="bid-paper-back"),
    path("bids/<uuid:lot>/deposit/paper.pdf", securities.own_file, name="bid-paper-file"),
    path("bids/<uuid:lot>/questions", questions.questions, name="bid-questions"),
    path("bids/<uuid:lot>/key", bids.key, name="bid-key"),
    path("bids/<uuid:lot>/build", bids.build, name="bid-build"),
    path("bids/<uuid:lot>/submit", bids.submit, name="bid-submit"),
    path("bids/<uuid:lot>/result", bids.result, name="result"),
    path("receipts/<str:receipt>.pdf", receipts.pdf, name="receipt-pdf"),
    path("receipts/<str:receipt>.jws", receipts.token, name="receipt-token"),
    path("receipts/<str:receipt>/proof", receipts.proof, name="receipt-proof"),
    path("receipts/<str:receipt>", receipts.receipt, name="receipt"),
    path("bids/<uuid:lot>.json", door_data.bid, name="bid-data"),
    path("bids/<uuid:lot>/sealed", door_data.sealed_header, name="bid-sealed"),
    path("bids/<uuid:lot>/deposit", submitting.deposit, name="bid-deposit"),
    path("documents/<uuid:document>", files.document, name="document"),
    path("bids/<uuid:lot>/begin", submitting.begin, name="bid-begin"),
    path("bids/<uuid:lot>/finalise", submitting.finalise, name="bid-finalise"),
    path("bids/<uuid:lot>/withdraw", submitting.withdraw, name="bid-withdraw"),
    path("uploads", uploads.create, name="uploads"),
    path("uploads/<uuid:upload>", uploads.piece, name="upload"),
]
