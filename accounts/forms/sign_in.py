"""Signing in, second factor, passwords."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NewPasswordForm
from accounts.models import Person

_CODE = forms.TextInput(
    attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9]{6}"}
)


class SignInForm(forms.Form):
    """Username, password, and the six digits where somebody has set them up."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        help_text=_("单位用户的用户名是统一社会信用代码，同事的是代码加后缀。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("动态验证码"),
        max_length=6,
        required=False,
        help_text=_("设置过验证器的账户需要填写 6 位数字。"),
        widget=_CODE,
    )


class CodeForm(forms.Form):
    """The six digits that prove an authenticator."""

    code = forms.RegexField(
        r"^[0-9]{6}$",
        label=_("验证器现在显示的 6 位数字"),
        error_messages={"invalid": _("动态验证码是 6 位数字")},
        widget=_CODE,
    )


class ResetForm(forms.Form):
    """Whose password to reset."""

    username = forms.CharField(label=_("用户名"), max_length=60)


class PasswordForm(NewPasswordForm):
    """A new password, with the present one as proof."""

    current_password = forms.CharField(
        label=_("现在的密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current_password", "password", "password_again")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        """Check the present password."""
        typed = super().clean()
        if not self.person.check_password(typed.get("current_password", "")):
            self.add_error("current_password", _("现在的密码不对"))
        return typed
