"""What is read as data or as a file: state, report, score sheets, case, bid files."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect

from accounts.models import Role
from accounts.selectors import paper as kept_paper
from accounts.web import current, requires
from core import clock
from evaluation.models import Panel, Seat
from evaluation.selectors import desk, invitations, room
from evaluation.selectors.access import (
    ON_DUTY,
    is_entitled,
    is_on_duty,
    lot_to_draw,
    own_seat,
    papers_of,
)
from evaluation.views.ranges import part_of_file
from trading.models import BidFile
from trading.selectors.access import lot_of_side


@requires()
def expert_state(request: HttpRequest) -> JsonResponse:
    """Tell one's own invitations."""
    return JsonResponse({"invitations": invitations.of(current(request).person)})


@requires()
def state(request: HttpRequest, *, panel: UUID) -> HttpResponseBase:
    """Tell a panel's state, as far as the reader's part in it goes."""
    who = current(request)
    found = Panel.objects.select_related("lot__tender__procuring_entity").filter(pk=panel).first()
    if found is None:
        raise Http404
    if Seat.objects.filter(panel=found, person=who.person, state__in=room.SEATED).exists():
        return JsonResponse(room.state(found, own_seat(who, panel)))
    if is_on_duty(who, found, *ON_DUTY):
        return JsonResponse(desk.state(found, sites=who.centres(*ON_DUTY), now=clock.now()))
    if not is_entitled(who, found):
        raise Http404
    return JsonResponse(_for_reader(found))


@requires(Role.CENTRE_EVALUATION, Role.WITNESS, Role.SUPERVISOR)
def desk_state(request: HttpRequest, *, panel: UUID) -> JsonResponse:
    """Tell the progress of a panel to staff and supervisors; the same for all, no scores."""
    who = current(request)
    found = Panel.objects.select_related("lot__tender").filter(pk=panel).first()
    if found is None or not is_on_duty(who, found, *ON_DUTY, Role.SUPERVISOR):
        raise Http404
    return JsonResponse(desk.state(found, sites=who.centres(*ON_DUTY), now=clock.now()))


@requires(Role.CENTRE_EVALUATION)
def draw_state(request: HttpRequest, *, lot: UUID) -> JsonResponse:
    """Tell the draws of a lot; the seed only once it was revealed."""
    found = lot_to_draw(current(request), lot)
    return JsonResponse(
        {
            "draws": [
                {
                    "draw": str(draw.pk),
                    "number": draw.number,
                    "given_up": draw.given_up_reason or None,
                    "wanted": draw.wanted,
                    "commitment": draw.commitment,
                    "held": draw.drawn_at is not None,
                    "seed": draw.seed if draw.drawn_at else None,
                    "entropy": draw.entropy,
                    "panel": str(draw.pk) if draw.drawn_at else None,
                }
                for draw in found.expert_draws.all()
            ]
        }
    )


@requires(Role.TENDERER, Role.AGENCY)
def lot_state(request: HttpRequest, *, tender: UUID, lot: UUID) -> JsonResponse:
    """Tell the tender's side whether its report is there; of the panel nothing else."""
    found = lot_of_side(current(request), tender, lot)
    panel = Panel.objects.filter(lot=found, state="REPORTED").first()
    return JsonResponse({"report": None} if panel is None else _for_reader(panel))


@requires(Role.TENDERER, Role.AGENCY)
def lot_paper(request: HttpRequest, *, tender: UUID, lot: UUID, paper: str) -> HttpResponseBase:
    """Lead the tender's side from its lot to the paper of the panel that reported."""
    found = lot_of_side(current(request), tender, lot)
    panel = Panel.objects.filter(lot=found, state="REPORTED").first()
    if panel is None:
        raise Http404
    return redirect(f"evaluation:{paper}", panel=panel.pk)


@requires()
def report_pdf(request: HttpRequest, *, panel: UUID) -> HttpResponseBase:
    """Give the report: signed, if it is."""
    found = papers_of(current(request), panel).report
    return _pdf(found.signed_pdf or found.pdf, f"report-{panel}.pdf")


@requires()
def score_sheets_pdf(request: HttpRequest, *, panel: UUID) -> HttpResponseBase:
    """Give the score sheets."""
    found = papers_of(current(request), panel).report
    return _pdf(found.sheets_pdf, f"score-sheets-{panel}.pdf")


@requires()
def case_json(request: HttpRequest, *, panel: UUID) -> JsonResponse:
    """Give case and outcome as `manage.py recompute_ranking` takes them."""
    found = papers_of(current(request), panel).result
    return JsonResponse({"case": found.case, "outcome": found.outcome})


@requires()
def bid_file(request: HttpRequest, *, file: UUID) -> HttpResponseBase:
    """Give a file of a bid to a member who has signed the avoidance statement."""
    found = BidFile.objects.select_related("bid").filter(pk=file).first()
    may = found is not None and Seat.objects.filter(
        person=current(request).person,
        state="CHECKED_IN",
        declaration__isnull=False,
        panel__lot=found.bid.lot_id,
        panel__lot__state="EVALUATING",
    )
    if found is None or not may or not may.exists():
        raise Http404
    return part_of_file(request, name=found.file, size=found.size)


def _for_reader(panel: Panel) -> dict[str, object]:
    if panel.state != "REPORTED":
        return {"report": None}
    return {
        "panel": {"id": str(panel.pk), "state": panel.state},
        "result": room.result(panel),
        "report": room.report(panel),
    }


def _pdf(name: str, title: str) -> HttpResponse:
    with default_storage.open(kept_paper(name).file) as file:
        content = file.read()
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{title}"'},
    )
