"""Post to the ledger: the one way in, through the one database function."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import connection

from bank_escrow.domain.postings import Line, Posting, line
from bank_escrow.models import BankCredit

# Ids of entries are made from what caused them, so that a replay makes the same id.
_ENTRIES = UUID("6f8f1d9e-2f0b-4b0e-9a41-6f2f0d3f5a10")


def post(
    lines: Sequence[Line],
    *,
    kind: str,
    source_type: str,
    source_id: UUID,
    number: int,
    business_date: date,
    now: datetime,
) -> bool:
    """Post an entry once; a repetition answers False and changes nothing.

    The same source and number with other lines is an `IntegrityError`: never silently accepted.
    """
    entry = uuid5(_ENTRIES, f"{kind}/{source_type}/{source_id}/{number}")
    body = [[part.debit, part.credit, part.amount_fen] for part in lines]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bank_escrow_post(%s, %s, %s, %s, %s, %s, %s)",
            [entry, kind, business_date, source_type, source_id, now, json.dumps(body)],
        )
        (posted,) = cursor.fetchone()
    return bool(posted)


def move(
    credit: BankCredit,
    posting: Posting,
    *,
    state: str,
    business_date: date,
    now: datetime,
    codes: Sequence[str] | None = None,
) -> None:
    """Move the money of one credit by one row of the posting table, and say where it lies now.

    The caller holds the lock of the credit's row; the number of its moves names the entry.
    """
    post(
        [
            line(
                posting,
                bank=credit.bank_id,
                owner=credit.deposit_id,
                amount_fen=credit.amount_fen,
            )
        ],
        kind=posting,
        source_type="credit",
        source_id=credit.id,
        number=credit.moves,
        business_date=business_date,
        now=now,
    )
    credit.moves += 1
    credit.state = state
    if codes is not None:
        credit.codes = list(codes)
    credit.save(update_fields=["moves", "state", "codes"])
