"""A bidder's acts on its bid: join, begin, finalise, withdraw."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, checked, current, requires, wants_json
from accounts.web.refusals import as_json, refusal, respond
from core import clock
from sealing.encoding import b64u, unb64u
from sealing.moments import spell
from trading import arrivals
from trading.forms import FinaliseForm, JoinForm
from trading.models import Lot, Submission, Tender
from trading.selectors.access import own_party
from trading.selectors.own_bids import deposit as own_deposit
from trading.selectors.sealing import context_of
from trading.selectors.tender_data import version_in_force
from trading.services import joining, parties, securities, submission, withdrawal
from trading.views.bids import deposit_page, withdraw_page


@requires(Role.BIDDER)
@act()
def join(request: ActRequest, *, tender: UUID) -> Done:
    """Take part in one or more lots."""
    form = checked(JoinForm(_joined_lots(request)))
    who = current(request)
    assert who.organisation is not None  # the role BIDDER is held for a firm
    found = get_object_or_404(Tender, pk=tender, state__in=["PUBLISHED", "SUSPENDED"])
    lots = list(
        Lot.objects.select_related("tender").filter(
            tender=found, pk__in=form.cleaned_data["lots"].split(",")
        )
    )
    made = joining.join(
        lots=lots,
        organisation=who.organisation,
        person=who.person,
        contact=form.cleaned_data["contact"],
        phone=form.cleaned_data["phone"],
        members=form.cleaned_data["members"],
        now=request.act.now,
    )
    return Done(
        redirect=reverse("trading:bid", kwargs={"lot": lots[0].pk}) if lots else "/",
        reply={"parties": {str(party.lot_id): str(party.pk) for party in made}},
        message=_("已参加，接下来缴纳保证金并编制投标文件"),
    )


@requires(Role.BIDDER)
@act(page=deposit_page)
def deposit(request: ActRequest, *, lot: UUID) -> Done:
    """Ask for the account to pay the bid security into."""
    party = own_party(current(request), lot)
    securities.issue(party=party, now=request.act.now)
    return Done(
        redirect=reverse("trading:bid-deposit", kwargs={"lot": lot}),
        reply=own_deposit(party) or {},
        message=_("请按下列账户缴纳保证金"),
    )


@requires(Role.BIDDER)
@act()
def begin(request: ActRequest, *, lot: UUID) -> Done:
    """Hand out a fresh bid id and the whole context to seal with; nothing is stored.

    The version of the documents in force lets a page that was left open warn before it seals.
    """
    party = own_party(current(request), lot)
    bid = uuid4()
    return Done(
        redirect=reverse("trading:bid", kwargs={"lot": lot}),
        reply={
            "bid": str(bid),
            "context": context_of(party, bid=bid),
            "doc_version": version_in_force(party.lot.tender),
        },
    )


@requires(Role.BIDDER)
def finalise(request: HttpRequest, *, lot: UUID) -> HttpResponseBase:
    """Submit: the intent is committed first, then checked, then answered with the receipt."""
    response = _receive(request, lot=lot)
    if response.status_code not in {200, 303}:
        return response
    taken = Submission.objects.get(command=request.POST["command_id"])
    settled = submission.settle(submission_id=taken.pk, now=clock.now())
    if settled.state == "REFUSED":
        return _refused(request, settled)
    bid = settled.bid
    if not wants_json(request):
        where = reverse("trading:receipt", kwargs={"receipt": bid.receipt_id})
        return HttpResponse(status=303, headers={"Location": where})
    return JsonResponse(
        {
            "bid": str(bid.pk),
            "receipt": bid.receipt,
            "receipt_id": bid.receipt_id,
            "received_at": spell(bid.received_at),
        }
    )


@requires(Role.BIDDER)
@act(purpose="withdraw", page=withdraw_page)
def withdraw(request: ActRequest, *, lot: UUID) -> Done:
    """Take the live bid back (撤回), free until the deadline."""
    party = own_party(current(request), lot)
    hand = parties.hand_of(party, person_id=current(request).person.pk)
    gone = withdrawal.withdraw(party=party, actor=hand, now=request.act.now)
    return Done(
        redirect=reverse("trading:bid", kwargs={"lot": lot}),
        reply={"bid": str(gone)},
        message=_("已撤回；截止前可以重新递交"),
    )


@act(purpose="submit")
def _receive(request: ActRequest, *, lot: UUID) -> Done:
    """Commit the intent row under the command's id."""
    form = checked(FinaliseForm(request.POST))
    party = own_party(current(request), lot)
    signature = request.act.signature
    assert signature is not None  # the act is signed
    taken = submission.receive(
        party=party,
        claim=submission.Claim(**form.cleaned_data),
        command=request.act.id,
        actor=parties.hand_of(party, person_id=current(request).person.pk),
        signature=signature.pk,
        signature_sha256=_digest(signature.signature),
        received_at=arrivals.of(request, otherwise=request.act.now),
    )
    return Done(
        redirect=reverse("trading:bid", kwargs={"lot": lot}),
        reply={"submission": str(taken.pk)},
    )


def _refused(request: HttpRequest, settled: Submission) -> HttpResponseBase:
    """Say why; a program also gets the sealing package's own code as a fact."""
    words = refusal(submission.refusal_of(settled).reason)
    if not wants_json(request):
        return respond(request, words)
    error = {**as_json(words), "facts": {"cause": settled.claims["cause"]}}
    return JsonResponse({"error": error}, status=words.status)


def _digest(signature: str) -> str:
    return b64u(hashlib.sha256(unb64u(signature)).digest())


def _joined_lots(request: HttpRequest) -> dict[str, str]:
    """Read `lots` as a JSON list, or a page's repeated `lot` boxes."""
    data = request.POST.dict()
    if boxes := request.POST.getlist("lot"):
        data["lots"] = ",".join(boxes)
    else:
        data["lots"] = data.get("lots", "").strip("[]").replace('"', "").replace(" ", "")
    return data
