"""A tender at each stage: plain functions over the services, so that no state is invented."""

from __future__ import annotations

import io
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.models import Person
from audit.services import tick as ticking
from core.zone import at
from sealing import header as headers
from sealing import keys, suites
from sealing.encoding import b64u, unb64u
from sealing.envelope import Recipients, seal
from sealing.errors import SealingError
from sealing.form import Form
from sealing.package import PackedFile
from sealing.shares import release as unbox
from tests import people
from trading.models import Lot, Opening, Party, Submission, Tender
from trading.selectors.sealing import context_of
from trading.services import (
    authoring,
    closing,
    host_keys,
    joining,
    parties,
    publishing,
    rooms,
    submission,
    uploads,
)
from trading.services.opening import advance, ending, opening_forms, releasing
from venues.models import Room

DRAFTED = at(date(2026, 10, 26), 9)
ISSUED = DRAFTED + timedelta(hours=1)
DEADLINE = at(date(2026, 11, 23), 14)

CRITERIA = [
    {"key": "tech", "title": "技术", "max": "40", "kind": "judged"},
    {
        "key": "plan",
        "title": "施工组织",
        "max": "25",
        "step": "0.5",
        "kind": "judged",
        "part_of": "tech",
    },
    {
        "key": "safety",
        "title": "安全",
        "max": "15",
        "step": "0.5",
        "kind": "judged",
        "part_of": "tech",
    },
    {"key": "credit", "title": "资信", "max": "10", "kind": "objective"},
    {"key": "price", "title": "报价", "max": "50", "kind": "price"},
]
M1 = {"method": "m1", "weight": "50", "params": {"K": "0.97", "E1": "0.9", "E2": "0.6"}}


@dataclass
class World:
    """One tender with the keys its sides hold; bidders' keys by party."""

    tender: Tender
    lot: Lot
    host: keys.OpeningKey
    tenderer: Person
    bidders: dict[UUID, keys.OpeningKey] = field(default_factory=dict)
    sealed: dict[UUID, bytes] = field(default_factory=dict)


def drafted(
    *, track: str = "T", security_fen: int = 0, suite: str = "1", **lot_facts: Any
) -> World:
    """A complete draft, host key tested and room booked."""
    tenderer = people.zhao()
    office = people.organisation_of(tenderer)
    centre = people.centre()
    Room.objects.get_or_create(centre=centre, kind="OPENING", name="开标室1")
    with transaction.atomic():
        tender = authoring.draft(
            centre=centre,
            procuring_entity=office,
            agency=None,
            person=tenderer,
            facts={
                "legal_track": track,
                "category": "works" if track == "T" else "goods",
                "title": "姑苏区平江片区市政道路改造工程",
                "host_site": "320500",
                "decrypt_minutes": 30,
                "documents_issued_at": ISSUED,
                "deadline_at": DEADLINE,
            },
            now=DRAFTED,
        )
        lot = authoring.save_lot(
            tender=tender,
            lot_id=None,
            facts={
                "number": "1",
                "title": "一标段",
                "estimate_fen": 1_000_000_000,
                "ceiling_fen": 1_000_000_000,
                "bid_security_fen": security_fen,
                "price_formula": M1
                if track == "T"
                else {"method": "gov_lowest", "weight": "50", "params": {}},
                "outlier_rule": None,
                "tie_rule": ["lower_price"],
                "candidates_count": 3,
                "max_lots_won": None,
                **lot_facts,
            },
            criteria=CRITERIA,
            person=tenderer,
            now=DRAFTED,
        )
        authoring.add_document(
            tender=tender,
            file=SimpleUploadedFile("招标文件.pdf", b"%PDF-1.7 documents"),
            person=tenderer,
            now=DRAFTED,
        )
        host = keys.generate(suite=suites.of(suite))
        _key, challenge = host_keys.register(
            tender=tender,
            kid=host.kid,
            suite=suite,
            public_key=b64u(host.public),
            holders=[{"name": name, "title": "经办人"} for name in ("甲", "乙", "丙")],
            person=tenderer,
            now=DRAFTED,
        )
        secret = host.unbox(
            unb64u(challenge.box), label=suites.HOST, ctxh=unb64u(challenge.context)
        )
        host_keys.answer(tender=tender, secret=b64u(secret), person=tenderer, now=DRAFTED)
        rooms.book(tender=tender, room_id=None, person=tenderer, now=DRAFTED)
    tender.refresh_from_db()
    return World(tender=tender, lot=lot, host=host, tenderer=tenderer)


def published(**facts: Any) -> World:
    """A published tender that takes bids."""
    world = drafted(**facts)
    with transaction.atomic():
        publishing.publish(
            tender=world.tender, person=world.tenderer, signature=uuid4(), now=ISSUED
        )
    world.tender.refresh_from_db()
    world.lot.refresh_from_db()
    return world


def joined(world: World, bidder: Person) -> Party:
    """The bidder's party in the lot."""
    world.lot.tender = world.tender
    party = joining.join(
        lots=[world.lot],
        organisation=people.organisation_of(bidder),
        person=bidder,
        contact=bidder.name,
        phone="13900000000",
        members=(),
        now=ISSUED,
    )[0]
    party.lot = world.lot
    world.bidders.setdefault(party.pk, keys.generate(suite=world.host.suite))
    return party


def sealed_for(
    world: World,
    party: Party,
    *,
    price_fen: int,
    bid: UUID | None = None,
    paper: bytes = b"%PDF-1.7 plan",
    paper_name: str = "技术标.pdf",
    **form: Any,
) -> bytes:
    """A sealed file for the party, small and real; `form` is what its form says otherwise."""
    from sealing.header import Context

    sink = io.BytesIO()
    context = Context(**context_of(party, bid=bid or uuid4()))
    seal(
        context,
        recipients=Recipients(
            bidder=world.bidders[party.pk].public,
            host=world.host.public,
            suite=world.host.suite,
        ),
        form=Form(
            **{
                "lot": str(world.lot.pk),
                "doc_version": 1,
                "price_fen": price_fen,
                "duration_days": 336,
                "quality": "合格",
                "manager": "赵立",
                "claims": {},
                "extra": (),
                **form,
            }
        ),
        files=[PackedFile(name=paper_name, part="technical", content=paper)],
        sink=sink,
    )
    return sink.getvalue()


def uploaded(party: Party, content: bytes, *, now: datetime) -> UUID:
    """Upload bytes whole, in pieces."""
    upload = uploads.begin(party=party, lot=party.lot, length=len(content), now=now)
    for offset in range(0, len(content), 1_000_000):
        uploads.append(
            upload_id=upload.pk,
            offset=offset,
            piece=content[offset : offset + 1_000_000],
            now=now,
        )
    return upload.pk


def received(
    world: World,
    party: Party,
    content: bytes,
    *,
    at: datetime,
    claims: dict[str, Any] | None = None,
    command: UUID | None = None,
) -> Submission:
    """The intent row of a submission, not settled yet."""
    from trading.services.sealed_files import examine

    try:
        facts = examine([content], len(content))
        said: dict[str, Any] = {
            "bid": UUID(facts.header.context.bid),
            "ct_root": facts.ct_root,
            "size": facts.size,
            "header_sha256": facts.header_sha256,
        }
    except SealingError:  # a plain file has no header to speak of
        said = {
            "bid": uuid4(),
            "ct_root": "A" * 43,
            "size": len(content),
            "header_sha256": "A" * 43,
        }
    upload = uploaded(party, content, now=min(at, DEADLINE - timedelta(minutes=1)))
    with transaction.atomic():
        return submission.receive(
            party=party,
            claim=submission.Claim(upload=upload, **(said | (claims or {}))),
            command=command or uuid4(),
            actor="tests",
            signature=uuid4(),
            signature_sha256="A" * 43,
            received_at=at,
        )


def submitted(
    world: World, bidder: Person, *, price_fen: int, at: datetime | None = None, **sealed: Any
) -> Party:
    """A bid in the lot."""
    party = joined(world, bidder)
    when = at or DEADLINE - timedelta(hours=2)
    content = sealed_for(world, party, price_fen=price_fen, **sealed)
    taken = received(world, party, content, at=when)
    submission.settle(submission_id=taken.pk, now=when)
    return party


def closed(world: World, *, now: datetime | None = None) -> World:
    """The lot after its deadline."""
    assert closing.close(lot_id=world.lot.pk, now=now or DEADLINE + closing.GRACE)
    world.lot.refresh_from_db()
    return world


def step(world: World, *, now: datetime | None = None) -> str:
    """Press the host's button once."""
    opening = Opening.objects.get(pk=world.lot.pk)
    with transaction.atomic():
        return advance.advance(
            lot_id=world.lot.pk,
            expected=opening.stage,
            actor=str(world.tenderer.pk),
            now=now or DEADLINE + timedelta(minutes=1),
        ).stage


def to_stage(world: World, stage: str, *, now: datetime | None = None) -> World:
    """Go on to a stage of the opening by the button alone, each press after every timer."""
    moment = now or DEADLINE + timedelta(minutes=1)
    with transaction.atomic():
        advance.open_lobby(lot_id=world.lot.pk, now=DEADLINE - timedelta(hours=1))
    for _ in range(16):
        opening = Opening.objects.get(pk=world.lot.pk)
        if opening.stage == stage:
            return world
        ends = [opening.objection_ends_at, opening.confirm_ends_at]
        moment = max([moment, *(end for end in ends if end is not None)])
        step(world, now=moment)
    raise AssertionError(f"{stage} was not reached")


def own_share(world: World, party: Party) -> bytes:
    """The share that the party's key takes out of its sealed bid."""
    header = headers.parse(party.bids.get(state__in=("SEALED", "RELEASED")).header.encode())
    return unbox(header, label="bidder", key=world.bidders[party.pk]).secret


def release_own(world: World, party: Party, *, now: datetime | None = None) -> bool:
    """Release the party's share with its own key."""
    with transaction.atomic():
        return releasing.release(
            party=party,
            share=own_share(world, party),
            signature=uuid4(),
            actor="tests",
            now=now or DEADLINE + timedelta(minutes=2),
        )


def release_host(
    world: World, *, now: datetime | None = None, unboxable: Collection[UUID] = ()
) -> None:
    """Release the host's shares, but of those it says it cannot unbox, and open the forms."""
    moment = now or DEADLINE + timedelta(minutes=31)
    shares = {
        bid.pk: unbox(headers.parse(bid.header.encode()), label="host", key=world.host).secret
        for bid in world.lot.bids.filter(state="RELEASED").exclude(pk__in=unboxable)
    }
    with transaction.atomic():
        releasing.release_host(
            lot_id=world.lot.pk,
            shares=shares,
            unboxable=tuple(unboxable),
            signature=uuid4(),
            actor="tests",
            now=moment,
        )
    opening_forms.open_lot(lot_id=world.lot.pk, now=moment)


def record_signed(world: World, *, now: datetime) -> None:
    """Have the host sign the opening record as it stands, at its stage."""
    with transaction.atomic():
        ending.sign_record(
            lot_id=world.lot.pk,
            record_hash=Opening.objects.get(pk=world.lot.pk).record_hash,
            signature=uuid4(),
            actor="tests",
            now=now,
        )


def log_ticks(*, now: datetime) -> None:
    """Let the log place what waits."""
    ticking.tick(now=now)


def random_bytes(count: int) -> bytes:
    """Bytes that are no sealed file."""
    return os.urandom(count)


def identity_of(party: Party) -> parties.Identity:
    """Who a party is."""
    return parties.identify(party)
