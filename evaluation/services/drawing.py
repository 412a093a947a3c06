"""Drawing experts (抽取): commit to a seed and a pool, wait for public entropy, draw."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from accounts.models import Centre, Person
from audit.services import record
from core.draws import Draw, commitment, hold
from core.verdicts import Refusal
from evaluation.domain.seating import Placed, PoolTooSmall, Wish, place
from evaluation.events import DrawCommitted, ExpertsDrawn
from evaluation.models import Expert, ExpertDraw, Panel, Representative, Seat
from evaluation.policies.panel import may_draw
from evaluation.selectors import streams
from evaluation.services import entropy, panels
from evaluation.services.interests import Interests
from evaluation.services.invitations import form_if_whole, give_seat
from sealing import canonical
from trading.models import Lot


def commit(
    *,
    lot_id: UUID,
    wanted: Sequence[Wish],
    meets_at: datetime,
    hours: int,
    seed: bytes,
    person: Person,
    now: datetime,
) -> ExpertDraw:
    """Fix the pool and promise the seed; too small a pool is refused without saying why.

    A draw that was committed and not held yet is given up for the new one.
    """
    lot = Lot.objects.select_for_update(of=("self",)).select_related("tender").get(pk=lot_id)
    may_draw(lot=lot).or_raise()
    if Panel.objects.filter(lot=lot).exists():
        raise Refusal("S-011")
    pool = _pool(lot)
    _filled([row["expert"] for row in pool], pool=pool, wanted=wanted)
    draw_id = uuid4()
    draw = ExpertDraw.objects.create(
        id=draw_id,
        lot=lot,
        wanted=[asdict(wish) for wish in wanted],
        meets_at=meets_at,
        hours=hours,
        pool=pool,
        commitment=commitment(seed, context_of(draw_id)).hex(),
        committed_at=now,
        committed_size=entropy.log_size(),
        seed=seed.hex(),
        by=person,
    )
    record(
        stream=streams.room(draw.pk),
        event=DrawCommitted(
            lot=lot.pk,
            wanted=draw.wanted,
            commitment=draw.commitment,
            pool_sha256=digest(pool),
            log_size=draw.committed_size,
        ),
        actor=str(person.pk),
        now=now,
    )
    return draw


def draw(*, draw_id: UUID, person: Person, now: datetime) -> Panel:
    """Hold a draw and invite those it names; the tenderer's representatives sit with them."""
    found = (
        ExpertDraw.objects.select_for_update(of=("self",))
        .select_related("lot__tender")
        .get(pk=draw_id)
    )
    lot = Lot.objects.select_for_update(of=("self",)).get(pk=found.lot_id)
    may_draw(lot=lot).or_raise()
    if found.drawn_at is not None or Panel.objects.filter(lot=lot).exists():
        raise Refusal("S-011")
    fresh = entropy.first_after(found.committed_size, since=found.committed_at)
    held = hold(
        context=context_of(found.pk),
        inputs=[row["expert"] for row in found.pool],
        seed=bytes.fromhex(found.seed),
        entropy=fresh.root,
    )
    found.entropy, found.result, found.drawn_at = fresh.body(), list(held.result), now
    found.save(update_fields=["entropy", "result", "drawn_at"])
    tender = found.lot.tender
    panel = Panel.objects.create(
        id=found.pk,
        draw=found,
        lot=found.lot,
        sites=[tender.host_site, *tender.guest_sites],
        meets_at=found.meets_at,
        hours=found.hours,
    )
    _seat_all(panel, actor=str(person.pk), now=now)
    return panel


def record_of(found: ExpertDraw) -> Draw:
    """Return a held draw as the record that can be replayed."""
    return Draw.read(
        {
            "context": context_of(found.pk),
            "inputs": [row["expert"] for row in found.pool],
            "take": len(found.pool),
            "commitment": found.commitment,
            "entropy": (found.entropy or {}).get("root"),
            "seed": found.seed,
            "result": found.result,
        }
    )


def context_of(draw_id: UUID) -> str:
    """Return what ties a seed to one draw."""
    return f"experts/{draw_id}"


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical.dumps(value)).hexdigest()


def _pool(lot: Lot) -> list[dict[str, Any]]:
    interests = Interests(lot)
    named = set(Representative.objects.filter(lot=lot).values_list("person_id", flat=True))
    experts = Expert.objects.filter(active=True, person__is_active=True)
    rows = [
        {
            "expert": str(expert.person_id),
            "specialties": list(expert.specialties),
            "site": expert.site,
        }
        for expert in experts
        if expert.person_id not in named and not interests.touches(expert)
    ]
    return sorted(rows, key=lambda row: str(row["expert"]))


def _filled(
    order: Sequence[str], *, pool: Sequence[dict[str, Any]], wanted: Sequence[Wish]
) -> list[Placed]:
    try:
        return place(order, pool=pool, wanted=wanted)
    except PoolTooSmall as short:
        site = short.wish.site
        centre = Centre.objects.filter(code=site).first()
        place_name = centre.shown_name if centre else site
        raise Refusal(
            "S-013", specialty=short.wish.specialty, site=site, place=place_name
        ) from None


def _seat_all(panel: Panel, *, actor: str, now: datetime) -> None:
    found = panel.draw
    placed = _filled(found.result, pool=found.pool, wanted=[Wish(**w) for w in found.wanted])
    people = Person.objects.in_bulk([UUID(row.expert) for row in placed])
    seats = [
        give_seat(
            panel=panel,
            person=people[UUID(row.expert)],
            role=Seat.Role.EXPERT.value,
            specialty=row.specialty,
            site=row.site,
            actor=actor,
            now=now,
        )
        for row in placed
    ]
    panels.tell(
        panel,
        ExpertsDrawn(
            seed=found.seed,
            entropy=found.entropy or {},
            result_sha256=digest(found.result),
            seats=[seat.code for seat in seats],
        ),
        actor=actor,
        now=now,
    )
    for named in Representative.objects.select_related("person").filter(lot=panel.lot):
        give_seat(
            panel=panel,
            person=named.person,
            role=Seat.Role.REPRESENTATIVE.value,
            specialty=named.specialty,
            site=named.site,
            actor=actor,
            now=now,
        )
    form_if_whole(panel=panel, actor=actor, now=now)
