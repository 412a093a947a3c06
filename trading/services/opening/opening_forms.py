"""Open what two sides released: every form first and together, the packages afterwards.

Nothing is shown until all forms of the lot have been tried (EBM20 Art. 30: names and prices are
announced after all decryption is done).
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, transaction

from audit.services.log import enqueue
from sealing.encoding import b64u
from sealing.envelope import open_form, open_package
from sealing.errors import SealingError
from sealing.form import Form
from sealing.header import Header
from sealing.moments import spell
from sealing.shares import Share as ReleasedShare
from sealing.shares import verify_share
from trading.events.opening import FormsOpened
from trading.models import Bid, BidFile, Opening, OpeningLine
from trading.policies.opening import runs
from trading.services import sealed_files
from trading.services.opening import kept, shares
from trading.services.opening.advance import enter_recount
from trading.services.opening.state import lapse, locked, move_bids, tell

SYSTEM = "system:worker"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unopened:
    """Why a form stays sealed, and whether that is its bidder's cause."""

    code: str
    attribution: str = "not_bidder"


def open_lot(*, lot_id: UUID, now: datetime) -> bool:
    """Open every released form of a lot and go on; False when that is done or not yet due.

    No bid holds up another: one that cannot be opened or written down lapses alone.
    """
    if Opening.objects.get(pk=lot_id).stage != "DECRYPT_TENDERER":
        return False
    bids = _released(lot_id)
    if not all(_shares(bid) for bid in bids):
        return False
    tried = {bid.pk: _try(bid) for bid in bids}
    if tried and all(outcome == Unopened(code=kept.LOST) for outcome in tried.values()):
        # Not one file is there: the storage is away, and no bid lapses for that.
        raise OSError(f"no sealed file of lot {lot_id} can be read")
    with transaction.atomic():
        opening = locked(lot_id)
        if opening.stage != "DECRYPT_TENDERER" or not runs(opening):
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
    """Open the packages of a lot's opened bids into the panel's storage; returns how many.

    One that fails for a passing reason is asked for again by the clock; the others are opened.
    """
    done = 0
    for bid in Bid.objects.filter(lot_id=lot_id, state="OPENED", package_opened_at__isnull=True):
        try:
            _unpack(bid, now=now)
            done += 1
        except Exception:
            log.exception("the package of bid %s was not opened; it is tried again", bid.pk)
    return done


def _released(lot_id: UUID) -> list[Bid]:
    return list(Bid.objects.filter(lot_id=lot_id, state="RELEASED").order_by("pk"))


def _shares(bid: Bid) -> list[ReleasedShare]:
    """Return both shares, or nothing while one is missing."""
    found = shares.of(bid)
    return found if len(found) == 2 else []  # noqa: PLR2004 - bidder and host


def _try(bid: Bid) -> Form | Unopened:
    """Open one form; what was altered or lost after the receipt is not the bidder's cause."""
    header, both = kept.header_of(bid), _shares(bid)
    if header is None or not all(verify_share(header, share) for share in both):
        return Unopened(code=kept.ALTERED)
    try:
        with sealed_files.opened(bid) as file:
            if not kept.is_form_kept(bid, file):
                return Unopened(code=kept.ALTERED)
            form = open_form(file, header=header, shares=both)
    except OSError:
        log.exception("the sealed file of bid %s cannot be read", bid.pk)
        return Unopened(code=kept.LOST)
    except SealingError as error:
        # The stored bytes are those of the receipt, so whoever sealed them sealed them wrongly.
        return Unopened(code=error.code.value, attribution="bidder")
    if form.doc_version != bid.doc_version:
        return Unopened(code="FORM_VERSION", attribution="bidder")
    return form


def _book(opening: Opening, bid: Bid, outcome: Form | Unopened, *, now: datetime) -> None:
    """Write one outcome down; a form the tables refuse lapses alone, by the platform's cause."""
    if isinstance(outcome, Form):
        try:
            with transaction.atomic():
                _write_line(opening, bid, outcome, now=now)
        except (DataError, IntegrityError):
            log.exception("the opened form of bid %s could not be written down", bid.pk)
            bid.state = "RELEASED"
            outcome = Unopened(code="NOT_WRITTEN")
    if isinstance(outcome, Unopened):
        lapse(
            opening,
            bid,
            code=outcome.code,
            attribution=outcome.attribution,
            actor=SYSTEM,
            now=now,
        )


def _write_line(opening: Opening, bid: Bid, form: Form, *, now: datetime) -> None:
    move_bids([bid], "open")
    OpeningLine.objects.create(
        bid=bid,
        opening=opening,
        form=asdict(form),
        form_sha256=b64u(hashlib.sha256(form.dumps()).digest()),
        price_fen=form.price_fen,
        duration_days=form.duration_days,
        quality=form.quality,
        manager=form.manager,
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
        rows, code = _files(bid, folder / "files")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        _note_package(bid, rows, code=code, now=now)
    except (DataError, IntegrityError):
        log.exception("the files of bid %s could not be written down", bid.pk)
        _note_package(bid, [], code="PACKAGE_NOT_WRITTEN", now=now)


def _note_package(bid: Bid, rows: list[BidFile], *, code: str, now: datetime) -> None:
    with transaction.atomic():
        mine = Bid.objects.filter(pk=bid.pk, package_opened_at__isnull=True)
        if mine.update(package_opened_at=now, state_code=code):
            BidFile.objects.bulk_create(rows)


def _files(bid: Bid, into: Path) -> tuple[list[BidFile], str]:
    """Return the files, or why there are none; the platform's causes are told from the seal's."""
    header = kept.header_of(bid)
    if header is None:
        return [], f"PACKAGE_{kept.ALTERED}"
    try:
        return _opened_files(bid, header, into), ""
    except FileNotFoundError:
        if sealed_files.exists(bid):
            raise  # another file is missing, which says nothing of this bid
        return [], f"PACKAGE_{kept.LOST}"
    except SealingError as error:
        reason = error.code.value if kept.is_file_kept(bid) else kept.ALTERED
        return [], f"PACKAGE_{reason}"


def _opened_files(bid: Bid, header: Header, into: Path) -> list[BidFile]:
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
