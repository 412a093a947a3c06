"""Openings at the stage a test is about, and what may befall one bid of them."""

from __future__ import annotations

import json
from datetime import timedelta

from django.core.files.base import ContentFile

from audit.services.keys import log_key
from sealing.opening.verify import verify_opening
from tests import worlds
from tests.realtime import crowd
from trading.models import Bid, Opening
from trading.services.opening import ending
from trading.services.uploads import sealed_storage

LATER = worlds.DEADLINE + timedelta(hours=1)


def at_window(*sealed, world=None):
    """A lot whose bidders may release; one bid for each of `sealed`, what its form says."""
    world = world or worlds.published()
    parties = [
        worlds.submitted(world, crowd.bidder(number), price_fen=900_000_000 + number, **form)
        for number, form in enumerate(sealed)
    ]
    worlds.closed(world)
    worlds.to_stage(world, "DECRYPT_BIDDER")
    return world, parties


def at_host(*sealed, world=None):
    """The same lot with every bidder's share released: the host is next."""
    world, parties = at_window(*sealed, world=world)
    for party in parties:
        assert worlds.release_own(world, party)
    worlds.step(world)
    return world, parties


def bid_of(party):
    return Bid.objects.get(party=party)


def ends(parties):
    """Each bid's state, code and whose cause it is."""
    return [(bid.state, bid.state_code, bid.attribution) for bid in map(bid_of, parties)]


def alter(bid, *, at):
    """Flip a byte of the stored file."""
    storage = sealed_storage()
    with storage.open(bid.file, "rb") as file:
        data = bytearray(file.read())
    data[at] ^= 1
    storage.delete(bid.file)
    assert storage.save(bid.file, ContentFile(bytes(data))) == bid.file


def lose(bid):
    sealed_storage().delete(bid.file)


def evidence_holds(world):
    """Go on to the end and let an outsider check what is published."""
    worlds.to_stage(world, "SIGN", now=LATER)
    worlds.record_signed(world, now=LATER)
    worlds.log_ticks(now=LATER)
    assert ending.publish_document(lot_id=world.lot.pk, now=LATER)
    opening = Opening.objects.get(pk=world.lot.pk)
    report = verify_opening(
        json.dumps(opening.document).encode(),
        checkpoint=opening.document_checkpoint,
        log_key=log_key(),
        receipts=[],
    )
    return report.valid
