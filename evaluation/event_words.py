"""The words of what happens to panels, as the audit trail tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import chips
from accounts.models import Centre
from audit.words import Field, Group, one_of, pair
from evaluation.models import Seat
from evaluation.templatetags.evaluation import rejection


def _site(code: str) -> str | Promise:
    """Name a place; its code where no centre stands there."""
    found = Centre.objects.filter(code=code).first()
    return found.shown_name if found else code


def _wish(row: Mapping[str, Any]) -> str:
    """Say how many experts of a specialty were wanted where."""
    said = gettext("%(specialty)s · %(site)s · %(count)s 名")
    return said % {**row, "site": _site(str(row.get("site", "")))}


def _votes(seat: str, count: object) -> str:
    """Say how many votes a seat got."""
    return pair(seat, gettext("%(count)s 票") % {"count": count})


def _entropy(key: str, value: object) -> str:
    """Say which checkpoint the draw took its chance from."""
    words = {"size": _("检查点"), "root": _("根哈希")}
    return pair(words.get(key, key), value)


def _difference(row: Mapping[str, Any]) -> str:
    """Say on which criterion of which bid members differ; names come with the ids."""
    return " · ".join(str(row.get(key, "")) for key in ("bid", "criterion"))


DRAWS = Group(
    title=_("专家与评标委员会"),
    phrases={
        "experts.imported": _("导入专家库"),
        "draw.committed": _("宣布抽取专家"),
        "draw.held": _("专家抽取完成"),
        "draw.given_up": _("放弃抽取"),
        "panel.invited": _("邀请评委"),
        "panel.answered": _("评委答复邀请"),
        "panel.barred": _("招标人代表须回避"),
        "panel.short": _("候补评委用尽"),
        "panel.state": _("评标进入新阶段"),
        "panel.checked_in": _("评委签到"),
        "panel.declared": _("评委签署回避声明"),
        "panel.vacated": _("评委退出，递补"),
        "panel.criteria_read": _("评委阅读评标办法"),
        "panel.leader": _("组长选出"),
        "panel.leader_tied": _("推选组长票数相同"),
    },
    fields={
        "count": Field(label=_("人数")),
        "lot": Field(label=_("标段")),
        "number": Field(label=_("第几次抽取")),
        "wanted": Field(label=_("抽取要求"), line=_wish),
        "commitment": Field(label=_("种子承诺")),
        "pool_sha256": Field(label=_("候选名单哈希")),
        "log_size": Field(label=_("当时日志写入次数")),
        "reason": Field(label=_("原因")),
        "seed": Field(label=_("种子")),
        "entropy": Field(label=_("随机来源"), line=_entropy),
        "result_sha256": Field(label=_("抽取结果哈希")),
        "seats": Field(label=_("席位")),
        "seat": Field(label=_("席位")),
        "role": Field(label=_("身份"), say=one_of(dict(Seat.Role.choices))),
        "site": Field(label=_("地点"), say=_site),
        "specialty": Field(label=_("专业")),
        "accepted": Field(label=_("是否接受")),
        "state": Field(label=_("阶段"), say=chips.named("panel-")),
        "round": Field(label=_("轮次")),
        "votes": Field(label=_("得票"), line=_votes),
    },
)

SCORES = Group(
    title=_("评审与评分"),
    phrases={
        "review.decided": _("初步评审结论"),
        "scoring.started": _("开始评分"),
        "scoring.saved": _("保存评分"),
        "scoring.locked": _("评分锁定"),
        "scoring.reopened": _("解除锁定，更正评分"),
        "scores.broken": _("评分与签名不符"),
        "panel.summarised": _("汇总得分"),
        "report.signed": _("评委签署报告"),
        "report.delivered": _("评标报告送达招标人"),
    },
    fields={
        "panel": Field(label=_("评标委员会")),
        "seat": Field(label=_("席位")),
        "bid": Field(label=_("投标")),
        "passed": Field(label=_("是否通过")),
        "code": Field(label=_("否决情形"), say=rejection),
        "clause": Field(label=_("条款")),
        "votes_for": Field(label=_("赞成票")),
        "votes_against": Field(label=_("反对票")),
        "tie_commitment": Field(label=_("同分次序承诺")),
        "criterion": Field(label=_("评分项")),
        "value": Field(label=_("得分")),
        "lock_sha256": Field(label=_("锁定内容哈希")),
        "differences": Field(label=_("不一致之处"), line=_difference),
        "reason": Field(label=_("原因")),
        "case_sha256": Field(label=_("计算依据哈希")),
        "tie_drawn": Field(label=_("同分是否抽签")),
        "agrees": Field(label=_("是否同意")),
        "by_default": Field(label=_("逾期视为同意")),
        "report_sha256": Field(label=_("报告哈希")),
        "dissents": Field(label=_("不同意见数")),
    },
)

GROUPS = (DRAWS, SCORES)
