"""Release key shares: each bidder inside the window, the host after all of them.

A share is checked at once against the commitment in its sealed file, so that every failure has
one owner (sealing design §5.3 steps 6, 8 and 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from audit.services import record
from audit.services.log import enqueue
from core.verdicts import Refusal
from sealing import header as headers
from sealing.encoding import b64u
from sealing.moments import spell
from sealing.shares import Share as ReleasedShare
from sealing.shares import verify_share
from trading.events.opening import HostReleased, ReleaseFailed, SeatDecrypted
from trading.models import Bid, Opening, Party, Share
from trading.policies.opening import may_release, may_release_host
from trading.selectors.streams import lot_public
from trading.services.opening import kept, windows
from trading.services.opening.shares import veiled
from trading.services.opening.state import lapse, locked, move_bids


def release(*, party: Party, share: bytes, signature: UUID, actor: str, now: datetime) -> bool:
    """Take a bidder's share; False when it does not meet the commitment, which is remembered."""
    opening = locked(party.lot_id)
    may_release(opening=opening, now=now).or_raise()
    bid = (
        Bid.objects.select_for_update(of=("self",))
        .select_related("seat")
        .filter(party=party, state="SEALED")
        .first()
    )
    if bid is None:
        raise Refusal("O-115")
    if kept.header_of(bid) is None:
        raise Refusal("O-125")
    if not _keep(opening, bid, "bidder", share, signature=signature, now=now):
        event: ReleaseFailed | SeatDecrypted = ReleaseFailed(seat=bid.seat.number, code="WRONG_KEY")
    else:
        move_bids([bid], "release")
        event = SeatDecrypted(seat=bid.seat.number)
    record(stream=lot_public(opening.lot), event=event, actor=actor, now=now)
    if isinstance(event, SeatDecrypted):
        return True
    windows.suspect_fault(opening, now=now)
    return False


def release_host(
    *,
    lot_id: UUID,
    shares: Mapping[UUID, bytes],
    unboxable: Sequence[UUID],
    signature: UUID,
    actor: str,
    now: datetime,
) -> None:
    """Take the host's shares of every released bid at once.

    `unboxable` are bids whose host box does not open under the host key. Nobody but the host can
    tell whether that is so, and the host key is not published; so its word lets a bid stay sealed,
    but never lays the cause on the bidder (EBM20 Art. 31).
    """
    opening = locked(lot_id)
    may_release_host(opening=opening, released=_is_released(lot_id)).or_raise()
    released = {
        bid.pk: bid
        for bid in Bid.objects.select_for_update(of=("self",))
        .select_related("seat")
        .filter(lot_id=lot_id, state="RELEASED")
    }
    if not released:
        raise Refusal("O-124")
    # What the platform altered cannot be released by anybody, and holds up nobody else.
    altered = {bid_id for bid_id, bid in released.items() if kept.header_of(bid) is None}
    boxed, unboxed = set(shares) - altered, set(unboxable) - altered
    wrong = (set(released) - altered) ^ (boxed | unboxed)
    if wrong or boxed & unboxed:
        raise Refusal("O-117", count=len(wrong) or len(boxed & unboxed))
    for bid_id in sorted(altered | unboxed):
        lapse(
            opening,
            released[bid_id],
            code=kept.ALTERED if bid_id in altered else "HOST_BOX",
            attribution="not_bidder",
            actor=actor,
            now=now,
        )
    for bid_id in sorted(boxed):
        share = shares[bid_id]
        if not _keep(opening, released[bid_id], "host", share, signature=signature, now=now):
            raise Refusal("O-117", count=1)
    record(stream=lot_public(opening.lot), event=HostReleased(), actor=actor, now=now)
    transaction.on_commit(lambda: _ask_for_opening(lot_id), robust=True)


def _keep(
    opening: Opening, bid: Bid, label: str, share: bytes, *, signature: UUID, now: datetime
) -> bool:
    header = headers.parse(bid.header.encode())
    valid = verify_share(header, ReleasedShare(label=label, secret=share))
    entry = None
    if valid:
        entry = enqueue(
            kind="share.release",
            entry={
                "v": 1,
                "kind": "share.release",
                "tender": str(opening.lot.tender_id),
                "at": spell(now),
                "lot": str(opening.lot_id),
                "envelope": "single",
                "bid": str(bid.pk),
                "role": label,
                "com": b64u(header.share(label).commitment),
            },
            now=now,
        )
    Share.objects.create(
        id=uuid4(),
        bid=bid,
        label=label,
        share=veiled(share, bid=bid) if valid else None,
        valid=valid,
        code="" if valid else "WRONG_KEY",
        at=now,
        signature=signature,
        log_entry=entry.pk if entry else None,
    )
    return valid


def _is_released(lot_id: UUID) -> bool:
    """Tell whether the host released before: two tabs may press at the same time."""
    return Share.objects.filter(bid__lot_id=lot_id, label="host", valid=True).exists()


def _ask_for_opening(lot_id: UUID) -> None:
    from trading.tasks import open_forms  # noqa: PLC0415 - the task imports the acts

    open_forms.enqueue(str(lot_id))
