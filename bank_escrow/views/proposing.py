"""Propose, as the first of two persons: about a break, a bank, a deposit, a payee."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, bound, checked, requires
from bank_escrow.desk_forms import BankForm, DepositForm, PayeeForm, ResolveForm, UnpaidForm
from bank_escrow.domain.lifecycle import DEPOSIT, INSTRUCTION, OPEN_AT_BANK
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import Deposit, Instruction
from bank_escrow.selectors import breaks as found_breaks
from bank_escrow.selectors import finance, proposals
from bank_escrow.selectors.breaks import BreakRow
from bank_escrow.services.proposals import propose
from core import clock

# The bank is still to answer about these; no word of ours ends that.
_AT_THE_BANK = frozenset({Instruction.State.SENDING, *OPEN_AT_BANK})


@requires(Role.FINANCE, Role.SUPERVISOR)
def breaks(request: HttpRequest) -> HttpResponse:
    """Show what does not agree with the banks, and what was closed lately."""
    context = {"breaks": found_breaks.breaks(clock.now())}
    return render(request, "bank_escrow/breaks.html", context)


def break_page(request: HttpRequest, difference: UUID) -> HttpResponse:
    """Show one break with its facts; one that may concern a sealed lot looks like none."""
    found = _break(difference)
    ends_itself = found.order is not None and found.order.state in _AT_THE_BANK
    may_end = not found.resolved_at and not ends_itself
    subjects = [str(difference)] + ([str(found.order.id)] if found.order else [])
    context = {
        "found": found,
        "ends_itself": ends_itself,
        "form": bound(request, _break_form(found)) if may_end else None,
        "waits": proposals.waits_for([Kind.RESOLVE, Kind.UNPAID], *subjects),
    }
    return render(request, "bank_escrow/break.html", context)


show_break = requires(Role.FINANCE, Role.SUPERVISOR)(break_page)


@requires(Role.FINANCE)
@act(purpose="approve", page=break_page)
def propose_break(request: ActRequest, difference: UUID) -> Done:
    """Propose to close a break, or to call its order unpaid by the bank's letter."""
    found = _break(difference)
    form = checked(_break_form(found)(request.POST, request.FILES))
    about_order = form.cleaned_data["kind"] == Kind.UNPAID
    return _proposed(request, form, found.order.id if about_order and found.order else difference)


def banks_page(request: HttpRequest) -> HttpResponse:
    """Show each bank up or down, sending or stopped, with the ids of what stopped it."""
    rows = [(bank, found_breaks.open_critical(bank.code)) for bank in finance.health()]
    shown = {str(pk) for pk in found_breaks.visible_breaks().values_list("id", flat=True)}
    context = {"rows": rows, "shown": shown, "form": bound(request, BankForm)}
    return render(request, "bank_escrow/banks.html", context)


@requires(Role.FINANCE)
@act(purpose="approve", page=banks_page)
def banks(request: ActRequest) -> Done:
    """Propose to stop a bank, or to let it go on."""
    form = checked(BankForm(request.POST))
    return _proposed(request, form, form.cleaned_data["bank"])


def journal_page(request: HttpRequest, deposit: UUID) -> HttpResponse:
    """Show a deposit with its journal lines; a sealed one looks like none."""
    found, lines = finance.deposit_of(deposit), finance.lines_of(deposit)
    if found is None or not lines:
        raise Http404
    kinds = _kinds(found.state, has_payee=finance.has_payee(deposit))
    form = bound(request, DepositForm)
    form.offer(*kinds)
    hold = finance.hold_of(deposit)
    context = {
        "deposit": found,
        "lines": lines,
        "orders": finance.orders_of(deposit),
        "late": finance.late_orders(clock.now()),
        "hold": hold,
        "decision": proposals.proposal_of(hold.document) if hold else None,
        "form": form if kinds else None,
        "has_payee": finance.has_payee(deposit),
        "waits": proposals.waits_for(_DEPOSIT_ACTS, str(deposit)),
    }
    return render(request, "bank_escrow/journal.html", context)


journal = requires(Role.FINANCE, Role.SUPERVISOR)(journal_page)


@requires(Role.FINANCE)
@act(purpose="approve", page=journal_page)
def propose_deposit(request: ActRequest, deposit: UUID) -> Done:
    """Propose to freeze a deposit, to let it go, or to forfeit it."""
    if finance.deposit_of(deposit) is None:
        raise Http404
    form = checked(DepositForm(request.POST, request.FILES))
    return _proposed(request, form, deposit)


def payees_page(request: HttpRequest) -> HttpResponse:
    """Show where forfeited money of each lot goes."""
    context = {"payees": proposals.payees(), "form": bound(request, PayeeForm)}
    return render(request, "bank_escrow/payees.html", context)


@requires(Role.FINANCE)
@act(purpose="approve", page=payees_page)
def payees(request: ActRequest) -> Done:
    """Propose where forfeited money of a lot goes."""
    form = checked(PayeeForm(request.POST, request.FILES))
    return _proposed(request, form, form.cleaned_data["lot"], kind=Kind.FORFEIT_ACCOUNT)


_DEPOSIT_ACTS = {
    Kind.FREEZE: "freeze",
    Kind.UNFREEZE: "unfreeze",
    Kind.FORFEIT: "forfeit",
}


def _kinds(state: str, *, has_payee: bool) -> tuple[Kind, ...]:
    """Return what may be proposed about a deposit in this state."""
    if state == Deposit.State.REFUNDING:
        return (Kind.FREEZE,)  # an order that has not left is taken back with it
    kinds = [kind for kind, what in _DEPOSIT_ACTS.items() if DEPOSIT.can(state, what)]
    return tuple(kind for kind in kinds if has_payee or kind != Kind.FORFEIT)


def _break(difference: UUID) -> BreakRow:
    found = found_breaks.break_of(difference, now=clock.now())
    if found is None:
        raise Http404
    return found


def _break_form(found: BreakRow) -> type[forms.Form]:
    """Return how this break can end: by the bank's letter while its order is in doubt."""
    in_doubt = found.order is not None and INSTRUCTION.can(found.order.state, "confirm_unpaid")
    return UnpaidForm if in_doubt else ResolveForm


def _proposed(
    request: ActRequest, form: forms.Form, subject: object, *, kind: Kind | None = None
) -> Done:
    said = form.cleaned_data
    signature = request.act.signature
    assert signature is not None
    proposal = propose(
        kind=kind or Kind(said["kind"]),
        subject=str(subject),
        reason=said["reason"],
        file=said.get("file", b""),
        payee=form.payee() if isinstance(form, PayeeForm) else None,
        actor=request.act.actor,
        signature_id=signature.pk,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("bank_escrow:proposal", kwargs={"proposal": proposal.pk}),
        reply={"proposal": str(proposal.pk), "content_sha": proposal.content_sha},
        message=_("已提出，等待另一位财务人员确认"),
    )
