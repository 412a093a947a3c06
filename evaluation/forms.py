"""Forms of evaluation; each field says what it wants and refuses in words."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.decimals import DecimalError
from core.decimals import read as read_decimal
from evaluation.domain.seating import Wish
from evaluation.services.library import Entry
from evaluation.services.seating import Statement

LARGEST = 2 * 1024 * 1024
_HASH = r"^[0-9a-f]{64}$"
_PLACES = 3


class YesNo(forms.ChoiceField):
    """A choice of two: a page sends 1 or 0, a program may say true or false."""

    _WORDS = frozenset({"1", "true"}), frozenset({"0", "false"})

    def to_python(self, value: Any) -> str:
        """Return "1", "0", or the text that is neither."""
        word = str(value or "").strip().lower()
        yes, no = self._WORDS
        return "1" if word in yes else "0" if word in no else word


class ImportForm(forms.Form):
    """The expert file: JSON, a list of experts; `cleaned_data["entries"]` are they."""

    file = forms.FileField(
        label=_("专家文件"),
        help_text=_("JSON，UTF-8 编码：用户名、姓名、专业、地点、工作单位。不超过 2 MB。"),
    )

    def clean_file(self) -> Any:
        """Read the experts, or name the row that is wrong."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("文件超过 2 MB"))
        try:
            told = json.loads(file.read().decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise ValidationError(_("文件不是 JSON")) from None
        rows = told.get("experts") if isinstance(told, dict) else told
        if not isinstance(rows, list) or not rows:
            raise ValidationError(_("文件里没有专家"))
        self.cleaned_data["entries"] = [_entry(row, at) for at, row in enumerate(rows, start=1)]
        return file


class CommitForm(forms.Form):
    """Whom to draw, for when, and how long it takes: as JSON, or the rows of a page."""

    ROWS = 5

    wanted = forms.CharField(label=_("抽取方案"), required=False)
    meets_at = forms.DateTimeField(
        label=_("评审时间"),
        help_text=_("北京时间，如 2026-11-23 14:00。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}),
    )
    hours = forms.IntegerField(
        label=_("预计时长（小时）"), min_value=1, max_value=72, required=False
    )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the page as they were typed."""
        return [
            {
                "number": number,
                **{
                    name: (self.data or {}).get(f"{name}-{number}", "")
                    for name in ("specialty", "site", "count")
                },
            }
            for number in range(1, self.ROWS + 1)
        ]

    def clean_wanted(self) -> list[Wish]:
        """Read the wishes."""
        told = self.cleaned_data["wanted"]
        try:
            rows = json.loads(told) if told else [row for row in self.rows if row["specialty"]]
            wishes = [
                Wish(
                    specialty=str(row["specialty"]).strip(),
                    site=str(row["site"]).strip(),
                    count=int(row["count"]),
                )
                for row in rows
            ]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ValidationError(_("抽取方案须写明专业、地点和人数")) from None
        if not wishes or any(not w.specialty or not w.site or w.count < 1 for w in wishes):
            raise ValidationError(_("抽取方案须写明专业、地点和人数"))
        return wishes

    def clean_meets_at(self) -> Any:
        """Return the moment in UTC."""
        return self.cleaned_data["meets_at"].astimezone(UTC)


class GiveUpForm(forms.Form):
    """Why an announced draw is not held."""

    reason = forms.CharField(label=_("放弃原因"), max_length=300)


class RepresentativeForm(forms.Form):
    """Somebody of the tenderer's side who sits in the panel."""

    username = forms.CharField(label=_("用户名"), max_length=60)
    specialty = forms.CharField(label=_("专业"), max_length=40)
    site = forms.RegexField(r"^\d{6}$", label=_("评标地点"), required=False)


class AnswerForm(forms.Form):
    """Yes, or no and why."""

    accept = YesNo(choices=[("1", _("接受")), ("0", _("不能参加"))])
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class DeclareForm(forms.Form):
    """The avoidance statement: as JSON, or `related-<party>` and `reason-<party>` of a page."""

    answers = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        """Read the statements."""
        told = super().clean() or {}
        try:
            rows = json.loads(told["answers"]) if told.get("answers") else self._rows()
            told["statements"] = [
                Statement(
                    party=str(row["party"]),
                    related=row["related"] is True,
                    reason=str(row.get("reason") or "").strip(),
                )
                for row in rows
            ]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ValidationError(_("回避声明格式不正确")) from None
        return told

    def _rows(self) -> list[dict[str, Any]]:
        prefix = "related-"
        return [
            {
                "party": name.removeprefix(prefix),
                "related": value == "1",
                "reason": self.data.get(f"reason-{name.removeprefix(prefix)}", ""),
            }
            for name, value in self.data.items()
            if name.startswith(prefix)
        ]


class LeaderForm(forms.Form):
    """Whom one votes for."""

    seat = forms.UUIDField(label=_("组长人选"))


class ReviewForm(forms.Form):
    """Pass, or reject with code, clause and fact."""

    bid = forms.UUIDField()
    passed = YesNo(choices=[("1", _("通过")), ("0", _("否决"))])
    code = forms.CharField(max_length=24, required=False)
    clause = forms.CharField(label=_("条款"), max_length=200, required=False)
    fact = forms.CharField(label=_("事实"), max_length=2000, required=False)
    page = forms.IntegerField(label=_("页码"), min_value=1, max_value=100_000, required=False)


class ScoreForm(forms.Form):
    """One cell."""

    bid = forms.UUIDField()
    criterion = forms.CharField(max_length=32)
    value = forms.CharField(label=_("评分"), max_length=12)
    note = forms.CharField(label=_("理由"), max_length=1000, required=False)
    file = forms.UUIDField(label=_("文件"), required=False)
    page = forms.IntegerField(label=_("页码"), min_value=1, max_value=100_000, required=False)

    def clean_value(self) -> Any:
        """Read a plain decimal with at most three places."""
        try:
            value = read_decimal(self.cleaned_data["value"].strip())
        except DecimalError:
            raise ValidationError(_("请填写数字，例如 8.5")) from None
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_PLACES:
            raise ValidationError(_("最多三位小数"))
        return value


class LockForm(forms.Form):
    """The hash of the scores as the member saw them."""

    scores_sha256 = forms.RegexField(_HASH)


class ReopenForm(forms.Form):
    """Why locks are lifted."""

    reason = forms.CharField(label=_("说明"), max_length=300)


class SignForm(forms.Form):
    """Agree or dissent."""

    agrees = YesNo(choices=[("1", _("同意")), ("0", _("不同意"))])
    opinion = forms.CharField(label=_("不同意见"), max_length=2000, required=False)
    report_sha256 = forms.RegexField(_HASH)


def _entry(row: Any, number: int) -> Entry:
    try:
        entry = Entry(
            username=str(row["username"]).strip(),
            name=str(row["name"]).strip(),
            site=str(row["site"]).strip(),
            specialties=_texts(row["specialties"]),
            employer=str(row["employer"]).strip(),
            ties=_texts(row.get("ties") or []),
            phone=str(row.get("phone") or "").strip(),
            email=str(row.get("email") or "").strip(),
            password=str(row.get("password") or ""),
        )
    except (KeyError, TypeError, AttributeError):
        raise ValidationError(_("第 %(row)s 位专家：资料不完整"), params={"row": number}) from None
    if not all((entry.username, entry.name, entry.site, entry.specialties, entry.employer)):
        raise ValidationError(_("第 %(row)s 位专家：资料不完整"), params={"row": number})
    return entry


def _texts(told: Any) -> list[str]:
    if isinstance(told, str):
        told = [told]
    if not isinstance(told, list) or not all(isinstance(text, str) for text in told):
        raise TypeError("a list of texts is wanted")
    return [text.strip() for text in told if text.strip()]
