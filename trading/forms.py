"""Forms of the bidder's acts; each field says what it wants and refuses in words."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.identifiers import is_credit_code
from trading.services.parties import Member

_HASH = r"^[A-Za-z0-9_-]{43}$"


class JoinForm(forms.Form):
    """Which lots, who answers the telephone, and the other members of a consortium."""

    lots = forms.CharField(label=_("标段"))
    contact = forms.CharField(label=_("联系人"), max_length=60)
    phone = forms.CharField(label=_("联系电话"), max_length=20)
    members = forms.CharField(label=_("联合体成员"), required=False)

    def clean_members(self) -> list[Member]:
        """Read the members' list; each needs a name, a valid code and a share of 1–99 %."""
        text = self.cleaned_data["members"].strip()
        if not text:
            return []
        try:
            members = [
                Member(
                    name=str(row["name"]).strip(),
                    credit_code=str(row["credit_code"]).strip().upper(),
                    share_pct=int(row["share_pct"]),
                )
                for row in _rows(text)
            ]
        except (ValueError, KeyError, TypeError):
            raise ValidationError(_("成员信息不完整：请填写名称、代码和份额")) from None
        for member in members:
            if not member.name or not is_credit_code(member.credit_code):
                raise ValidationError(
                    _("统一社会信用代码 %(code)s 校验不符，请核对营业执照"),
                    params={"code": member.credit_code},
                )
            if not 1 <= member.share_pct <= 99:  # noqa: PLR2004 - per cent
                raise ValidationError(_("成员份额应为 1 到 99 的整数"))
        if sum(member.share_pct for member in members) > 99:  # noqa: PLR2004 - the lead has a share
            raise ValidationError(_("成员份额之和应小于 100"))
        return members


class FinaliseForm(forms.Form):
    """What the bidder says and signs of the file it submits."""

    bid = forms.UUIDField()
    upload = forms.UUIDField()
    ct_root = forms.RegexField(_HASH)
    size = forms.IntegerField(min_value=1)
    header_sha256 = forms.RegexField(_HASH)
    doc_version = forms.IntegerField(min_value=1, required=False)


def _rows(text: str) -> list[dict[str, Any]]:
    """Read members from a program's JSON or from a page's lines of name, code, share."""
    if text.startswith("["):
        rows: list[dict[str, Any]] = json.loads(text)
        return rows
    lines = [line.replace("，", ",").split(",") for line in text.splitlines() if line.strip()]
    return [
        {"name": name, "credit_code": code, "share_pct": share.strip().rstrip("%％")}
        for name, code, share in lines
    ]
