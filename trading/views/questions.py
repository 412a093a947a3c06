"""A bidder's own questions about the documents, their answers, and a new one until the limit."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, bound, checked, current, requires
from core import clock
from trading.policies.enquiries import may_ask, may_object
from trading.selectors.bids import own_part
from trading.services import enquiries
from trading.tender_forms import EnquiryForm
from trading.views.bids import page_of


def questions_page(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Show the firm's own questions; drawn around the act of asking."""
    part = own_part(current(request), lot, now=clock.now())
    tender, deadline = part.lot.tender, enquiries.first_deadline(part.lot.tender)
    facts = {
        "form": bound(request, EnquiryForm),
        "own": enquiries.own(tender=tender, organisation=part.organisation),
        "until": deadline,
        "may_ask": bool(may_ask(tender=tender, deadline_at=deadline, now=part.now)),
        "may_object": bool(may_object(tender=tender, deadline_at=deadline, now=part.now)),
    }
    return page_of(request, part, "questions", **facts)


@requires(Role.BIDDER)
@act(page=questions_page)
def questions(request: ActRequest, *, lot: UUID) -> Done:
    """Ask about the documents; nobody learns who asked."""
    part = own_part(current(request), lot, now=request.act.now)
    form = checked(EnquiryForm(request.POST))
    enquiry = enquiries.ask(
        tender=part.lot.tender,
        organisation=part.organisation,
        **form.cleaned_data,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("trading:bid-questions", kwargs={"lot": lot}),
        reply={"enquiry": str(enquiry.pk)},
        message=_("提问已送出，答复将公开，不显示提问人"),
    )
