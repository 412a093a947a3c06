"""Load and check in one call: what is missing and what is not theirs look the same."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from accounts.models import Person, Role
from accounts.web import SignedIn
from evaluation.domain.lifecycle import ACTIVE
from evaluation.models import ExpertDraw, Panel, Seat
from evaluation.policies.panel import TO_BE_JUDGED, may_draw, may_read_result
from trading.models import Lot
from trading.selectors.access import is_of_side

ON_DUTY = (Role.CENTRE_EVALUATION, Role.WITNESS)


def lot_to_draw(who: SignedIn, lot_id: UUID) -> Lot:
    """Return a lot of the evaluation staff's own centre; 404 otherwise."""
    lot = Lot.objects.select_related("tender").filter(pk=lot_id).first()
    if lot is None or lot.tender.centre_id not in who.centres(Role.CENTRE_EVALUATION):
        raise Http404
    return lot


def lots_to_draw(who: SignedIn) -> list[Lot]:
    """Return the lots of the staff's own centre that may have a panel drawn and have none."""
    found = Lot.objects.select_related("tender", "opening").filter(
        state__in=TO_BE_JUDGED,
        tender__centre_id__in=who.centres(Role.CENTRE_EVALUATION),
        panel__isnull=True,
    )
    return [lot for lot in found.order_by("deadline_at", "code") if may_draw(lot=lot).allowed]


def draw_to_hold(who: SignedIn, draw_id: UUID) -> ExpertDraw:
    """Return a draw of the evaluation staff's own centre; 404 otherwise."""
    draw = ExpertDraw.objects.select_related("lot__tender").filter(pk=draw_id).first()
    if draw is None or draw.lot.tender.centre_id not in who.centres(Role.CENTRE_EVALUATION):
        raise Http404
    return draw


def own_seat(who: SignedIn, panel_id: UUID) -> Seat:
    """Return the person's own seat in a panel that still counts; 404 otherwise."""
    seat = (
        Seat.objects.select_related("panel__lot__tender", "person")
        .filter(panel_id=panel_id, person=who.person, state__in=ACTIVE)
        .first()
    )
    if seat is None:
        raise Http404
    return seat


def invitation(person: Person, seat_id: UUID) -> Seat:
    """Return the person's own invitation; 404 otherwise."""
    seat = Seat.objects.filter(pk=seat_id, person=person).first()
    if seat is None:
        raise Http404
    return seat


def seat_on_duty(who: SignedIn, panel_id: UUID, seat_id: UUID) -> Seat:
    """Return a seat at a site where the person is on duty; 404 otherwise."""
    seat = Seat.objects.select_related("panel").filter(pk=seat_id, panel_id=panel_id).first()
    if seat is None or seat.site not in who.centres(*ON_DUTY):
        raise Http404
    return seat


def panel_on_duty(who: SignedIn, panel_id: UUID, *roles: Role) -> Panel:
    """Return a panel whose centre or one of whose sites the person serves; 404 otherwise."""
    panel = Panel.objects.select_related("lot__tender").filter(pk=panel_id).first()
    if panel is None or not is_on_duty(who, panel, *roles):
        raise Http404
    return panel


def is_on_duty(who: SignedIn, panel: Panel, *roles: Role) -> bool:
    """Tell whether somebody serves a panel: at its centre, or at a site of it."""
    places = {panel.lot.tender.centre_id, *panel.sites}
    return bool(places & who.centres(*(roles or ON_DUTY)))


def papers_of(who: SignedIn, panel_id: UUID) -> Panel:
    """Return a panel whose report the person may read.

    Members as soon as there is one; the tender's side and supervisors once it is delivered. Staff
    of the centre never: they see progress, not scores.
    """
    panel = (
        Panel.objects.select_related("lot__tender", "report", "result")
        .filter(pk=panel_id, report__isnull=False)
        .first()
    )
    if panel is None:
        raise Http404
    if Seat.objects.filter(panel=panel, person=who.person, state="CHECKED_IN").exists():
        return panel
    if not is_entitled(who, panel):
        raise Http404
    may_read_result(panel=panel).or_raise()
    return panel


def is_entitled(who: SignedIn, panel: Panel) -> bool:
    """Tell whether somebody gets the report: the tender's side, or its supervisor."""
    firm = who.organisation if who.has(Role.TENDERER, Role.AGENCY) else None
    tender = panel.lot.tender
    return is_of_side(tender, firm) or tender.centre_id in who.centres(Role.SUPERVISOR)
