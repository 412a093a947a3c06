"""Signing the report: agree, or dissent with an opinion; the last one sends it off."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.services import sealing_papers
from core.verdicts import Refusal
from evaluation.documents.report import Signed, render_report
from evaluation.domain import ranking
from evaluation.events import ReportDelivered
from evaluation.events import ReportSigned as ReportSignedEvent
from evaluation.models import Panel, Report, ReportSignature, ReviewDecision, Seat
from evaluation.policies.panel import may_work
from evaluation.services import panels, tasks
from evaluation.services.drafting import keep, kept
from evaluation.services.seating import at_work
from trading.services.reporting import Rejected, Standing, receive_report


def sign(
    *,
    panel_id: UUID,
    seat_id: UUID,
    agrees: bool,
    opinion: str,
    report_sha256: str,
    signature: UUID,
    actor: str,
    now: datetime,
) -> Panel:
    """Sign the report's hash; a dissent says why (TBR Art. 53, GPR Art. 41)."""
    panel, seat = at_work(panel_id, seat_id, state="SIGNING")
    report = Report.objects.get(panel=panel)
    if report_sha256 != report.sha256:
        raise Refusal("S-050")
    if not agrees and not opinion.strip():
        raise Refusal("S-051")
    if ReportSignature.objects.filter(seat=seat).exists():
        raise Refusal("S-052")
    _book(
        panel,
        seat,
        agrees=agrees,
        opinion="" if agrees else opinion.strip(),
        signature=signature,
        actor=actor,
        now=now,
    )
    _deliver_if_whole(panel, actor=actor, now=now)
    tasks.settle(panel, now=now)
    return panel


def close(*, panel_id: UUID, actor: str, now: datetime) -> Panel:
    """Close signing: who neither signs nor explains is recorded as agreeing (TBR Art. 53)."""
    panel = panels.locked(panel_id)
    may_work(panel=panel, lot=panel.lot, state="SIGNING").or_raise()
    signed = set(_signatures(panel).values_list("seat_id", flat=True))
    if not signed:
        raise Refusal("S-053")
    for seat in panels.members(panel):
        if seat.pk not in signed:
            _book(panel, seat, agrees=True, opinion="", signature=None, actor=actor, now=now)
    _deliver_if_whole(panel, actor=actor, now=now)
    tasks.settle(panel, now=now)
    return panel


def _book(
    panel: Panel,
    seat: Seat,
    *,
    agrees: bool,
    opinion: str,
    signature: UUID | None,
    actor: str,
    now: datetime,
) -> None:
    ReportSignature.objects.create(
        seat=seat,
        agrees=agrees,
        opinion=opinion,
        report_sha256=panel.report.sha256,
        signature=signature,
        at=now,
    )
    event = ReportSignedEvent(seat=seat.code, agrees=agrees, by_default=signature is None)
    panels.tell(panel, event, actor=actor, now=now)


def _signatures(panel: Panel) -> QuerySet[ReportSignature]:
    return ReportSignature.objects.filter(seat__panel=panel)


def _deliver_if_whole(panel: Panel, *, actor: str, now: datetime) -> None:
    rows = list(_signatures(panel).select_related("seat__person").order_by("seat__number"))
    if len(rows) < len(panels.members(panel)):
        return
    report = Report.objects.select_for_update().get(panel=panel)
    pdf = render_report(report.body, signatures=[_signed(row) for row in rows], at=now)
    report.signed_pdf = keep(panel, "signed", pdf)
    report.signed_sha256 = hashlib.sha256(pdf).hexdigest()
    report.save(update_fields=["signed_pdf", "signed_sha256"])
    sealing_papers.want(file=report.signed_pdf, content=pdf, now=now)
    # The sheets were drawn with the draft; they are final now that the report is.
    sheets = kept(report.sheets_pdf)
    sealing_papers.want(file=report.sheets_pdf, content=sheets, now=now)
    panels.move(panel, "report", actor=actor, now=now, reported_at=now)
    event = ReportDelivered(
        report_sha256=report.sha256, dissents=sum(not row.agrees for row in rows)
    )
    panels.tell(panel, event, actor=actor, now=now)
    rejected = ReviewDecision.objects.filter(panel=panel, passed=False)
    receive_report(
        lot=panel.lot,
        ranking=[
            Standing(bid=UUID(place.bid), rank=place.rank, total=place.total)
            for place in ranking.places(panel.result.outcome)
        ],
        rejections={
            row.bid_id: Rejected(code=row.code, clause=row.clause, fact=row.fact)
            for row in rejected
        },
        report_sha256=report.sha256,
        actor=actor,
        now=now,
    )


def _signed(row: ReportSignature) -> Signed:
    return Signed(
        seat=row.seat.code,
        name=row.seat.person.name,
        agrees=row.agrees,
        opinion=row.opinion,
        at=row.at,
        by_default=row.signature is None,
    )
