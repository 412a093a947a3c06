"""Filters for the pages of panels."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def prefixed(code: object, prefix: str) -> str:
    """Return the chip's code of a state: panels and seats share words with other tables."""
    return f"{prefix}{code}"


@register.filter
def instant(text: str) -> datetime:
    """Return the moment a JSON value names, for the filters that show it."""
    return datetime.fromisoformat(text)


@register.filter
def listed(value: object) -> list[object]:
    """Return one value as the list a part asks for."""
    return [value]


@register.filter
def named(code: str, names: dict[str, str]) -> str:
    """Return a place's name; its code where it has none."""
    return names.get(code, code)


@register.filter
def composition(code: str) -> str:
    """Return what a finding about a panel's make-up says."""
    words = {
        "EVEN": _("成员人数应当为单数"),
        "TOO_FEW": _("成员人数少于规定"),
        "TOO_FEW_EXPERTS": _("专家不足成员总数的三分之二"),
    }
    return words.get(code, code)


@register.filter
def rejection(code: str) -> str:
    """Return the words of a rejection's code; the documents' own codes stand for themselves."""
    words = {
        "REJECT_FORM": _("签字盖章或格式不符"),
        "REJECT_CONSORTIUM": _("联合体没有共同投标协议"),
        "REJECT_QUAL": _("资格条件不符"),
        "REJECT_MULTI": _("递交两个以上不同的投标文件或报价"),
        "REJECT_PRICE_LOW": _("报价低于成本"),
        "REJECT_PRICE_HIGH": _("报价高于最高投标限价"),
        "REJECT_RESPONSIVE": _("没有响应实质性要求"),
        "REJECT_ILLEGAL": _("串通投标、弄虚作假等违法行为"),
    }
    return words.get(code, code)
