"""The words of audit's own events, and of the actors that belong to nobody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.words import Field, Group, phrase

GROUP = Group(
    title=_("审计"),
    phrases={"trail.searched": _("查找审计记录")},
    fields={
        "stream": Field(label=_("查找的记录流"), optional=True),
        "number_sought": Field(label=_("查找的编号"), optional=True),
        "person_sought": Field(label=_("查找的姓名"), optional=True),
        "actor_sought": Field(label=_("查找的操作人编号"), optional=True),
        "name_sought": Field(label=_("查找的事件"), say=phrase, optional=True),
        "since": Field(label=_("开始时间"), optional=True),
        "until": Field(label=_("结束时间"), optional=True),
    },
)

STREAMS = {"access": _("工作人员登录与访问记录")}
ACTORS = {
    "system:clock": _("系统时钟"),
    "system:worker": _("系统后台任务"),
    "system:bootstrap": _("系统安装"),
}
