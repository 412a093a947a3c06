"""Decide, as the second of two persons, on what another has proposed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import ActRequest, Done, act, bound, checked, requires
from bank_escrow.desk_forms import AnswerForm, ConfirmForm
from bank_escrow.selectors import proposals as found
from bank_escrow.services import proposals as services


@requires(Role.FINANCE, Role.SUPERVISOR)
def proposals(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person, and what was decided."""
    context = {"waiting": found.waiting(), "decided": found.decided(), "me": str(request.user.pk)}
    return render(request, "bank_escrow/proposals.html", context)


def proposal_page(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Show one proposal with all that its second person compares."""
    row = found.proposal_of(proposal)
    if row is None:
        raise Http404
    context = {
        "proposal": row,
        "is_own": row.proposer == str(request.user.pk),
        "form": bound(request, AnswerForm),
    }
    return render(request, "bank_escrow/proposal.html", context)


show = requires(Role.FINANCE, Role.SUPERVISOR)(proposal_page)


@requires(Role.FINANCE, Role.SUPERVISOR)
@require_GET
def document(_request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Give out the document a proposal came with."""
    content = found.document_of(proposal)
    if content is None:
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="proposal-{proposal}.pdf"',
        # What somebody uploaded never runs in our origin.
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@requires(Role.FINANCE)
@act(purpose="approve", page=proposal_page)
def confirm(request: ActRequest, proposal: UUID) -> Done:
    """Confirm a proposal: what it says is done."""
    form = checked(ConfirmForm(request.POST))
    signature = request.act.signature
    assert signature is not None
    services.confirm(
        proposal_id=proposal,
        content_sha=form.cleaned_data["content_sha"],
        actor=request.act.actor,
        signature_id=signature.pk,
        now=request.act.now,
    )
    return _back(proposal, _("已确认并办理"))


@requires(Role.FINANCE)
@act(page=proposal_page)
def refuse(request: ActRequest, proposal: UUID) -> Done:
    """Refuse what another has proposed."""
    form = checked(AnswerForm(request.POST))
    services.refuse(
        proposal_id=proposal,
        why=form.cleaned_data["why"],
        actor=request.act.actor,
        signature_id=None,
        now=request.act.now,
    )
    return _back(proposal, _("已退回"))


@requires(Role.FINANCE)
@act(page=proposal_page)
def withdraw(request: ActRequest, proposal: UUID) -> Done:
    """Take one's own proposal back."""
    form = checked(AnswerForm(request.POST))
    services.withdraw(
        proposal_id=proposal,
        why=form.cleaned_data["why"],
        actor=request.act.actor,
        signature_id=None,
        now=request.act.now,
    )
    return _back(proposal, _("已撤回"))


def _back(proposal: UUID, message: str) -> Done:
    where = reverse("bank_escrow:proposal", kwargs={"proposal": proposal})
    return Done(redirect=where, reply={"proposal": str(proposal)}, message=message)
