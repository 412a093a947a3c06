"""Forms of the tender side: a page sends yuan, a program sends fen; both are read here."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre
from core.decimals import DecimalError
from core.door import BadInput
from core.money import MoneyError, parse_yuan
from core.zone import SHANGHAI
from trading.domain.lots import read_criteria
from trading.models.host_key import SealingSuite
from trading.models.tender import Category, LegalTrack, Procedure
from trading.selectors.browser_code import BrowserCode

_SHA256 = r"^[0-9a-f]{64}$"
_TEXTS = ("description", "qualification", "approval_no")


class JSONText(forms.Field):
    """A field that holds JSON of one kind."""

    def __init__(self, kind: type, **options: Any) -> None:
        self.kind = kind
        super().__init__(**options)

    def to_python(self, value: object) -> Any:
        """Read the JSON; empty stays None."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            read = json.loads(text)
        except ValueError:
            raise ValidationError(_("内容不是有效的 JSON")) from None
        if not isinstance(read, self.kind):
            raise ValidationError(_("内容的结构不正确"))
        return read


class Moment(forms.Field):
    """An instant: RFC 3339 from a program, or `2026-11-23 14:00` on Suzhou's clock."""

    def to_python(self, value: object) -> datetime | None:
        """Read the instant; empty stays None."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            read = datetime.fromisoformat(text.replace(" ", "T", 1) if "T" not in text else text)
        except ValueError:
            raise ValidationError(_("时间格式应为 2026-11-23 14:00")) from None
        return read if read.tzinfo else read.replace(tzinfo=SHANGHAI)


class Sites(forms.Field):
    """Region codes: boxes ticked on a page, or one JSON list from a program."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        """Read the codes; nothing ticked is an empty list."""
        given = [value] if isinstance(value, str) else list(value or ())
        if len(given) == 1 and given[0].strip().startswith("["):
            try:
                given = json.loads(given[0])
            except ValueError:
                raise ValidationError(_("内容不是有效的 JSON")) from None
        codes = [str(code).strip() for code in given if str(code).strip()]
        if not all(re.fullmatch(r"\d{6}", code) for code in codes):
            raise ValidationError(_("地区代码应为六位数字"))
        return codes


class TenderForm(forms.Form):
    """The head of a tender."""

    legal_track = forms.ChoiceField(label=_("法律类别"), choices=LegalTrack.choices)
    procedure = forms.ChoiceField(label=_("采购方式"), choices=Procedure.choices)
    category = forms.ChoiceField(label=_("标的类别"), choices=Category.choices)
    title = forms.CharField(label=_("项目名称"), max_length=200)
    procuring_entity = forms.CharField(
        label=_("招标人统一社会信用代码"),
        max_length=18,
        required=False,
        help_text=_("代理机构填写委托单位的代码；招标人自行招标可不填"),
    )
    host_site = forms.RegexField(r"^\d{6}$", label=_("主场"), widget=forms.Select)
    guest_sites = Sites(
        label=_("客场"), required=False, help_text=_("专家可以在客场远程评标，可多选")
    )
    consortium_allowed = forms.BooleanField(label=_("接受联合体"), required=False)
    must_tender = forms.BooleanField(label=_("依法必须招标"), required=False)
    state_funded = forms.BooleanField(label=_("国有资金"), required=False)
    decrypt_minutes = forms.IntegerField(label=_("解密时间（分钟）"), min_value=1, max_value=480)
    objection_minutes = forms.IntegerField(
        label=_("异议时间（分钟）"), min_value=1, max_value=120, required=False
    )
    confirm_minutes = forms.IntegerField(
        label=_("确认时间（分钟）"), min_value=1, max_value=240, required=False
    )
    opening_order = forms.CharField(max_length=24, required=False)
    description = forms.CharField(
        label=_("项目概况"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    qualification = forms.CharField(
        label=_("投标人资格要求"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    approval_no = forms.CharField(label=_("批文号"), max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        sites = [
            (centre.code, f"{centre.name_en if english else centre.name} {centre.code}")
            for centre in Centre.objects.order_by("code")
        ]
        for name in ("host_site", "guest_sites"):
            self.fields[name].widget.choices = sites

    def clean(self) -> dict[str, Any]:
        """Refuse a place that would be host and guest at once."""
        data = super().clean() or self.cleaned_data
        if data.get("host_site") in (data.get("guest_sites") or ()):
            self.add_error("guest_sites", _("客场不能与主场相同"))
        return data

    @property
    def boxes(self) -> list[forms.BoundField]:
        """Return what is ticked or not, which is never left empty."""
        return [self[name] for name in ("consortium_allowed", "must_tender", "state_funded")]

    def facts(self) -> dict[str, Any]:
        """Return the tender's own fields; what was not sent, or is no text, keeps its default."""
        data = {k: v for k, v in self.cleaned_data.items() if k != "procuring_entity"}
        emptied = {name for name in _TEXTS if name in self.data}
        return {k: v for k, v in data.items() if k in emptied or (v is not None and v != "")}


class TimelineForm(forms.Form):
    """When documents are issued and when bids are due."""

    documents_issued_at = Moment(
        label=_("招标文件发出时间"), help_text=_("北京时间，如 2026-11-02 09:00")
    )
    deadline_at = Moment(
        label=_("投标截止（开标）时间"), help_text=_("北京时间，如 2026-11-23 14:00")
    )


class LotForm(forms.Form):
    """One lot with its money, formula and criteria."""

    lot = forms.UUIDField(required=False)
    number = forms.CharField(label=_("标段号"), max_length=8)
    title = forms.CharField(label=_("标段名称"), max_length=200)
    estimate_fen = forms.IntegerField(min_value=0, required=False)
    estimate_yuan = forms.CharField(label=_("估算价（政府采购为预算，元）"), required=False)
    ceiling_fen = forms.IntegerField(min_value=0, required=False)
    ceiling_yuan = forms.CharField(label=_("最高投标限价（元）"), required=False)
    bid_security_fen = forms.IntegerField(min_value=0, required=False)
    bid_security_yuan = forms.CharField(label=_("投标保证金（元）"), required=False)
    price_formula = JSONText(dict, label=_("价格分公式"))
    outlier_rule = JSONText(dict, label=_("去极值规则"), required=False)
    tie_rule = JSONText(list, label=_("并列处理"), required=False)
    candidates_count = forms.IntegerField(label=_("候选人数"), min_value=1, max_value=9)
    max_lots_won = forms.IntegerField(label=_("最多中标数"), min_value=1, required=False)
    criteria = JSONText(list, label=_("评分办法"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A program may send fen instead; a person must fill the one field there is.
        self.fields["estimate_yuan"].required = "estimate_fen" not in self.data

    def clean_criteria(self) -> list[dict[str, Any]]:
        """Refuse rows that are no criteria, so that none is half written."""
        rows: list[dict[str, Any]] = self.cleaned_data["criteria"]
        try:
            read_criteria(rows)
        except (BadInput, DecimalError, KeyError, TypeError, ValueError):
            raise ValidationError(_("每个评分项都要有名称、满分和类型，满分和步长是数字")) from None
        return rows

    def clean(self) -> dict[str, Any]:
        """Read each amount from fen or from yuan."""
        data = super().clean() or self.cleaned_data
        for name in ("estimate", "ceiling", "bid_security"):
            if data.get(f"{name}_fen") is None and data.get(f"{name}_yuan"):
                try:
                    data[f"{name}_fen"] = parse_yuan(data[f"{name}_yuan"])
                except MoneyError as error:
                    self.add_error(f"{name}_yuan", str(error))
        return data

    def facts(self) -> dict[str, Any]:
        """Return the lot's own fields."""
        data = self.cleaned_data
        return {
            "number": data["number"],
            "title": data["title"],
            "estimate_fen": data["estimate_fen"],
            "ceiling_fen": data["ceiling_fen"],
            "bid_security_fen": data["bid_security_fen"] or 0,
            "price_formula": data["price_formula"],
            "outlier_rule": data["outlier_rule"],
            "tie_rule": data["tie_rule"] or [],
            "candidates_count": data["candidates_count"],
            "max_lots_won": data["max_lots_won"],
        }


class HostKeyForm(forms.Form):
    """The public half of a host key with its three holders."""

    kid = forms.CharField(max_length=32)
    public_key = forms.CharField(max_length=1700)
    suite = forms.ChoiceField(choices=SealingSuite, required=False)
    holders = JSONText(list)

    def clean_suite(self) -> str:
        """Take suite 1 where none is named, as command lines that know no other do."""
        return self.cleaned_data["suite"] or SealingSuite.X25519


class SecretForm(forms.Form):
    """The answer to the re-load test."""

    answer = forms.CharField(max_length=64)


class FileForm(forms.Form):
    """One file of the documents."""

    file = forms.FileField(label=_("文件"))


class EnquiryForm(forms.Form):
    """A question about the documents."""

    text = forms.CharField(label=_("问题"), max_length=2000, widget=forms.Textarea)
    is_objection = forms.BooleanField(label=_("作为对招标文件的异议提出"), required=False)


class AnswerForm(forms.Form):
    """The answer everybody gets."""

    answer = forms.CharField(label=_("答复"), max_length=4000, widget=forms.Textarea)


class AmendForm(forms.Form):
    """An addendum; `content` maps clauses to their new words, or to what stood and what stands."""

    summary = forms.CharField(label=_("变更内容"), max_length=4000, widget=forms.Textarea)
    content = JSONText(dict, label=_("条款"), required=False)
    new_deadline_at = Moment(label=_("新的截止时间"), required=False)
    harmless = forms.BooleanField(label=_("不影响投标文件编制"), required=False)

    def clauses(self, words: str) -> dict[str, str]:
        """Return the clauses with their `new` words, or with the `old` ones where they are told."""
        found = {}
        for clause, given in (self.cleaned_data["content"] or {}).items():
            both = given if isinstance(given, dict) else {"new": given}
            if words in both:
                found[clause] = str(both[words])
        return found


class ReasonForm(forms.Form):
    """Why, and by which clause."""

    reason = forms.CharField(label=_("原因"), max_length=1000)
    clause = forms.CharField(label=_("依据"), max_length=200)


class PublishForm(forms.Form):
    """What the publisher signs of the browser's code; a platform that has none sends neither."""

    bundle_sha256 = forms.RegexField(_SHA256, required=False)
    offline_sha256 = forms.RegexField(_SHA256, required=False)

    def code(self) -> BrowserCode | None:
        """Return both hashes, or nothing."""
        told = self.cleaned_data
        return BrowserCode(**told) if all(told.values()) else None
