"""A bidder's pages: its bids, one lot's overview, documents, deposit, key, building, sealing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Certificate, Role
from accounts.selectors import certificates_of
from accounts.web import bound, current, requires
from audit.services.keys import log_key
from core import clock
from trading import bid_steps, payment_codes
from trading.bid_form import SLOTS, OpeningForm
from trading.domain.bidding import Step
from trading.security_forms import ClaimForm, LetterForm
from trading.selectors.bids import RECENT, OwnPart, own_part, own_parts
from trading.selectors.notices import letter_of
from trading.selectors.outcomes import outcome_of
from trading.selectors.own_bids import deposit as deposit_facts
from trading.selectors.sealing import recipients
from trading.selectors.tender_data import version_in_force

# An opening is over on its own day; one that is put off tells its bidders.
_OPENING_DAY = timedelta(days=1)


@requires(Role.BIDDER)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Every lot the firm takes part in, the open ones first."""
    now = clock.now()
    whole = request.GET.get("all") == "1"
    parts = own_parts(current(request), now=now, since=None if whole else now - RECENT)
    rows = [{"part": part, "next": bid_steps.action(part)} for part in parts]
    return render(request, "trading/bids/mine.html", {"rows": rows, "whole": whole})


@requires(Role.BIDDER)
@require_GET
def overview(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Where the firm stands in a lot, and the one thing to do next."""
    part = _part(request, lot)
    more = {
        "action": bid_steps.action(part),
        "choices": bid_steps.choices(part),
        "tasks": bid_steps.tasks(part),
        "missing": bid_steps.missing(part),
    }
    return page_of(request, part, "overview", **more)


@requires(Role.BIDDER)
@require_GET
def documents(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Every version of the documents, and which of them the firm has not taken yet."""
    part = _part(request, lot)
    following = None if part.next_step is Step.DOCUMENTS else bid_steps.action(part)
    return page_of(request, part, "documents", action=following)


def deposit_page(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Where to pay, how much, and what has come; drawn around the act that asks for an account."""
    part = _part(request, lot)
    facts = {
        "qr": payment_codes.image(part.deposit) if part.deposit else "",
        "action": bid_steps.action(part) if part.next_step is not Step.DEPOSIT else None,
        "hurry": part.is_within(bid_steps.HURRY) and not part.facts.deposit_settled,
        "letter_form": bound(request, LetterForm),
        "claim_form": bound(request, ClaimForm),
    }
    return page_of(request, part, "deposit", **facts)


@requires(Role.BIDDER)
@require_GET
def deposit_state(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """The live line of the deposit page alone."""
    part = _part(request, lot)
    return render(request, "trading/bids/deposit_state.html", {"part": part})


@requires(Role.BIDDER)
@require_GET
def deposit_data(request: HttpRequest, *, lot: UUID) -> JsonResponse:
    """The state of the deposit for programs."""
    return JsonResponse({"deposit": deposit_facts(_part(request, lot).party)})


@requires(Role.BIDDER)
@require_GET
def key(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Make the opening key on the bidder's machine."""
    return page_of(request, _part(request, lot), "key")


@requires(Role.BIDDER)
@require_GET
def build(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Fill the opening form and the file slots; nothing of it leaves the machine."""
    part = _part(request, lot)
    facts = {"form": OpeningForm(part.lot), "slots": SLOTS, **recipients(part.party)}
    return page_of(request, part, "build", **facts)


@requires(Role.BIDDER)
@require_GET
def submit(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Seal on the machine, upload, submit, check the receipt."""
    part = _part(request, lot)
    mine = certificates_of(current(request).person)
    facts = {
        "host": recipients(part.party),
        "slots": SLOTS,
        "serials": " ".join(one.serial for one in mine),
        "certificate_ends": _ends_too_early(mine, part),
        "doc_version": version_in_force(part.lot.tender),
        "log_key": log_key().dumps(),
        "uploads_url": reverse("trading:uploads"),
        "args": json.dumps({"lot": str(lot)}),
    }
    return page_of(request, part, "submit", **facts)


def _ends_too_early(mine: Iterable[Certificate], part: OwnPart) -> datetime | None:
    """Return when the person's last certificate ends, if that is before the opening is over.

    To release and to confirm is to sign again, on the day of the deadline.
    """
    last = max((one.not_after for one in mine), default=None)
    deadline = part.lot.deadline_at
    if last is None or deadline is None or last > deadline + _OPENING_DAY:
        return None
    return last


def withdraw_page(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Say what withdrawing does; drawn around the act itself."""
    return page_of(request, _part(request, lot), "withdraw")


@requires(Role.BIDDER)
@require_GET
def result(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """What became of the firm's bid, and what it can still do about it."""
    part = _part(request, lot)
    args = json.dumps({"lot": str(lot)})
    outcome = outcome_of(part)
    letter = letter_of(part.lot) if outcome.won else None
    return page_of(request, part, "result", outcome=outcome, letter=letter, args=args)


_HERE = {
    "documents": Step.DOCUMENTS,
    "deposit": Step.DEPOSIT,
    "key": Step.KEY,
    "build": Step.BUILD,
    "submit": Step.SUBMIT,
    "result": Step.RESULT,
}


def _part(request: HttpRequest, lot: UUID) -> OwnPart:
    return own_part(current(request), lot, now=clock.now())


def page_of(request: HttpRequest, part: OwnPart, name: str, **more: Any) -> HttpResponse:
    """Draw a page of one lot with its head and its bar of steps."""
    facts = {
        "part": part,
        "lot": part.lot,
        "tender": part.lot.tender,
        "steps": bid_steps.bar(part, here=_HERE.get(name)),
        "steps_label": _("投标步骤"),
    }
    return render(request, f"trading/bids/{name}.html", facts | more)
