"""What bidders do in the hall: sign in, release, object, confirm, speak to the host."""

from __future__ import annotations

import json
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, checked, current, requires
from sealing.encoding import unb64u
from sealing.errors import SealingError
from trading.selectors.access import own_party
from trading.services import parties
from trading.services.opening import answers, desk, releasing, seating
from trading.services.opening.state import locked


class ShareField(forms.Field):
    """A key share: base64url of 32 bytes, or the share file of sealing/SPEC.md §5."""

    def to_python(self, value: object) -> bytes:
        """Read the bytes, or say that this is no share; the service judges what it opens."""
        text = str(value or "").strip()
        try:
            if text.startswith("{"):
                text = str(json.loads(text)["share"])
            return unb64u(text, length=32)
        except (SealingError, ValueError, KeyError, TypeError):
            raise forms.ValidationError(_("密钥份额格式不正确")) from None


class ReleaseForm(forms.Form):
    """The share of one bid."""

    share = ShareField()


class TextForm(forms.Form):
    """A text of a few lines."""

    text = forms.CharField(max_length=500, strip=True)


class ConfirmForm(forms.Form):
    """The hash of the record the bidder has seen."""

    record_sha256 = forms.RegexField(r"^[0-9a-f]{64}$")


@requires(Role.BIDDER)
@act()
def sign_in(request: ActRequest, *, lot: UUID) -> Done:
    """Sign in to the hall."""
    who = current(request)
    made = seating.sign_in(party=own_party(who, lot), person=who.person, now=request.act.now)
    return _back(lot, reply={"at": made.at.isoformat()}, message=_("已签到"))


@requires(Role.BIDDER)
@act(purpose="release")
def release(request: ActRequest, *, lot: UUID) -> Done:
    """Release the bidder's share; an invalid one is answered, remembered and may be repeated."""
    form = checked(ReleaseForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    valid = releasing.release(
        party=own_party(current(request), lot),
        share=form.cleaned_data["share"],
        signature=request.act.signature.pk,
        actor=request.act.actor,
        now=request.act.now,
    )
    told = _("已解密") if valid else _("密钥不匹配，请换用递交时的密钥文件再试")
    return _back(lot, reply={"valid": valid}, message=told)


@requires(Role.BIDDER)
@act(purpose="objection")
def object_to(request: ActRequest, *, lot: UUID) -> Done:
    """Object to the opening, on the spot and on the record."""
    form = checked(TextForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    made = answers.object_to(
        party=own_party(current(request), lot),
        text=form.cleaned_data["text"],
        signature=request.act.signature.pk,
        actor=request.act.actor,
        now=request.act.now,
    )
    return _back(lot, reply={"objection": str(made.pk)}, message=_("异议已提出，等待答复"))


@requires(Role.BIDDER)
@act(purpose="confirm")
def confirm(request: ActRequest, *, lot: UUID) -> Done:
    """Confirm the opening record."""
    form = checked(ConfirmForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    answers.confirm(
        party=own_party(current(request), lot),
        record_hash=form.cleaned_data["record_sha256"],
        signature=request.act.signature.pk,
        actor=request.act.actor,
        now=request.act.now,
    )
    return _back(lot, message=_("已确认开标记录"))


@requires(Role.BIDDER)
@act()
def say(request: ActRequest, *, lot: UUID) -> Done:
    """Write to the host; no other bidder sees it."""
    form = checked(TextForm(request.POST))
    party = own_party(current(request), lot)
    desk.say(
        locked(lot),
        party=party,
        by_host=False,
        text=form.cleaned_data["text"],
        actor=parties.hand_of(party, person_id=current(request).person.pk),
        now=request.act.now,
    )
    return _back(lot, message=_("已发给主持人"))


def _back(lot: UUID, *, message: str, reply: dict[str, object] | None = None) -> Done:
    return Done(
        redirect=reverse("trading:hall", kwargs={"lot": lot}), reply=reply or {}, message=message
    )
