"""Renders the style guide with sample facts, so that it can be looked at and tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import chips
from core.verdicts import Reason


class SampleForm(forms.Form):
    """One of each kind of widget."""

    price = forms.CharField(
        label=_("投标报价（元）"),
        help_text=_("可粘贴“3,366.36万元”，提交前显示大写"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-hp": "money"}),
    )
    days = forms.IntegerField(label=_("工期（天）"), min_value=1)
    quality = forms.ChoiceField(
        label=_("质量标准"), choices=[("ok", _("合格")), ("fine", _("优良"))]
    )
    alone = forms.ChoiceField(
        label=_("投标方式"),
        choices=[("alone", _("独立投标")), ("jointly", _("联合体投标"))],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=_("已阅读更正公告 v3"))
    note = forms.CharField(
        label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the price table."""

    name: str
    fen: int
    days: int
    manager: str
    state: str = "done"
    mine: bool = False


ROWS = (
    Row(name="张家港港城建设（我）", fen=3_366_358_016, days=336, manager="赵立", mine=True),
    Row(name="无锡太湖建工", fen=3_684_012_288, days=323, manager="孙海涛", state="running"),
    Row(name="南通四海建设", fen=3_504_691_328, days=350, manager="钱铭"),
    Row(name="浙江嘉善交通工程", fen=3_325_370_368, days=337, manager="沈佳", state="failed"),
    Row(name="苏州园区市政", fen=3_643_024_640, days=324, manager="张卫东", state="paused"),
)


def render(*, now: datetime, language: str = "zh-hans") -> str:
    """Give the page's HTML."""
    form = SampleForm(
        {
            "price": "3,366.358016万元",
            "quality": "ok",
            "alone": "alone",
            "days": "0",
            "agreed": "on",
        }
    )
    tender = SimpleNamespace(
        title=_("姑苏区平江片区市政道路改造（一标段）"),
        meta=["SZJS-2026-1123-04", _("苏州市市政建设管理处")],
        ceiling=3_860_000_000,
        security=60_000_000,
        deadline=now + timedelta(hours=7, minutes=12),
    )
    names = (_("发布公告"), _("质疑截止"), _("投标截止"), _("开标"), _("公示"))
    states = ("done", "done", "now", "", "")
    points = [
        SimpleNamespace(name=name, state=state, at=now + timedelta(days=5 * place - 10))
        for place, (name, state) in enumerate(zip(names, states, strict=True))
    ]
    step_names = (_("等待开标"), _("公布名单"), _("投标人解密"), _("公布报价"), _("开标结束"))
    steps = [
        SimpleNamespace(name=name, state=state, hint="")
        for name, state in zip(step_names, ("done", "done", "done", "now", ""), strict=True)
    ]
    tasks = [
        SimpleNamespace(
            title=_("缴纳保证金"),
            href="/bids/1/deposit",
            hint=_("须从基本账户转出"),
            chip="todo",
            due=now + timedelta(hours=3),
        ),
        SimpleNamespace(
            title=_("编制投标文件"), href="/bids/1/build", hint="", chip="draft", due=None
        ),
        SimpleNamespace(
            title=_("下载更正文件"), href="/bids/1/docs", hint="", chip="done", due=None
        ),
    ]
    context = {
        "form": form,
        "tender": tender,
        "points": points,
        "steps": steps,
        "tasks": tasks,
        "rows": ROWS,
        "average": sum(row.fen for row in ROWS) // len(ROWS),
        "chips": list(chips.known())[:8],
        "refusal": Reason("X-409", {}),
        "page": SimpleNamespace(
            simulated=True,
            centre_name=_("苏州市公共资源交易中心"),
            preferences=SimpleNamespace(theme="auto", large_text=False),
        ),
    }
    request = RequestFactory().get("/styleguide")
    with translation.override(language):
        return render_to_string("accounts/styleguide.html", context, request)
