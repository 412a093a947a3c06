"""What the tenderer's side does from the opening to the contract."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, checked, current, requires
from core.events import moment
from trading.models import Lot
from trading.selectors.access import lot_of_side, own_party
from trading.services import awarding, reporting, result_objections
from trading.tender_forms import JSONText
from trading.views.course_page import course_page
from trading.words import GROUNDS

SIDE = (Role.TENDERER, Role.AGENCY)


class ReviewsForm(forms.Form):
    """The purchaser's verdict on every bidder."""

    reviews = JSONText(list)

    def clean_reviews(self) -> list[reporting.Verdict]:
        """Read the rows; a page may send them as they were drawn."""
        try:
            return [
                reporting.Verdict(
                    bid=UUID(str(row["bid"])),
                    passed=bool(row["passed"]),
                    clause=str(row.get("clause", "")),
                    fact=str(row.get("fact", "")),
                )
                for row in self.cleaned_data["reviews"]
            ]
        except (KeyError, TypeError, ValueError):
            raise ValidationError(_("审查结果的结构不正确")) from None


class AwardForm(forms.Form):
    """The winner, by rank or with the legal reason."""

    bid = forms.UUIDField(required=False)
    ground = forms.ChoiceField(
        label=_("法定理由"), choices=[("", ""), *GROUNDS.items()], required=False
    )
    reason = forms.CharField(label=_("事实与证据"), max_length=1000, required=False)

    def told(self) -> str:
        """Return ground and facts as the notice will say them."""
        ground = str(GROUNDS.get(self.cleaned_data["ground"], ""))
        return "：".join(filter(None, (ground, self.cleaned_data["reason"].strip())))


class ContractForm(forms.Form):
    """The signed contract."""

    signed_on = forms.DateField(label=_("签订日期"))
    amount_fen = forms.IntegerField(min_value=1)
    file = forms.FileField(label=_("合同文件"))


class TextForm(forms.Form):
    """An objection or its answer."""

    text = forms.CharField(max_length=2000)


@requires(*SIDE)
@act(purpose="approve", page=course_page)
def qualification(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Track G: review the qualification of every bidder."""
    found = lot_of_side(current(request), tender, lot)
    form = checked(ReviewsForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    reporting.review_qualification(
        lot_id=found.pk,
        verdicts=form.cleaned_data["reviews"],
        person=current(request).person,
        signature=request.act.signature.pk,
        now=request.act.now,
    )
    return _to(found, message=_("资格审查已保存"))


@requires(*SIDE)
@act(page=course_page)
def evaluate(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Hand the lot over to its panel."""
    found = lot_of_side(current(request), tender, lot)
    reporting.hand_over(lot_id=found.pk, person=current(request).person, now=request.act.now)
    return _to(found, message=_("已移交评标"))


@requires(*SIDE)
@act(purpose="publish", page=course_page)
def candidates(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Publish the candidates."""
    found = lot_of_side(current(request), tender, lot)
    assert request.act.signature is not None  # the act is signed
    notice = awarding.publish_candidates(
        lot_id=found.pk,
        person=current(request).person,
        signature=request.act.signature.pk,
        now=request.act.now,
    )
    ends = moment(notice.ends_at) if notice.ends_at else None
    reply = {"notice": str(notice.pk), "ends_at": ends}
    return _to(found, reply=reply, message=_("中标候选人已公示"))


@requires(*SIDE)
@act(purpose="award", page=course_page)
def award(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Determine the winner."""
    found = lot_of_side(current(request), tender, lot)
    form = checked(AwardForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    made = awarding.award(
        lot_id=found.pk,
        bid_id=form.cleaned_data["bid"],
        reason=form.told(),
        person=current(request).person,
        signature=request.act.signature.pk,
        now=request.act.now,
    )
    return _to(found, reply={"bid": str(made.bid_id)}, message=_("中标人已确定"))


@requires(*SIDE)
@act(purpose="publish", page=course_page)
def notify(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Tell winner and losers together."""
    found = lot_of_side(current(request), tender, lot)
    assert request.act.signature is not None  # the act is signed
    notice = awarding.notify(
        lot_id=found.pk,
        person=current(request).person,
        signature=request.act.signature.pk,
        now=request.act.now,
    )
    return _to(found, reply={"notice": str(notice.pk)}, message=_("中标结果已通知"))


@requires(*SIDE)
@act(purpose="contract", page=course_page)
def contract(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Record the signed contract."""
    found = lot_of_side(current(request), tender, lot)
    form = checked(ContractForm(request.POST, request.FILES))
    assert request.act.signature is not None  # the act is signed
    made = awarding.record_contract(
        lot_id=found.pk,
        signed_on=form.cleaned_data["signed_on"],
        amount_fen=form.cleaned_data["amount_fen"],
        file=form.cleaned_data["file"],
        person=current(request).person,
        signature=request.act.signature.pk,
        now=request.act.now,
    )
    return _to(found, reply={"contract": str(made.pk)}, message=_("合同已登记"))


@requires(Role.BIDDER)
@act(purpose="objection")
def object_to_result(request: ActRequest, *, lot: UUID) -> Done:
    """Object to the result, or challenge it."""
    form = checked(TextForm(request.POST))
    party = own_party(current(request), lot)
    made = result_objections.object_to_result(
        lot=party.lot,
        party=party,
        text=form.cleaned_data["text"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("trading:result", kwargs={"lot": lot}),
        reply={"objection": str(made.pk), "due_at": moment(made.due_at)},
        message=_("已提交，将在规定期限内答复"),
    )


@requires(*SIDE)
@act(page=course_page)
def answer_objection(request: ActRequest, *, tender: UUID, lot: UUID, objection: UUID) -> Done:
    """Answer an objection to the result."""
    found = lot_of_side(current(request), tender, lot)
    form = checked(TextForm(request.POST))
    result_objections.answer(
        lot=found,
        objection_id=objection,
        text=form.cleaned_data["text"],
        person=current(request).person,
        now=request.act.now,
    )
    return _to(found, message=_("已答复"))


def _to(lot: Lot, *, message: str, reply: dict[str, Any] | None = None) -> Done:
    return Done(
        redirect=reverse("trading:lot-course", kwargs={"tender": lot.tender_id, "lot": lot.pk}),
        reply=reply or {},
        message=message,
    )
