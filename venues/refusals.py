"""Refusals of rooms and bookings (V)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.verdicts import Text

TEXTS: dict[str, Text] = {
    "V-010": Text(
        what=_("这一天不能预约。"),
        why=_("%(day)s 中心不对外服务（周日、法定节假日或周六服务期之外）。"),
        do=_("请改约工作日，或申请应急开标。"),
    ),
    "V-011": Text(
        what=_("没有空闲的场地。"),
        why=_("%(starts)s 前后各留 15 分钟，同类场地均已占用。"),
        do=_("请换一个时间或场地。"),
    ),
}
