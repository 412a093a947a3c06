"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core.identifiers import is_credit_code, normal_credit_code

_CODE_LENGTH = 18


class CreditCodeField(forms.CharField):
    """A unified social credit code, however it was typed; the message names what is wrong."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("统一社会信用代码"))
        kwargs.setdefault("help_text", _("18 位，见营业执照或法人证书。"))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the code in its stored form."""
        code = normal_credit_code(super().clean(value))
        if len(code) != _CODE_LENGTH:
            raise forms.ValidationError(
                _("统一社会信用代码应为 18 位，现在是 %(length)s 位，请核对营业执照"),
                params={"length": len(code)},
            )
        if not is_credit_code(code):
            raise forms.ValidationError(_("统一社会信用代码第 18 位校验不符，请核对营业执照"))
        return code


class PhoneField(forms.CharField):
    """A telephone number: figures, with an optional country or area code."""

    default_validators = [
        RegexValidator(r"^\+?[0-9][0-9 -]{5,18}$", _("电话号码应为 6–20 位数字，可带区号和连字符"))
    ]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel"}))
        super().__init__(max_length=20, **kwargs)


class NewPasswordForm(forms.Form):
    """A password typed twice and strong enough."""

    password = forms.CharField(
        label=_("密码"),
        help_text=_("至少 10 位，不要用常见的词。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("再输入一次密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Hold the password to the validators of the settings."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Compare the two."""
        typed = super().clean() or {}
        first, again = typed.get("password"), typed.get("password_again")
        if first and again and first != again:
            self.add_error("password_again", _("两次输入的密码不同"))
        return typed


# The fields whose values must not enter the hash of a command's body.
SECRETS = ("password", "password_again", "current_password", "passphrase", "code")
