"""Refunds by two persons, above a sum by three: prepare, put forward, approve, release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, bound, checked, requires
from bank_escrow import services
from bank_escrow.forms import OrdersForm, PrepareForm, WhyForm
from bank_escrow.selectors import finance
from bank_escrow.services.grounds import order_on
from bank_escrow.services.orders import order_stray
from core import clock
from core.verdicts import Refusal


def refunds_page(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    """Show what waits for which hand, and how far the rest is."""
    me = str(request.user.pk)
    waiting = finance.orders("SUBMITTED")
    context = {
        "form": bound(request, PrepareForm),
        "sections": [
            ("submit", _("待提交"), _("提交复核"), finance.orders("DRAFT")),
            ("approve", _("待复核"), _("批准付款"), _by_others(waiting, me)),
            ("release", _("待放行"), _("放行"), _to_release()),
        ],
        "recallable": finance.orders("DRAFT", "SUBMITTED", "APPROVED", "QUEUED"),
        "under_way": finance.orders(
            "APPROVED", "QUEUED", "SENDING", "PROCESSING", "UNKNOWN", "ABSENT", "BREAK"
        ),
        "ended": finance.orders("DONE", "FAILED_BANK", "FAILED_CONFIRMED", "RETURNED"),
        "strays": finance.idle_strays(),
        "own": [order for order in waiting if order.maker == me],
        "person": me,
        "late": finance.late_orders(clock.now()),
    }
    return render(request, "bank_escrow/refunds.html", context)


refunds = requires(Role.FINANCE, Role.SUPERVISOR)(refunds_page)


@requires(Role.FINANCE)
@act(page=refunds_page)
def prepare(request: ActRequest) -> Done:
    """Prepare orders for the money of a ground that no order is about."""
    form = checked(PrepareForm(request.POST))
    actor, now = request.act.actor, request.act.now
    made = order_on(ground_id=form.chosen(), actor=actor, now=now)
    return _back(_("已生成 %(count)s 笔退款") % {"count": len(made)}, [str(o.id) for o in made])


@requires(Role.FINANCE)
@act(page=refunds_page)
def return_stray(request: ActRequest, credit: UUID) -> Done:
    """Prepare the order that sends stray money back to whoever paid it."""
    if not finance.strays().filter(pk=credit).exists():
        raise Http404
    order = order_stray(credit_id=credit, actor=request.act.actor, now=request.act.now)
    return _back(_("已生成 %(count)s 笔退款") % {"count": 1}, [str(order.id)])


@requires(Role.FINANCE)
@act(purpose="refund", page=refunds_page)
def submit(request: ActRequest) -> Done:
    """Put orders forward."""
    return _sign(request, "DRAFT", services.submit)


@requires(Role.FINANCE)
@act(purpose="refund", page=refunds_page)
def approve(request: ActRequest) -> Done:
    """Approve orders."""
    return _sign(request, "SUBMITTED", services.approve)


@requires(Role.FINANCE)
@act(purpose="refund", page=refunds_page)
def release(request: ActRequest) -> Done:
    """Release orders above the threshold."""
    return _sign(request, "APPROVED", services.release)


@requires(Role.FINANCE)
@act(page=refunds_page)
def refuse(request: ActRequest, order: UUID) -> Done:
    """Send an order back."""
    return _end(request, order, services.refuse, _("已退回经办"))


@requires(Role.FINANCE)
@act(page=refunds_page)
def cancel(request: ActRequest, order: UUID) -> Done:
    """Take an order back."""
    return _end(request, order, services.cancel, _("已撤回"))


def _sign(request: ActRequest, state: str, service: Callable[..., Any]) -> Done:
    """Give one hand to every chosen order, all or none."""
    if not request.POST.getlist("order"):
        raise Refusal("M-208")
    form = checked(OrdersForm(request.POST, state=state))
    signature = request.act.signature
    assert signature is not None
    for order, content_sha in form.chosen():
        service(
            instruction_id=order,
            content_sha=content_sha,
            actor=request.act.actor,
            signature_id=signature.pk,
            now=request.act.now,
        )
    signed = [str(order) for order, _sha in form.chosen()]
    return _back(_("已签名 %(count)s 笔") % {"count": len(signed)}, signed)


def _end(request: ActRequest, order: UUID, service: Callable[..., Any], said: str) -> Done:
    if not finance.visible_orders().filter(pk=order).exists():
        raise Http404
    form = checked(WhyForm(request.POST))
    service(
        instruction_id=order,
        why=form.cleaned_data["why"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return _back(said, [str(order)])


def _by_others(orders: tuple[finance.OrderRow, ...], me: str) -> tuple[finance.OrderRow, ...]:
    """Leave out what one put forward oneself: another person must sign it."""
    return tuple(order for order in orders if order.maker != me)


def _to_release() -> tuple[finance.OrderRow, ...]:
    return tuple(
        row for row in finance.orders("APPROVED") if row.needs_release and not row.released
    )


def _back(message: str, orders: list[str]) -> Done:
    return Done(redirect=reverse("bank_escrow:refunds"), reply={"orders": orders}, message=message)
