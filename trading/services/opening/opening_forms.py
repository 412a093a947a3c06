"""Open what two sides released: every form first and together, the packages afterwards.

Nothing is shown until all forms of the lot have been tried (EBM20 Art. 30: names and prices are
announced after all decryption is done).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from audit.services.log import enqueue
from sealing import header as headers
from sealing.encoding import b64u
from sealing.envelope import open_form, open_package
from sealing.errors import SealingError
from sealing.form import Form
from sealing.moments import spell
from sealing.shares import Share as ReleasedShare
from trading.events.opening import FormsOpened
from trading.models import Bid, BidFile, Opening, OpeningLine
from trading.services import sealed_files
from trading.services.opening.advance import enter_recount
from trading.services.opening.state import lapse, locked, move_bids, tell

SYSTEM = "system:worker"


def open_lot(*, lot_id: UUID, now: datetime) -> bool:
    """Open every released form of a lot and go on; False when that is done or not yet due."""
    bids = [bid for bid in _released(lot_id) if _shares(bid)]
    if not bids or len(bids) != len(_released(lot_id)):
        return False
    tried = {bid.pk: _try(bid) for bid in bids}
    with transaction.atomic():
        opening = locked(lot_id)
        if opening.stage != "DECRYPT_TENDERER":
            return False
        for bid in Bid.objects.select_related("seat").filter(pk__in=tried, state="RELEASED"):
            _book(opening, bid, tried[bid.pk], now=now)
        _log_result(opening, now=now)
        states = list(
            Bid.objects.filter(lot_id=lot_id, seat__isnull=False).values_list("state", flat=True)
        )
        tell(
            opening,
            FormsOpened(opened=states.count("OPENED"), sealed=states.count("UNRELEASED")),
            actor=SYSTEM,
            now=now,
        )
        enter_recount(opening, actor=SYSTEM, now=now)
    return True


def open_packages(*, lot_id: UUID, now: datetime) -> int:
    """Open the packages of a lot's opened bids into the panel's storage; returns how many."""
    done = 0
    for bid in Bid.objects.filter(lot_id=lot_id, state="OPENED", package_opened_at__isnull=True):
        _unpack(bid, now=now)
        done += 1
    return done


def _released(lot_id: UUID) -> list[Bid]:
    return list(Bid.objects.filter(lot_id=lot_id, state="RELEASED").order_by("pk"))


def _shares(bid: Bid) -> list[ReleasedShare]:
    """Return both shares, or nothing while one is missing."""
    kept = list(bid.shares.filter(valid=True).order_by("label"))
    if len(kept) != 2:  # noqa: PLR2004 - bidder and host
        return []
    return [ReleasedShare(label=row.label, secret=bytes(row.share or b"")) for row in kept]


def _try(bid: Bid) -> Form | SealingError:
    header = headers.parse(bid.header.encode())
    try:
        with sealed_files.opened(bid) as file:
            return open_form(file, header=header, shares=_shares(bid))
    except SealingError as error:
        return error


def _book(opening: Opening, bid: Bid, outcome: Form | SealingError, *, now: datetime) -> None:
    if isinstance(outcome, SealingError):
        # The stored bytes are those of the receipt, so whoever sealed them sealed them wrongly.
        lapse(opening, bid, code=outcome.code.value, attribution="bidder", actor=SYSTEM, now=now)
        return
    move_bids([bid], "open")
    OpeningLine.objects.create(
        bid=bid,
        opening=opening,
        form=asdict(outcome),
        form_sha256=b64u(hashlib.sha256(outcome.dumps()).digest()),
        price_fen=outcome.price_fen,
        duration_days=outcome.duration_days,
        quality=outcome.quality,
        manager=outcome.manager,
        opened_at=now,
    )


def _log_result(opening: Opening, *, now: datetime) -> None:
    lot = opening.lot
    outcomes = []
    for bid in Bid.objects.filter(lot=lot, seat__isnull=False).select_related("line"):
        opened = bid.state == "OPENED"
        outcomes.append(
            {
                "leaf": sealed_files.leaf(bid.log_entry),
                "outcome": "opened" if opened else _outcome(bid),
                "form_sha256": bid.line.form_sha256 if opened else None,
            }
        )
    entry = enqueue(
        kind="open.result",
        entry={
            "v": 1,
            "kind": "open.result",
            "tender": str(lot.tender_id),
            "at": spell(now),
            "lot": str(lot.pk),
            "envelope": "single",
            "outcomes": sorted(outcomes, key=lambda row: str(row["leaf"])),
        },
        now=now,
    )
    Opening.objects.filter(pk=opening.pk).update(result_entry=entry.pk)


def _outcome(bid: Bid) -> str:
    return "unreleased" if bid.state_code in {"NO_RELEASE", "WRONG_KEY"} else "invalid"


def _unpack(bid: Bid, *, now: datetime) -> None:
    """Open one package; a package that does not open is noted, never shown as empty."""
    folder = Path(tempfile.mkdtemp(prefix="package-"))
    try:
        rows, code = _files(bid, folder / "files"), ""
    except SealingError as error:
        rows, code = [], f"PACKAGE_{error.code.value}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with transaction.atomic():
        mine = Bid.objects.filter(pk=bid.pk, package_opened_at__isnull=True)
        if mine.update(package_opened_at=now, state_code=code):
            BidFile.objects.bulk_create(rows)


def _files(bid: Bid, into: Path) -> list[BidFile]:
    header = headers.parse(bid.header.encode())
    with sealed_files.opened(bid) as file:
        opened = open_package(file, header=header, shares=_shares(bid), into=into)
    rows = []
    for item in opened:
        with (into / item.name).open("rb") as content:
            name = default_storage.save(f"opened/{bid.pk}/{uuid4()}", File(content))
        rows.append(
            BidFile(
                id=uuid4(),
                bid=bid,
                part=item.part,
                name=item.name,
                size=item.size,
                sha256=item.sha256.hex(),
                file=name,
            )
        )
    return rows
