"""Registering an organisation: four topics, and all of them together."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CreditCodeField, NewPasswordForm, PhoneField
from accounts.models import OrganisationKind


class FirmForm(forms.Form):
    """Who it is."""

    credit_code = CreditCodeField()
    name = forms.CharField(label=_("单位名称"), max_length=200, help_text=_("与营业执照一致。"))
    kinds = forms.MultipleChoiceField(
        label=_("在平台上的身份"),
        choices=OrganisationKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("可多选。"),
    )


class PlaceForm(forms.Form):
    """Where it is and who stands for it."""

    legal_representative = forms.CharField(label=_("法定代表人"), max_length=60)
    address = forms.CharField(label=_("住所"), max_length=200)
    small_business = forms.BooleanField(
        label=_("属于小微企业"),
        required=False,
        help_text=_("政府采购项目中可享受价格扣除，按规定另附声明函。"),
    )


class AccountForm(forms.Form):
    """The basic account, from which deposits must be paid."""

    basic_bank = forms.CharField(label=_("基本账户开户银行"), max_length=120)
    basic_account = forms.RegexField(
        r"^[0-9A-Za-z -]{6,40}$",
        label=_("基本账户账号"),
        help_text=_("投标保证金须从这个账户转出，退款也回到这里。"),
        error_messages={"invalid": _("账号应为 6–40 位数字或字母")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_basic_account(self) -> str:
        """Return the number without the spaces it was typed with."""
        return "".join(self.cleaned_data["basic_account"].replace("-", " ").split())


class ApplicantForm(NewPasswordForm):
    """Who registers it and manages it from now on."""

    person_name = forms.CharField(label=_("经办人姓名"), max_length=60)
    phone = PhoneField(label=_("手机号码"))
    email = forms.EmailField(label=_("电子邮箱"), help_text=_("通知和重设密码的链接发到这里。"))
    field_order: tuple[str, ...] = ("person_name", "phone", "email", "password", "password_again")


class RegisterForm(ApplicantForm, AccountForm, PlaceForm, FirmForm):
    """All four topics, as they arrive in the end."""

    field_order = ApplicantForm.field_order


TOPICS: dict[str, type[forms.Form]] = {
    "firm": FirmForm,
    "place": PlaceForm,
    "account": AccountForm,
    "person": ApplicantForm,
}
TOPIC_NAMES = {
    "firm": _("单位"),
    "place": _("住所与代表"),
    "account": _("基本账户"),
    "person": _("经办人"),
}
