"""Candidates, winner, notice, contract: the tenderer's acts after the report."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from accounts.services import messages, sealing_papers
from audit.services import record, record_all
from core.events import moment
from core.law import PERIODS, first_day_after
from core.verdicts import Refusal
from core.zone import at, local_day
from trading.documents.award_notice import render_award_notice
from trading.events.award import (
    AwardNotified,
    CandidatesPublished,
    ContractRecorded,
    WinnerDetermined,
)
from trading.models import Award, Bid, Candidate, Contract, Lot, Notice, ResultObjection
from trading.policies.award import may_award, may_publish_candidates, may_record_contract
from trading.selectors.streams import lot_public, lot_staff
from trading.services import refunding
from trading.services.opening.state import move_lot
from trading.services.reporting import locked_lot


def publish_candidates(*, lot_id: UUID, person: Person, signature: UUID, now: datetime) -> Notice:
    """Publish the candidates for at least three days (TBR Art. 54)."""
    lot = locked_lot(lot_id)
    may_publish_candidates(lot=lot).or_raise()
    day = local_day(now)
    rule = PERIODS["candidate_publicity"].get(on=day, track=lot.tender.legal_track)
    ends_at = at(first_day_after(day, rule).day)
    rows = candidate_rows(lot)
    notice = _notice(lot, Notice.Kind.CANDIDATES, {"candidates": rows}, signature, now)
    notice.ends_at = ends_at
    notice.save(update_fields=["ends_at"])
    move_lot(lot, "publish_candidates")
    record(
        stream=lot_public(lot),
        event=CandidatesPublished(notice=notice.pk, candidates=rows, ends_at=moment(ends_at)),
        actor=str(person.pk),
        now=now,
    )
    return notice


def award(
    *,
    lot_id: UUID,
    bid_id: UUID | None,
    reason: str,
    person: Person,
    signature: UUID,
    now: datetime,
) -> Award:
    """Determine the winner: rank 1, or another candidate with the legal reason (TBR Art. 55)."""
    lot = locked_lot(lot_id)
    candidates = list(lot.candidates.select_related("bid").order_by("rank", "price_fen"))
    chosen = next((c for c in candidates if bid_id in {None, c.bid_id}), None)
    if chosen is None:
        raise Refusal("W-024")
    may_award(
        lot=lot,
        publicity_ends_at=_publicity_ends(lot),
        unanswered=ResultObjection.objects.filter(lot=lot, answered_at__isnull=True).count(),
        rank=chosen.rank,
        ground=reason,
        now=now,
    ).or_raise()
    made = Award.objects.create(
        id=uuid4(),
        lot=lot,
        bid=chosen.bid,
        price_fen=chosen.price_fen,
        reason=reason,
        by=person,
        decided_at=now,
        signature=signature,
    )
    move_lot(lot, "award")
    record(
        stream=lot_staff(lot),
        event=WinnerDetermined(bid=chosen.bid_id, rank=chosen.rank, reason=reason),
        actor=str(person.pk),
        now=now,
    )
    return made


def notify(*, lot_id: UUID, person: Person, signature: UUID, now: datetime) -> Notice:
    """Tell winner and losers together and publish the result, in one act (TBL Art. 45)."""
    lot = locked_lot(lot_id)
    move_lot(lot, "notify")
    made = Award.objects.select_related("bid__seat__organisation").get(lot=lot)
    winner = made.bid.seat.organisation
    body = _award_body(lot, made)
    pdf = render_award_notice(body, at=now)
    made.notice_sha256 = hashlib.sha256(pdf).hexdigest()
    made.notice_pdf = default_storage.save(f"awards/{made.notice_sha256}.pdf", ContentFile(pdf))
    sealing_papers.want(file=made.notice_pdf, content=pdf, now=now)
    made.notified_at = now
    made.notice = _notice(lot, Notice.Kind.AWARD, body, signature, now)
    made.save()
    record(
        stream=lot_public(lot),
        event=AwardNotified(notice=made.notice.pk, winner=winner.name, price_fen=made.price_fen),
        actor=str(person.pk),
        now=now,
    )
    for bid in Bid.objects.filter(lot=lot, seat__isnull=False).select_related("seat__organisation"):
        _tell_bidder(lot, bid.seat.organisation, won=bid.pk == made.bid_id, now=now)
    refunding.after_notice(award=made, actor=str(person.pk), now=now)
    return made.notice


def record_contract(
    *,
    lot_id: UUID,
    signed_on: date,
    amount_fen: int,
    file: UploadedFile[Any],
    person: Person,
    signature: UUID,
    now: datetime,
) -> Contract:
    """Record the signed contract; its date starts the refunds."""
    lot = locked_lot(lot_id)
    made = Award.objects.select_related("lot__tender", "bid").get(lot=lot)
    may_record_contract(award=made, signed_on=signed_on, amount_fen=amount_fen, now=now).or_raise()
    content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    contract = Contract.objects.create(
        id=uuid4(),
        award=made,
        amount_fen=amount_fen,
        signed_on=signed_on,
        recorded_at=now,
        file=default_storage.save(f"contracts/{digest}", ContentFile(content)),
        sha256=digest,
        signature=signature,
    )
    move_lot(lot, "contract")
    facts = {
        "lot": lot.code,
        "winner": made.bid.seat.organisation.name,
        "amount_fen": amount_fen,
        "signed_on": signed_on.isoformat(),
    }
    notice = _notice(lot, Notice.Kind.CONTRACT, facts, signature, now)
    record_all(
        [
            (
                lot_public(lot),
                ContractRecorded(
                    notice=notice.pk, signed_on=signed_on.isoformat(), amount_fen=amount_fen
                ),
            )
        ],
        actor=str(person.pk),
        now=now,
    )
    refunding.after_contract(award=made, signed_at=at(signed_on), actor=str(person.pk), now=now)
    return contract


def candidate_rows(lot: Lot) -> list[dict[str, Any]]:
    """Return the candidates with what a publicity must contain (O10 Art. 6)."""
    rows: list[Candidate] = list(
        lot.candidates.select_related("bid__line", "bid__seat__organisation").order_by(
            "rank", "price_fen"
        )
    )
    return [
        {
            "rank": row.rank,
            "bid": str(row.bid_id),
            "name": row.bid.seat.organisation.name,
            "members": [member["name"] for member in row.bid.seat.members],
            "price_fen": row.price_fen,
            "duration_days": row.bid.line.duration_days,
            "quality": row.bid.line.quality,
            "manager": row.bid.line.manager,
            "total": str(row.total) if row.total is not None else None,
        }
        for row in rows
    ]


def _award_body(lot: Lot, made: Award) -> dict[str, Any]:
    return {
        "tender": lot.tender.code,
        "lot": lot.code,
        "title": f"{lot.tender.title} {lot.title}",
        "track": lot.tender.legal_track,
        "category": lot.tender.category,
        "procuring_entity": lot.tender.procuring_entity.name,
        "agency": lot.tender.agency.name if lot.tender.agency else None,
        "winner": made.bid.seat.organisation.name,
        "credit_code": made.bid.seat.organisation.credit_code,
        "members": [member["name"] for member in made.bid.seat.members],
        "price_fen": made.price_fen,
        "duration_days": made.bid.line.duration_days,
        "quality": made.bid.line.quality,
        "manager": made.bid.line.manager,
        "decided_at": moment(made.decided_at),
        "reason": made.reason,
    }


def _notice(lot: Lot, kind: str, body: dict[str, Any], signature: UUID, now: datetime) -> Notice:
    return Notice.objects.create(
        id=uuid4(),
        tender=lot.tender,
        lot=lot,
        kind=kind,
        title=f"{lot.tender.title} {lot.title}",
        body=body,
        published_at=now,
        signature=signature,
    )


def _publicity_ends(lot: Lot) -> datetime | None:
    notice = lot.notices.filter(kind=Notice.Kind.CANDIDATES).order_by("-published_at").first()
    return notice.ends_at if notice else None


def _tell_bidder(lot: Lot, firm: Organisation, *, won: bool, now: datetime) -> None:
    subject = _("中标通知：{name}") if won else _("招标结果通知：{name}")
    messages.send(
        to=firm,
        kind="award",
        subject=format_lazy(subject, name=f"{lot.tender.title} {lot.title}"),
        body=_("贵单位已被确定为中标人，请在规定期限内签订合同。")
        if won
        else _("本标段已确定中标人，感谢贵单位参与。结果和救济渠道见结果页。"),
        level="act" if won else "info",
        link=f"/bids/{lot.pk}/result",
        now=now,
    )
