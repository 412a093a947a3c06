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
    "V-012": Text(
        what=_("不能预约已经过去的时间。"),
        why=_("%(starts)s 已过。"),
        do=_("请选一个以后的时间。"),
    ),
    "V-013": Text(
        what=_("这一天不能预约。"),
        why=_("%(day)s 中心停止受理：%(reason)s。"),
        do=_("请改约其他日期。"),
    ),
    "V-014": Text(
        what=_("节假日安排没有载入。"),
        why=_("%(year)s 年的数据有误：日期写法不对、同一天既放假又上班，或补班日本来就是工作日。"),
        do=_("请对照国务院办公厅的通知改正后重新载入。"),
    ),
    "V-015": Text(
        what=_("这个预约不能在这里取消。"),
        why=_("它随项目的开标或评标时间而定。"),
        do=_("请由招标人在项目里变更时间。"),
    ),
    "V-016": Text(
        what=_("您不能这样做。"),
        why=_("只有中心 %(centre)s 的工作人员可以管理它的场地和日期。"),
        do=_("请联系该中心。"),
    ),
}

STATUSES = {"V-014": 422, "V-016": 403}
