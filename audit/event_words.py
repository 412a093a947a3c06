"""The words of audit's own events, and of the actors that belong to nobody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.words import Field, Group, phrase

GROUP = Group(
    title=_("审计"),
    phrases={"trail.searched": _("查找审计记录")},
    fields={
        "stream": Field(label=_("查找的记录流")),
        "number_sought": Field(label=_("查找的编号")),
        "person_sought": Field(label=_("查找的姓名")),
        "actor_sought": Field(label=_("查找的操作人编号")),
        "name_sought": Field(label=_("查找的事件"), say=phrase),
        "since": Field(label=_("开始时间")),
        "until": Field(label=_("结束时间")),
    },
)

ACTORS = {
    "system:clock": _("系统时钟"),
    "system:worker": _("系统后台任务"),
    "system:bootstrap": _("系统安装"),
}
