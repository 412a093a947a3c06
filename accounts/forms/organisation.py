"""Company data, colleagues, certificates, preferences."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NewPasswordForm, PhoneField
from accounts.forms.registration import AccountForm, PlaceForm
from accounts.web.preferences import THEMES

_THEME_NAMES = {"auto": _("跟随系统"), "light": _("浅色"), "dark": _("深色")}


class OrganisationForm(AccountForm, PlaceForm):
    """What an organisation may change about itself; name and credit code stay as registered."""

    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=60)
    contact_phone = PhoneField(label=_("联系电话"))
    contact_email = forms.EmailField(label=_("电子邮箱"), required=False)


class ColleagueForm(NewPasswordForm):
    """A colleague who is to act for the organisation too."""

    suffix = forms.RegexField(
        r"^[a-z0-9]{2,20}$",
        label=_("用户名后缀"),
        help_text=_("2–20 位小写字母或数字；用户名是统一社会信用代码、连字符和这个后缀。"),
        error_messages={"invalid": _("后缀应为 2–20 位小写字母或数字")},
    )
    person_name = forms.CharField(label=_("姓名"), max_length=60)
    phone = PhoneField(label=_("手机号码"))
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    manager = forms.BooleanField(label=_("也可管理本单位的资料和人员"), required=False)
    field_order = ("person_name", "suffix", "phone", "email", "manager")


class DemoCertificateForm(forms.Form):
    """The passphrase under which a demo certificate is handed out."""

    passphrase = forms.CharField(
        label=_("为证书文件设一个口令"),
        min_length=8,
        max_length=128,
        help_text=_("8–128 位。平台不保存证书私钥和口令，忘记后只能重新申请。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SettingsForm(forms.Form):
    """Language, text size, appearance, and where messages go."""

    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(
        label=_("外观"), choices=[(name, _THEME_NAMES[name]) for name in THEMES]
    )
    large_text = forms.BooleanField(label=_("大字版"), required=False)
    phone = PhoneField(label=_("手机号码"), required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
