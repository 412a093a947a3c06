"""The words of what happens to rooms and to the calendar, as the audit trail tells it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.words import Field, Group, one_of
from venues.models import Booking, Room

GROUP = Group(
    title=_("场地与日历"),
    phrases={
        "venue.room_added": _("增加房间"),
        "venue.booked": _("预约房间"),
        "venue.moved": _("改期或换房间"),
        "venue.released": _("释放房间"),
        "calendar.day_closed": _("停止预约一日"),
        "calendar.emergency_approved": _("批准应急开标"),
        "calendar.year_arranged": _("载入年度放假安排"),
    },
    fields={
        "booking": Field(label=_("预约")),
        "purpose": Field(label=_("用途"), say=one_of(dict(Booking.Purpose.choices))),
        "starts_at": Field(label=_("开始时间")),
        "ends_at": Field(label=_("结束时间")),
        "room": Field(label=_("房间")),
        "kind": Field(label=_("房间类别"), say=one_of(dict(Room.Kind.choices))),
        "seats": Field(label=_("座位数")),
        "day": Field(label=_("日期")),
        "number": Field(label=_("批准文号")),
        "reason": Field(label=_("原因")),
        "year": Field(label=_("年度")),
        "off": Field(label=_("放假")),
        "worked": Field(label=_("调休上班")),
        "source": Field(label=_("依据")),
    },
)
