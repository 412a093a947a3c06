"""The report as data (评标报告): what O12 Art. 42 and MOF87 Art. 58 ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import Centre
from core.events import moment
from evaluation.models import Panel, Result, ReviewDecision
from evaluation.services import panels
from evaluation.services.cases import price_of
from trading.models import Bid, Lot, OpeningSeat


def body(panel: Panel, *, result: Result, now: datetime) -> dict[str, Any]:
    """Return the whole report as JSON."""
    lot, outcome = panel.lot, result.outcome
    tender = lot.tender
    bids = {str(bid.pk): bid for bid in panels.compared(lot)}
    names = {key: _name(bid) for key, bid in bids.items()}
    titles = {row["key"]: row["title"] for row in result.case["rules"]["criteria"]}
    return {
        "v": 1,
        "kind": "evaluation-report",
        "tender": tender.code,
        "lot": lot.code,
        "title": f"{tender.title} {lot.title}",
        "track": tender.legal_track,
        "category": tender.category,
        "procuring_entity": tender.procuring_entity.name,
        "agency": tender.agency.name if tender.agency else None,
        "deadline_at": moment(lot.deadline_at) if lot.deadline_at else None,
        "met_at": moment(panel.meets_at),
        "drafted_at": moment(now),
        "sites": list(panel.sites),
        "places": [place_of(site) for site in panel.sites],
        "draw": _draw(panel),
        "members": _members(panel),
        "estimate_fen": lot.estimate_fen,
        "ceiling_fen": lot.ceiling_fen,
        "bids": [_bid(bid) for bid in bids.values()],
        "unopened": _unopened(lot),
        "rejections": _rejections(panel, names),
        "formula": result.case["formula"],
        "criteria": result.case["rules"]["criteria"],
        "outlier_rule": result.case["rules"]["outlier_rule"],
        "tie_rule": result.case["rules"]["tie_rule"],
        "benchmark_fen": outcome["benchmark_fen"],
        "working": outcome["working"],
        "ranking": _ranking(outcome, bids, names),
        "candidates": [names[key] for key in outcome["candidates"]],
        "first": names.get(outcome["first"] or ""),
        "ties": [[names[key] for key in order] for order in result.case["draws"]],
        "corrections": [
            {
                "at": moment(row.at),
                "reason": row.reason,
                "facts": [
                    {
                        "name": names[one["bid"]],
                        "criterion": one["criterion"],
                        "title": titles[one["criterion"]],
                    }
                    for one in row.differences
                ],
            }
            for row in panel.reopenings.all()
        ],
        "flags": [
            {**flag, "name": names[flag["bid"]], "title": titles[flag["criterion"]]}
            for flag in result.flags
        ],
        "case_sha256": result.case_sha256,
    }


def place_of(site: str) -> str:
    """Return a centre's Chinese name, as papers have it; the bare region code without a centre."""
    centre = Centre.objects.filter(pk=site).first()
    return centre.name if centre else site


def _draw(panel: Panel) -> dict[str, Any]:
    """Return which of the lot's draws this panel came of, and why the others were given up."""
    given_up = panel.lot.expert_draws.filter(given_up_at__isnull=False)
    return {
        "number": panel.draw.number,
        "given_up": [{"number": one.number, "reason": one.given_up_reason} for one in given_up],
    }


def _members(panel: Panel) -> list[dict[str, Any]]:
    return [
        {
            "seat": seat.code,
            "name": seat.person.name,
            "role": str(seat.role),
            "specialty": seat.specialty,
            "site": seat.site,
            "place": place_of(seat.site),
            "leader": seat.pk == panel.leader_id,
        }
        for seat in panels.members(panel)
    ]


def _name(bid: Bid) -> str:
    return "、".join([bid.seat.organisation.name, *_partners(bid.seat)])


def _partners(seat: OpeningSeat) -> list[str]:
    return [member["name"] for member in seat.members]


def _bid(bid: Bid) -> dict[str, Any]:
    return {
        "bid": str(bid.pk),
        "seat": bid.seat.number,
        "name": _name(bid),
        "price_fen": bid.line.price_fen,
        "price_counted_fen": price_of(bid),
        "duration_days": bid.line.duration_days,
        "quality": bid.line.quality,
        "manager": bid.line.manager,
    }


def _unopened(lot: Lot) -> list[dict[str, Any]]:
    """Return those the panel never saw: not decrypted, or in track G found unqualified."""
    gone = Bid.objects.select_related("seat__organisation", "qualification").filter(
        lot=lot, state__in=["UNRELEASED", "REJECTED"], seat__isnull=False
    )
    return [
        {
            "seat": bid.seat.number,
            "name": _name(bid),
            "state": bid.state,
            "code": bid.state_code,
        }
        for bid in gone.order_by("seat__number")
    ]


def _rejections(panel: Panel, names: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = ReviewDecision.objects.filter(panel=panel, passed=False).order_by("bid__seat__number")
    return [
        {
            "bid": str(row.bid_id),
            "name": names[str(row.bid_id)],
            "code": row.code,
            "clause": row.clause,
            "fact": row.fact,
            "page": row.page,
            "votes_for": row.votes_for,
            "votes_against": row.votes_against,
        }
        for row in rows
    ]


def _ranking(
    outcome: Mapping[str, Any], bids: Mapping[str, Bid], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    ranked = [row for row in outcome["bids"] if row["rank"] is not None]
    ranked.sort(key=lambda row: (row["rank"], row["key"] != outcome["first"], row["key"]))
    return [
        {
            "bid": row["key"],
            "name": names[row["key"]],
            "price_fen": bids[row["key"]].line.price_fen,
            "price_evaluated_fen": row["price_evaluated_fen"],
            "deviation": row["deviation"],
            "price_score": row["price_score"],
            "scores": row["scores"],
            "total": row["total"],
            "rank": row["rank"],
            "working": row["working"],
        }
        for row in ranked
    ]
