"""A panel as one of its members may see it: everything common, nothing of the others' scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.selectors import paper
from accounts.web import cited
from audit import selectors as audit
from core.decimals import write
from core.events import moment
from core.money import yuan
from evaluation.domain import scoring as rules
from evaluation.domain.lifecycle import ACTIVE, AT_WORK, SUMMED_UP
from evaluation.domain.reviewing import Proposal
from evaluation.models import (
    Declaration,
    LeaderVote,
    Panel,
    Report,
    ReportSignature,
    ReviewDecision,
    ReviewVote,
    Score,
    Seat,
)
from evaluation.selectors import streams
from evaluation.services import electing, panels, scoring
from evaluation.services.cases import price_of
from evaluation.services.reviewing import proposal_for
from trading.models import Bid


def state(panel: Panel, seat: Seat) -> dict[str, Any]:
    """Return the state of the room for one member.

    Before the identity check only the meeting is told; bidders' names come for the avoidance
    statement, and stand beside their bids once it is signed.
    """
    told: dict[str, Any] = {
        "panel": _panel(panel),
        "me": _me(panel, seat),
        "streams": {
            name: head.seq for name, head in audit.heads(streams.followed(panel, seat)).items()
        },
    }
    if panel.state not in AT_WORK or seat.state != "CHECKED_IN" or panel.lot.state not in _OPEN:
        return told
    bids, named = panels.compared_ever(panel), told["me"]["declared"]
    return {
        **told,
        "project": _project(panel),
        "seats": _seats(panel, seat),
        "bidders": [_bidder(bid) for bid in bids],
        "bids": [_bid(bid, label, named=named) for label, bid in _labelled(bids)],
        "criteria": _criteria(panel),
        "proposals": _proposals(panel, bids) if named else [],
        "votes": _votes(seat),
        "decisions": _decisions(panel),
        "scores": _scores(seat),
        "corrections": [
            {"reason": row.reason, "differences": row.differences} for row in panel.reopenings.all()
        ],
        "result": result(panel),
        "report": report(panel, seat),
    }


SEATED = ACTIVE
# A lot that has ended otherwise keeps nothing open to its panel.
_OPEN = frozenset(
    {
        "EVALUATING",
        "REPORTED",
        "CANDIDATES_PUBLISHED",
        "AWARDED",
        "NOTICE_SENT",
        "CONTRACTED",
        "ARCHIVED",
        "FAILED",
    }
)


def result(panel: Panel) -> dict[str, Any] | None:
    """Return case and outcome once the scores are summed up."""
    if panel.state not in SUMMED_UP:
        return None
    kept = panel.result
    return {
        "case_sha256": kept.case_sha256,
        "outcome": kept.outcome,
        "scores": kept.case["scores"],
        "draws": kept.case["draws"],
        "flags": kept.flags,
    }


def report(panel: Panel, seat: Seat | None = None) -> dict[str, Any] | None:
    """Return where the report lies, its hash, and who has signed."""
    if panel.state not in {"SIGNING", "REPORTED"}:
        return None
    kwargs = {"panel": panel.pk}
    signed = ReportSignature.objects.filter(seat__panel=panel).select_related("seat")
    return {
        "report_sha256": panel.report.sha256,
        "seal": _seal(panel.report) if panel.state == "REPORTED" else None,
        "pdf": reverse("evaluation:report", kwargs=kwargs),
        "score_sheets": reverse("evaluation:score-sheets", kwargs=kwargs),
        "case": reverse("evaluation:case", kwargs=kwargs),
        "signed": [
            {
                "seat": row.seat.code,
                "agrees": row.agrees,
                "opinion": row.opinion,
                "by_default": row.signature is None,
            }
            for row in signed.order_by("seat__number")
            # A dissent is read by all only when all have made up their minds.
            if panel.state == "REPORTED" or row.seat == seat
        ],
    }


def _seal(found: Report) -> dict[str, Any]:
    """Tell of both papers as of one: they are sealed together, one after the other."""
    papers = [paper(found.signed_pdf), paper(found.sheets_pdf)]
    return {
        "is_waiting": any(one.is_waiting for one in papers),
        "sealed_at": max((one.sealed_at for one in papers if one.sealed_at), default=None),
    }


def progress(panel: Panel, seat: Seat) -> dict[str, int]:
    """Return how many cells a member has filled, of how many; never what is in them."""
    if panel.state not in {"SCORING", *SUMMED_UP}:
        return {"done": 0, "total": 0}
    leaves = len(scoring.criteria_of(panel.lot).scored)
    passed = ReviewDecision.objects.filter(panel=panel, passed=True).count()
    return {"done": Score.objects.filter(seat=seat).count(), "total": leaves * passed}


def _panel(panel: Panel) -> dict[str, Any]:
    leader = panel.leader
    return {
        "id": str(panel.pk),
        "state": panel.state,
        "sites": list(panel.sites),
        "meets_at": moment(panel.meets_at),
        "hours": panel.hours,
        "leader": leader.code if leader else None,
        "vote_round": panel.vote_round,
    }


def _me(panel: Panel, seat: Seat) -> dict[str, Any]:
    cells = scoring.cells_of([seat]) if panel.state in {"SCORING", *SUMMED_UP} else []
    return {
        "seat": str(seat.pk),
        "code": seat.code,
        "role": str(seat.role),
        "site": seat.site,
        "state": seat.state,
        "leads": panel.leader_id == seat.pk,
        "declared": Declaration.objects.filter(seat=seat).exists(),
        "voted": _voted(panel).filter(seat=seat).exists(),
        "criteria_read": seat.criteria_read_at is not None,
        "locked": seat.locked_at is not None,
        "scores_sha256": rules.digest(cells) if cells else None,
        "progress": progress(panel, seat),
        "signed": ReportSignature.objects.filter(seat=seat).exists(),
    }


def _voted(panel: Panel) -> Any:
    return LeaderVote.objects.filter(
        seat__panel=panel, election=panel.election, round=panel.vote_round
    )


def _project(panel: Panel) -> dict[str, Any]:
    lot = panel.lot
    return {
        "tender": lot.tender.code,
        "lot": lot.code,
        "title": f"{lot.tender.title} {lot.title}",
        "track": lot.tender.legal_track,
        "procuring_entity": lot.tender.procuring_entity.name,
        "ceiling_fen": lot.ceiling_fen,
        "formula": lot.price_formula,
        "outlier_rule": lot.outlier_rule,
        "tie_rule": list(lot.tie_rule),
    }


def _seats(panel: Panel, me: Seat) -> list[dict[str, Any]]:
    standing = (
        {seat.pk for seat in electing.candidates(panel)} if panel.leader_id is None else set()
    )
    return [
        {
            "seat": str(seat.pk),
            "code": seat.code,
            "name": seat.person.name,
            "site": seat.site,
            "role": str(seat.role),
            "specialty": seat.specialty,
            "me": seat.pk == me.pk,
            "leads": seat.pk == panel.leader_id,
            "may_be_elected": seat.pk in standing,
            "locked": seat.locked_at is not None,
        }
        for seat in panels.members(panel)
        if seat.state == "CHECKED_IN"
    ]


def _labelled(bids: Sequence[Bid]) -> list[tuple[str, Bid]]:
    return [(f"{number:02d}", bid) for number, bid in enumerate(bids, start=1)]


def _bidder(bid: Bid) -> dict[str, Any]:
    return {
        "party": str(bid.party_id),
        "name": bid.seat.organisation.name,
        "members": [member["name"] for member in bid.seat.members],
    }


def _bid(bid: Bid, label: str, *, named: bool) -> dict[str, Any]:
    if not named:
        return {"bid": str(bid.pk), "label": label}
    return {
        "bid": str(bid.pk),
        "label": label,
        **_bidder(bid),
        "price_fen": bid.line.price_fen,
        "price_counted_fen": price_of(bid),
        "duration_days": bid.line.duration_days,
        "quality": bid.line.quality,
        "manager": bid.line.manager,
        "form": bid.line.form,
        "files": [
            {
                "id": str(file.pk),
                "part": file.part,
                "name": file.name,
                "size": file.size,
                "pages": file.pages,
                "url": reverse("evaluation:bid-file", kwargs={"file": file.pk}),
            }
            for file in bid.files.all()
        ],
    }


def _criteria(panel: Panel) -> list[dict[str, Any]]:
    leaves = {leaf.key for leaf in scoring.criteria_of(panel.lot).scored}
    return [
        {
            "key": row.key,
            "title": row.title,
            "standard": row.standard,
            "clause": row.clause,
            "max": write(row.max),
            "step": write(row.step) if row.step is not None else None,
            "kind": str(row.kind),
            "part_of": row.part_of.key if row.part_of else None,
            "scored": row.key in leaves,
        }
        for row in panel.lot.criteria.select_related("part_of")
    ]


def _proposals(panel: Panel, bids: Sequence[Bid]) -> list[dict[str, str]]:
    found = ((bid, proposal_for(bid, panel.lot)) for bid in bids)
    return [
        {
            "bid": str(bid.pk),
            "code": told.code,
            "clause": str(cited(told.clause)),
            "fact": _above_the_ceiling(told),
        }
        for bid, told in found
        if told is not None
    ]


def _above_the_ceiling(told: Proposal) -> str:
    return _("投标报价 %(price)s 元，高于最高投标限价 %(ceiling)s 元，超出 %(excess)s 元。") % {
        "price": yuan(told.price_fen),
        "ceiling": yuan(told.ceiling_fen),
        "excess": yuan(told.price_fen - told.ceiling_fen),
    }


def _votes(seat: Seat) -> list[dict[str, Any]]:
    return [
        {
            "bid": str(row.bid_id),
            "passed": row.passed,
            "code": row.code,
            "clause": row.clause,
            "fact": row.fact,
            "page": row.page,
        }
        for row in ReviewVote.objects.filter(seat=seat)
    ]


def _decisions(panel: Panel) -> list[Mapping[str, Any]]:
    return [
        {
            "bid": str(row.bid_id),
            "passed": row.passed,
            "code": row.code,
            "clause": row.clause,
            "fact": row.fact,
            "page": row.page,
            "votes_for": row.votes_for,
            "votes_against": row.votes_against,
        }
        for row in ReviewDecision.objects.filter(panel=panel)
    ]


def _scores(seat: Seat) -> list[dict[str, Any]]:
    rows = Score.objects.filter(seat=seat).select_related("criterion")
    return [
        {
            "bid": str(row.bid_id),
            "criterion": row.criterion.key,
            "value": write(row.value),
            "note": row.note,
            "file": str(row.file_id) if row.file_id else None,
            "page": row.page,
        }
        for row in rows
    ]
