"""The look of panels' and seats' states."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.chips import Chip, Kind

CHIPS = {
    "panel-INVITING": Chip(Kind.TODO, _("邀请中")),
    "panel-FORMED": Chip(Kind.DONE, _("已组成")),
    "panel-SITTING": Chip(Kind.RUNNING, _("评审准备")),
    "panel-REVIEW": Chip(Kind.RUNNING, _("初步评审")),
    "panel-SCORING": Chip(Kind.RUNNING, _("评分中")),
    "panel-SUMMARISED": Chip(Kind.RUNNING, _("已汇总")),
    "panel-SIGNING": Chip(Kind.TODO, _("签署报告")),
    "panel-REPORTED": Chip(Kind.ENDED, _("已出报告")),
    "panel-DISSOLVED": Chip(Kind.ENDED, _("已取消")),
    "criterion-objective": Chip(Kind.RUNNING, _("客观分")),
    "seat-NOTIFIED": Chip(Kind.TODO, _("待答复")),
    "seat-ACCEPTED": Chip(Kind.DONE, _("已接受")),
    "seat-DECLINED": Chip(Kind.WITHDRAWN, _("不能参加")),
    "seat-CHECKED_IN": Chip(Kind.RUNNING, _("已签到")),
    "seat-RECUSED": Chip(Kind.WITHDRAWN, _("已回避")),
    "seat-CANCELLED": Chip(Kind.ENDED, _("已取消")),
}
