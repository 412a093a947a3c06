"""Receipts of sealed bids: the platform's signed promise, given at the moment of acceptance.

A minute later the promise is kept: the same receipt then carries the log's proof.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.services import messages
from audit.models import LogEntry
from audit.selectors import Evidence, evidence
from audit.services.keys import log_key, log_origin, signing_key
from core.zone import SHANGHAI
from sealing.encoding import b64u, unb64u
from sealing.entries import BidReceived
from sealing.moments import spell
from sealing.receipts import ID_BYTES, Receipt, sign, verify
from trading.models import Bid
from trading.services import parties

_SHORT = 8


def issue(*, entry: LogEntry, now: datetime) -> tuple[str, str]:
    """Return a new receipt's random id and its JWS for a logged `bid.receive`.

    The entry waits for its tick, so the receipt is a promise; its proof follows within a minute.
    """
    receipt = Receipt(
        issuer=log_origin(),
        id=b64u(os.urandom(ID_BYTES)),
        issued_at=spell(now),
        entry=BidReceived.from_body(entry.body),
        salt=bytes(entry.salt),
    )
    return receipt.id, sign(receipt, private=signing_key())


def proof_of(bid: Bid) -> Evidence | None:
    """Return the log's proof of a bid's receipt; None while the promise is younger than a tick."""
    return evidence(bid.log_entry, log_key=log_key())


def token_of(bid: Bid) -> str:
    """Return the receipt as its owner keeps it: with the proof as soon as there is one."""
    found = proof_of(bid)
    if found is None:
        return bid.receipt
    promise = verify(bid.receipt, log_key=log_key())
    kept = replace(promise, checkpoint=found.note, proof=found.proof)
    return sign(kept, private=signing_key())


def tell(bid: Bid, *, now: datetime) -> None:
    """Send the firm a copy: whole to its inbox; by e-mail and SMS without the lot.

    Who takes part in what is no business of a mail server or an SMS gateway before the opening
    (TBL Art. 22); number, time and fingerprint are enough to find the receipt again.
    """
    at = bid.received_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    number = bid.receipt_id
    print_ = unb64u(bid.ct_sha256).hex()[:_SHORT]
    messages.send(
        to=Organisation.objects.get(pk=parties.identify(bid.party).organisation),
        kind="bid.received",
        subject=format_lazy(_("投标文件已收到：{lot}"), lot=bid.lot.code),
        body=format_lazy(
            _("收到时间 {at}，回执编号 {number}，密文 SHA-256 前 8 位 {print}。请保存回执原件。"),
            at=at,
            number=number,
            print=print_,
        ),
        level="act",
        link=f"/receipts/{number}",
        now=now,
        about=bid.lot.tender_id,
        outside=format_lazy(
            _("投标文件已收到：{at}，回执编号 {number}，密文 SHA-256 前 8 位 {print}。"),
            at=at,
            number=number,
            print=print_,
        ),
    )
