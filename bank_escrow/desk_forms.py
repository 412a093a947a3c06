"""Forms of what two persons do together, and the one place where an account number is typed."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.web.papers import PaperField
from bank_escrow.domain.beneficiary import Party
from bank_escrow.domain.names import account_number
from bank_escrow.domain.proposals import Kind
from bank_escrow.selectors.finance import health
from bank_escrow.selectors.proposals import payable_lots
from bank_escrow.words_desk import DEEDS

# Account numbers of banks in China have between 8 and 32 digits.
_SHORTEST, _LONGEST = 8, 32
_TEXT: Final = {"class": "form-control"}
_SELECT: Final = {"class": "form-select"}


def _reason(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=200, widget=forms.TextInput(_TEXT)
    )


def _kinds(*kinds: Kind) -> list[tuple[str, Any]]:
    return [(kind.value, DEEDS[kind].name) for kind in kinds]


class BankForm(forms.Form):
    """Stop a bank, or let it go on."""

    kind = forms.ChoiceField(
        label=_("办理内容"),
        choices=_kinds(Kind.STOP_BANK, Kind.START_BANK),
        widget=forms.Select(_SELECT),
    )
    bank = forms.ChoiceField(label=_("银行"), widget=forms.Select(_SELECT))
    reason = _reason(_("原因"), _("写明查到了什么、与银行谁核对过。"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        banks = [(bank.code, bank.name) for bank in health()]
        self.fields["bank"].choices = banks  # type: ignore[attr-defined]  # a choice field


class ResolveForm(forms.Form):
    """Close a break."""

    kind = forms.ChoiceField(
        choices=_kinds(Kind.RESOLVE), initial=Kind.RESOLVE, widget=forms.HiddenInput
    )
    reason = _reason(_("结案原因"), _("写明差在哪里、怎样查明、银行如何处理。"))


class UnpaidForm(forms.Form):
    """Say by the bank's letter that an order was never paid."""

    kind = forms.ChoiceField(
        choices=_kinds(Kind.UNPAID), initial=Kind.UNPAID, widget=forms.HiddenInput
    )
    reason = _reason(_("银行答复"), _("写明答复文号和要点，如“该笔未支付，且不会支付”。"))
    file = PaperField(label=_("银行书面答复（PDF，不超过 5 MB）"))


class DepositForm(forms.Form):
    """Freeze a deposit, let it go, or forfeit it: what its state allows."""

    kind = forms.ChoiceField(
        label=_("办理内容"),
        choices=_kinds(Kind.FREEZE, Kind.UNFREEZE, Kind.FORFEIT),
        widget=forms.Select(_SELECT),
    )
    reason = _reason(_("依据"), _("写明决定的机关、文号和事由。"))
    file = PaperField(label=_("决定文件（PDF，不超过 5 MB）"))

    def offer(self, *kinds: Kind) -> None:
        """Show only what the deposit's state allows; what is sent anyway is refused in words."""
        self.fields["kind"].choices = _kinds(*kinds)  # type: ignore[attr-defined]  # a choice field


class PayeeForm(forms.Form):
    """Enter where forfeited money of a lot goes."""

    lot = forms.ChoiceField(label=_("标段"), widget=forms.Select(_SELECT))
    name = forms.CharField(label=_("收款户名"), max_length=120, widget=forms.TextInput(_TEXT))
    account = forms.CharField(
        label=_("收款账号"),
        max_length=48,
        widget=forms.TextInput({**_TEXT, "inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = _reason(_("依据"), _("写明来函单位和文号。收款人只能是招标人或财政部门。"))
    file = PaperField(label=_("收款账户来函（PDF，不超过 5 MB）"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lots = [(str(lot.reference), lot.title or str(lot.reference)) for lot in payable_lots()]
        self.fields["lot"].choices = lots  # type: ignore[attr-defined]  # a choice field

    def clean_account(self) -> str:
        """Return the number's digits."""
        number = account_number(self.cleaned_data["account"])
        digits = number.isascii() and number.isdigit()
        if not digits or not _SHORTEST <= len(number) <= _LONGEST:
            raise ValidationError(_("请填写 8 至 32 位数字的账号"))
        return number

    def payee(self) -> Party:
        """Return whom the form names."""
        return Party(name=self.cleaned_data["name"].strip(), account=self.cleaned_data["account"])


class ConfirmForm(forms.Form):
    """The content that the second person saw."""

    content_sha = forms.CharField(max_length=64)


class AnswerForm(forms.Form):
    """Why a proposal is refused or taken back."""

    why = _reason(_("原因"), "")
