"""Drawing experts (抽取): commit to a seed and a pool, wait for public entropy, draw."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, Person
from accounts.services import messages
from audit.services import record, record_all
from core.draws import Draw, commitment, hold
from core.verdicts import Refusal
from evaluation.domain.seating import Placed, PoolTooSmall, Wish, place
from evaluation.events import DrawCommitted, DrawGivenUp, ExpertsDrawn, RepresentativeBarred
from evaluation.models import Expert, ExpertDraw, Panel, Representative, Seat
from evaluation.policies.panel import may_draw
from evaluation.selectors import streams
from evaluation.services import entropy, panels, tasks
from evaluation.services.interests import Interests, bids_for_one
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

    One draw a lot: whoever could announce another would draw until the panel pleases.
    """
    lot = _locked(lot_id)
    may_draw(lot=lot).or_raise()
    before = list(lot.expert_draws.all())
    if Panel.objects.filter(lot=lot).exists():
        raise Refusal("S-011")
    if any(one.given_up_at is None for one in before):
        raise Refusal("S-016")
    pool = _pool(lot)
    _filled([row["expert"] for row in pool], pool=pool, wanted=wanted)
    draw_id = uuid4()
    draw = ExpertDraw.objects.create(
        id=draw_id,
        lot=lot,
        number=len(before) + 1,
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
            number=draw.number,
            wanted=draw.wanted,
            commitment=draw.commitment,
            pool_sha256=digest(pool),
            log_size=draw.committed_size,
        ),
        actor=str(person.pk),
        now=now,
    )
    return draw


def give_up(*, draw_id: UUID, reason: str, person: Person, now: datetime) -> ExpertDraw:
    """Give up a draw that was announced and not held; a second person does it and says why."""
    lot = _locked(ExpertDraw.objects.values_list("lot_id", flat=True).get(pk=draw_id))
    found = ExpertDraw.objects.get(pk=draw_id)
    if found.drawn_at is not None:
        raise Refusal("S-011")
    if found.given_up_at is not None:
        raise Refusal("S-017")
    if found.by_id == person.pk:
        raise Refusal("S-018")
    found.given_up_at, found.given_up_by, found.given_up_reason = now, person, reason
    found.save(update_fields=["given_up_at", "given_up_by", "given_up_reason"])
    event = DrawGivenUp(lot=lot.pk, number=found.number, reason=reason)
    told = [(streams.room(found.pk), event), (streams.ACCESS, event)]
    record_all(told, actor=str(person.pk), now=now)
    return found


def draw(*, draw_id: UUID, person: Person, now: datetime) -> Panel:
    """Hold a draw and invite those it names; the tenderer's representatives sit with them."""
    lot = _locked(ExpertDraw.objects.values_list("lot_id", flat=True).get(pk=draw_id))
    found = ExpertDraw.objects.select_related("lot__tender").get(pk=draw_id)
    may_draw(lot=lot).or_raise()
    if found.drawn_at is not None or Panel.objects.filter(lot=lot).exists():
        raise Refusal("S-011")
    if found.given_up_at is not None:
        raise Refusal("S-017")
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


def _locked(lot_id: UUID) -> Lot:
    """Take the lot's row for update: all that happens to its draws happens one by one."""
    lots = Lot.objects.select_for_update(of=("self",)).select_related("tender", "opening")
    return lots.get(pk=lot_id)


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
    for named in Representative.objects.select_related("person", "by").filter(lot=panel.lot):
        if bids_for_one(named.person, panel.lot):
            _bar(panel, named, actor=actor, now=now)
            continue
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
    tasks.settle(panel, now=now)


def _bar(panel: Panel, named: Representative, *, actor: str, now: datetime) -> None:
    """Give no seat to somebody of a bidder (MOF87 Art. 47); before the list nobody could ask."""
    named.barred_at = now
    named.save(update_fields=["barred_at"])
    event = RepresentativeBarred(specialty=named.specialty, site=named.site)
    panels.tell(panel, event, actor=actor, now=now)
    lot = panel.lot
    messages.send(
        to=named.by,
        kind="evaluation.barred",
        subject=_("请另行指定招标人代表"),
        body=_("您指定的招标人代表在投标人任职，依法应当回避，没有进入评标委员会。"),
        level="act",
        link=reverse("evaluation:representative", kwargs={"tender": lot.tender_id, "lot": lot.pk}),
        now=now,
    )
