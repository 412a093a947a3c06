"""A panel as the centre's staff see it: who is where and how far, never what was scored."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Centre
from audit import selectors as audit
from core.events import moment
from evaluation.domain.lifecycle import AT_WORK, SUMMED_UP
from evaluation.models import Panel, ReportSignature, ReviewVote, Seat
from evaluation.selectors import room, streams
from evaluation.services import panels
from evaluation.services.invitations import composition, is_short

# Names are for those who let people in, and only on the day.
ARRIVAL = timedelta(hours=1)


def state(panel: Panel, *, sites: Collection[str], now: datetime) -> dict[str, Any]:
    """Return the desk for staff who serve these sites."""
    names = {centre.code: centre.shown_name for centre in Centre.objects.all()}
    lot = panel.lot
    stream = streams.room(panel.pk)
    return {
        "panel": {
            "id": str(panel.pk),
            "state": panel.state,
            "lot": str(lot.pk),
            "lot_code": lot.code,
            "lot_state": lot.state,
            "title": f"{lot.tender.title} {lot.title}",
            "meets_at": moment(panel.meets_at),
            "hours": panel.hours,
            "sites": [{"code": code, "name": names.get(code, code)} for code in panel.sites],
            "leader": panel.leader.code if panel.leader else None,
            "short": panel.state == "INVITING" and is_short(panel),
        },
        "seats": [
            {**_seat(panel, seat, sites=sites, now=now), "place": names.get(seat.site, seat.site)}
            for seat in panel.seats.all()
        ],
        "findings": [
            {
                "code": found.code,
                "blocks": found.blocks,
                "article": found.article,
                **found.facts,
            }
            for found in composition(panel, now=now)
        ],
        "report_sha256": panel.report.sha256 if panel.state in {"SIGNING", "REPORTED"} else None,
        "streams": {stream: audit.head(stream).seq},
    }


def _seat(panel: Panel, seat: Seat, *, sites: Collection[str], now: datetime) -> dict[str, Any]:
    arrived = seat.checked_in_at is not None
    at_the_door = seat.state == "ACCEPTED" and now >= panel.meets_at - ARRIVAL
    named = seat.site in sites and (arrived or at_the_door)
    return {
        "seat": str(seat.pk),
        "code": seat.code,
        "role": str(seat.role),
        "specialty": seat.specialty,
        "site": seat.site,
        "state": seat.state,
        "name": seat.person.name if named else None,
        "mine": seat.site in sites,
        "leads": seat.pk == panel.leader_id,
        "declared": arrived and hasattr(seat, "declaration"),
        "criteria_read": seat.criteria_read_at is not None,
        "reviewed": _reviewed(panel, seat),
        "progress": room.progress(panel, seat),
        "locked": seat.locked_at is not None,
        "signed": panel.state in SUMMED_UP and ReportSignature.objects.filter(seat=seat).exists(),
    }


def _reviewed(panel: Panel, seat: Seat) -> dict[str, int]:
    if panel.state not in AT_WORK:
        return {"done": 0, "total": 0}
    return {
        "done": ReviewVote.objects.filter(seat=seat).count(),
        "total": len(panels.compared_ever(panel)),
    }
