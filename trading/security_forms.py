"""Forms of a bidder's security: a letter of guarantee, a waiver, and the check of either."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.web.papers import PaperField
from bank_escrow.selectors import GROUNDS, ISSUERS
from bank_escrow.services import Claim, Ground, Issuer, Letter
from core.money import MoneyError, parse_yuan

_TEXT = {"class": "form-control"}
_MONEY = {"data-hp": "money", "inputmode": "decimal", "class": "form-control"}


class _OnePage(forms.Form):
    """A form that shares its page with another: the names of its fields are its own."""

    page_id = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.page_id}_%s"} | options)


class LetterForm(_OnePage):
    """What a letter of guarantee says, and the letter."""

    page_id = "letter"

    issuer_kind = forms.ChoiceField(
        label=_("保函种类"),
        choices=[(kind.value, ISSUERS[kind]) for kind in Issuer],
        widget=forms.Select({"class": "form-select"}),
    )
    issuer = forms.CharField(label=_("开立单位"), max_length=120, widget=forms.TextInput(_TEXT))
    number = forms.CharField(label=_("保函编号"), max_length=64, widget=forms.TextInput(_TEXT))
    amount_fen = forms.CharField(required=False, widget=forms.HiddenInput)
    amount_yuan = forms.CharField(label=_("担保金额（元）"), widget=forms.TextInput(_MONEY))
    valid_to = forms.DateField(
        label=_("有效期至"), widget=forms.DateInput({**_TEXT, "type": "date"}, format="%Y-%m-%d")
    )
    file = PaperField(label=_("保函文件（PDF，不超过 5 MB）"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_bound and self.data.get("amount_fen"):
            self.fields["amount_yuan"].required = False

    def clean(self) -> dict[str, Any]:
        """Read the amount: yuan from a page, fen from a program."""
        found = super().clean() or {}
        fen, yuan = found.get("amount_fen", ""), found.get("amount_yuan", "")
        if "amount_yuan" in self.errors:
            return found
        try:
            found["fen"] = int(fen) if fen else parse_yuan(yuan)
        except (MoneyError, ValueError):
            self.add_error("amount_yuan", _("请填写金额，如 500,000.00"))
        else:
            if found["fen"] <= 0:
                self.add_error("amount_yuan", _("请填写金额，如 500,000.00"))
        return found

    @property
    def letter(self) -> Letter:
        """The letter, once the form is valid."""
        said = self.cleaned_data
        return Letter(
            number=said["number"],
            issuer=said["issuer"],
            issuer_kind=Issuer(said["issuer_kind"]),
            amount_fen=said["fen"],
            valid_to=said["valid_to"],
        )


class ClaimForm(_OnePage):
    """Why the security is waived, and where the documents say so."""

    page_id = "claim"

    ground = forms.ChoiceField(
        label=_("免缴情形"),
        choices=[(ground.value, GROUNDS[ground]) for ground in Ground],
        widget=forms.Select({"class": "form-select"}),
    )
    clause = forms.CharField(
        label=_("招标文件条款"),
        help_text=_("写明招标文件哪一条规定可以免缴，如“投标人须知 3.4.1”。"),
        max_length=120,
        widget=forms.TextInput(_TEXT),
    )
    file = PaperField(label=_("承诺书或证明（PDF，不超过 5 MB）"), required=False)

    @property
    def claim(self) -> Claim:
        """The claim, once the form is valid."""
        return Claim(ground=Ground(self.cleaned_data["ground"]), clause=self.cleaned_data["clause"])


class CheckForm(forms.Form):
    """What the tenderer's side found."""

    accepted = forms.ChoiceField(label=_("结论"), choices=[("1", _("认可")), ("0", _("不认可"))])
    clause = forms.CharField(label=_("条款"), max_length=200, required=False)
    fact = forms.CharField(label=_("事实"), max_length=1000, required=False)
