"""What the host's side does at the opening desk; the centre only where the desk is delegated."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, checked, current, requires
from sealing.encoding import unb64u
from sealing.errors import SealingError
from trading.models import Opening, Party
from trading.selectors.access import opening_to_host
from trading.services.opening import advance as advancing
from trading.services.opening import answers, desk, ending, releasing, windows
from trading.services.opening.state import locked

HOSTS = (Role.TENDERER, Role.AGENCY, Role.CENTRE_OPENING)
_STAFF = ("host", "recorder", "supervisor", "witness")


class AdvanceForm(forms.Form):
    """The stage the button was drawn for."""

    expected_stage = forms.CharField(max_length=20)


class StaffForm(forms.Form):
    """Names on the rostrum."""

    host = forms.CharField(max_length=30, required=False)
    recorder = forms.CharField(max_length=30, required=False)
    supervisor = forms.CharField(max_length=30, required=False)
    witness = forms.CharField(max_length=30, required=False)


class ExtendForm(forms.Form):
    """Minutes and reason."""

    minutes = forms.IntegerField(min_value=1, max_value=120)
    reason = forms.CharField(max_length=300)


class SuspendForm(forms.Form):
    """Reason and clause."""

    reason = forms.CharField(max_length=300)
    clause = forms.CharField(max_length=120)


class AnswerForm(forms.Form):
    """The answer to an objection."""

    answer = forms.CharField(max_length=1000)


class RecordForm(forms.Form):
    """The hash of the record the host signs."""

    record_sha256 = forms.RegexField(r"^[0-9a-f]{64}$")


class MessageForm(forms.Form):
    """To all, or to one bidder."""

    text = forms.CharField(max_length=500)
    party = forms.UUIDField(required=False)


class HostReleaseForm(forms.Form):
    """The host's shares of all released bids, and the bids whose box does not open."""

    shares = forms.CharField()
    unboxable = forms.CharField(required=False)

    def clean_shares(self) -> dict[UUID, bytes]:
        """Read `{bid: share}`."""
        try:
            told: dict[str, Any] = json.loads(self.cleaned_data["shares"])
            return {UUID(bid): unb64u(share, length=32) for bid, share in told.items()}
        except (ValueError, AttributeError, TypeError, SealingError):
            raise forms.ValidationError(_("密钥份额格式不正确")) from None

    def clean_unboxable(self) -> list[UUID]:
        """Read a list of bids."""
        try:
            return [UUID(bid) for bid in json.loads(self.cleaned_data["unboxable"] or "[]")]
        except (ValueError, TypeError):
            raise forms.ValidationError(_("投标编号格式不正确")) from None


@requires(*HOSTS)
@act()
def advance(request: ActRequest, *, lot: UUID) -> Done:
    """Go on to the next stage."""
    _hosted(request, lot)
    form = checked(AdvanceForm(request.POST))
    opening = advancing.advance(
        lot_id=lot,
        expected=form.cleaned_data["expected_stage"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return _back(lot, reply={"stage": opening.stage})


@requires(Role.TENDERER, Role.AGENCY)
@act()
def delegate(request: ActRequest, *, lot: UUID) -> Done:
    """Let the centre's staff work the desk, or take it back."""
    _hosted(request, lot)
    to_centre = request.POST.get("centre") == "1"
    desk.delegate(locked(lot), to_centre=to_centre)
    return _back(lot, message=_("已委托中心操作") if to_centre else _("已收回委托"))


@requires(*HOSTS)
@act()
def staff(request: ActRequest, *, lot: UUID) -> Done:
    """Name the people on the rostrum."""
    _hosted(request, lot)
    form = checked(StaffForm(request.POST))
    desk.name_staff(
        locked(lot),
        staff={key: form.cleaned_data[key] for key in _STAFF},
        actor=request.act.actor,
        now=request.act.now,
    )
    return _back(lot, message=_("已保存"))


@requires(*HOSTS)
@act()
def extend(request: ActRequest, *, lot: UUID) -> Done:
    """Extend the decryption window."""
    _hosted(request, lot)
    form = checked(ExtendForm(request.POST))
    ends_at = windows.extend(
        locked(lot), **form.cleaned_data, actor=request.act.actor, now=request.act.now
    )
    return _back(lot, reply={"ends_at": ends_at.isoformat()}, message=_("解密时间已延长"))


@requires(*HOSTS)
@act()
def reopen(request: ActRequest, *, lot: UUID) -> Done:
    """Open the decryption window once more, before the host releases."""
    _hosted(request, lot)
    form = checked(ExtendForm(request.POST))
    windows.reopen(lot_id=lot, **form.cleaned_data, actor=request.act.actor, now=request.act.now)
    return _back(lot, message=_("已重新开放解密时间"))


@requires(*HOSTS)
@act()
def suspend(request: ActRequest, *, lot: UUID) -> Done:
    """Stop the opening."""
    _hosted(request, lot)
    form = checked(SuspendForm(request.POST))
    desk.suspend(locked(lot), **form.cleaned_data, actor=request.act.actor, now=request.act.now)
    return _back(lot, message=_("开标已暂停"))


@requires(*HOSTS)
@act()
def resume(request: ActRequest, *, lot: UUID) -> Done:
    """Go on."""
    _hosted(request, lot)
    desk.resume(locked(lot), actor=request.act.actor, now=request.act.now)
    return _back(lot, message=_("开标已恢复"))


@requires(Role.TENDERER, Role.AGENCY)
@act(purpose="host-release")
def host_release(request: ActRequest, *, lot: UUID) -> Done:
    """Release the host's shares; the centre never holds them."""
    _hosted(request, lot)
    form = checked(HostReleaseForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    releasing.release_host(
        lot_id=lot,
        shares=form.cleaned_data["shares"],
        unboxable=form.cleaned_data["unboxable"],
        signature=request.act.signature.pk,
        actor=request.act.actor,
        now=request.act.now,
    )
    return _back(lot, message=_("招标人解密完成，正在开启"))


@requires(*HOSTS)
@act()
def answer(request: ActRequest, *, lot: UUID, objection: UUID) -> Done:
    """Answer an objection."""
    _hosted(request, lot)
    form = checked(AnswerForm(request.POST))
    answers.answer(
        lot_id=lot,
        objection_id=objection,
        text=form.cleaned_data["answer"],
        by=current(request).person,
        now=request.act.now,
    )
    return _back(lot, message=_("已答复"))


@requires(*HOSTS)
@act(purpose="sign-record")
def sign_record(request: ActRequest, *, lot: UUID) -> Done:
    """Sign the record and end the opening."""
    _hosted(request, lot)
    form = checked(RecordForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    opening = ending.sign_record(
        lot_id=lot,
        record_hash=form.cleaned_data["record_sha256"],
        signature=request.act.signature.pk,
        actor=request.act.actor,
        now=request.act.now,
    )
    return _back(lot, reply={"record_sha256": opening.record_sha256}, message=_("开标结束"))


@requires(*HOSTS)
@act()
def say(request: ActRequest, *, lot: UUID) -> Done:
    """Speak to all, or to one bidder."""
    _hosted(request, lot)
    form = checked(MessageForm(request.POST))
    party = None
    if form.cleaned_data["party"]:
        party = Party.objects.filter(pk=form.cleaned_data["party"], lot_id=lot).first()
        if party is None:
            raise Http404
    desk.say(
        locked(lot),
        party=party,
        by_host=True,
        text=form.cleaned_data["text"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return _back(lot, message=_("已发送"))


def _hosted(request: ActRequest, lot: UUID) -> Opening:
    return opening_to_host(current(request), lot)


def _back(lot: UUID, *, message: str = "", reply: dict[str, object] | None = None) -> Done:
    return Done(
        redirect=reverse("trading:opening-desk", kwargs={"lot": lot}),
        reply=reply or {},
        message=message,
    )
