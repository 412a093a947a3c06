"""Sentences for codes the rules give: what a draft lacks, how a lot is judged."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.decimals import write
from core.verdicts import Text
from trading.services.publishing import Missing

MISSING: dict[str, Text] = {
    "NO_TIMES": Text(
        what=_("没有时间安排"), why=_("发出时间和截止时间都要填写"), do=_("填写“时间安排”")
    ),
    "TIME_DEADLINE_AHEAD": Text(
        what=_("投标截止时间已过，或者不晚于文件发出"),
        why=_("投标截止须在公告和文件发出之后"),
        do=_("改为尚未到来的时间"),
    ),
    "TIME_ISSUE_AFTER_NOTICE": Text(
        what=_("文件发出早于公告"), why=_("招标文件在公告之后发出"), do=_("修改发出时间")
    ),
    "TIME_ISSUE_TO_DEADLINE": Text(
        what=_("投标时间不足"), why=_("自文件发出至截止的法定期限未满"), do=_("推迟截止时间")
    ),
    "TIME_DOCUMENT_SALE": Text(
        what=_("文件发出期不足"), why=_("招标文件的提供期限未满"), do=_("推迟截止时间")
    ),
    "TIME_BOOKABLE": Text(
        what=_("开标时间不可预约"), why=_("中心当日不开放或不在开放时段"), do=_("改为可预约的时间")
    ),
    "NO_LOT": Text(what=_("没有标段"), why=_("至少要有一个标段"), do=_("添加标段")),
    "LOT_SECURITY_ABOVE_CAP": Text(
        what=_("保证金超过上限"), why=_("保证金有法定上限"), do=_("降低保证金")
    ),
    "LOT_NO_ESTIMATE": Text(
        what=_("没有估算价或采购预算"), why=_("金额须大于零"), do=_("填写估算价（政府采购填预算）")
    ),
    "LOT_METHOD_NOT_OPEN": Text(
        what=_("报价公式不可用"), why=_("该法律类别不允许或系统尚未提供此方法"), do=_("改选公式")
    ),
    "LOT_CANDIDATES": Text(what=_("候选人数不符"), why=_("候选人不超过三名"), do=_("修改候选人数")),
    "LOT_BAD_INPUT": Text(
        what=_("评分办法或公式有误"), why=_("内容不能解读"), do=_("按提示位置修改")
    ),
    "LOT_NO_FORMULA": Text(what=_("没有报价公式"), why=_("公式不完整"), do=_("补全公式")),
    "LOT_NOT_HUNDRED": Text(
        what=_("评分合计不是 100"), why=_("顶层评分项合计应为 100"), do=_("调整分值")
    ),
    "LOT_ONE_PRICE": Text(
        what=_("报价评分项不唯一"), why=_("须有且只有一个报价评分项"), do=_("修改评分项")
    ),
    "LOT_WEIGHT_DIFFERS": Text(
        what=_("报价权重不一致"), why=_("公式权重应等于报价评分项满分"), do=_("改成一致")
    ),
    "LOT_PARTS_DIFFER": Text(
        what=_("分项合计与上级满分不一致"), why=_("下级评分项之和应等于上级满分"), do=_("调整分值")
    ),
    "LOT_AVERAGE_IN_G": Text(
        what=_("报价公式不可用"), why=_("政府采购不得以平均价为基准"), do=_("改选最低价法")
    ),
    "LOT_OUTLIER_IN_G": Text(
        what=_("去极值规则不可用"), why=_("政府采购不得去掉评委的评分"), do=_("改为取全部评分平均")
    ),
    "LOT_WEIGHT_BELOW_LAW": Text(
        what=_("报价权重过低"), why=_("报价权重有法定下限"), do=_("提高报价评分项的满分")
    ),
    "LOT_WEIGHT_ABOVE_LAW": Text(
        what=_("报价权重过高"), why=_("报价权重有法定上限"), do=_("降低报价评分项的满分")
    ),
    "LOT_SMALL_DEDUCTION_BELOW_LAW": Text(
        what=_("小微企业扣除过低"), why=_("扣除比例有规定的范围"), do=_("提高扣除比例")
    ),
    "LOT_SMALL_DEDUCTION_ABOVE_LAW": Text(
        what=_("小微企业扣除过高"), why=_("扣除比例有规定的范围"), do=_("降低扣除比例")
    ),
    "NO_DOCUMENT": Text(what=_("没有招标文件"), why=_("至少要有一个文件"), do=_("上传招标文件")),
    "NO_HOST_KEY": Text(
        what=_("没有招标人公钥"), why=_("投标文件须用招标人公钥加密"), do=_("制作密钥")
    ),
    "HOST_KEY_UNTESTED": Text(
        what=_("密钥没有试装"), why=_("须证明两份持有人文件能打开"), do=_("试装密钥")
    ),
    "NO_ROOM": Text(what=_("没有开标室"), why=_("开标室须正好订在截止时间"), do=_("预约开标室")),
}
_OTHER = Text(what=_("有一项不符合规定"), why=_("评分办法或公式不符合规定"), do=_("按提示位置修改"))


def gap_words(code: str) -> object:
    """Name what is missing by its code."""
    return MISSING.get(code, _OTHER).what


def missing_words(gap: Missing) -> dict[str, object]:
    """Return a gap with its sentence, place and article for the page."""
    text = MISSING.get(gap.code, _OTHER)
    return {
        "what": text.what,
        "why": text.why,
        "do": text.do,
        "place": _("标段 %(number)s") % {"number": gap.place.split("/")[0]} if gap.place else "",
        "article": gap.facts.get("article", ""),
        "earliest": gap.facts.get("earliest"),
        "code": gap.code,
    }


_METHODS = {
    "m1": _("方法一：有效报价平均值下浮"),
    "m2": _("方法二：平均值与最高限价加权"),
    "gov_lowest": _("最低评审价为基准"),
}


def method_words(method: str) -> Promise | str:
    """Name a price method."""
    return _METHODS.get(method, method)


def formula_lines(formula: Mapping[str, Any]) -> list[str]:
    """Say a lot's price formula in sentences, for authors and bidders alike."""
    method, weight = str(formula.get("method")), formula.get("weight")
    given: Mapping[str, Any] = formula.get("params") or {}
    facts = {**given, "weight": weight}
    if method == "gov_lowest":
        lines = [
            _("评审价最低者得 %(weight)s 分，其余得分 = 最低评审价 ÷ 评审价 × %(weight)s") % facts
        ]
        for name, text in (
            ("small_deduction", _("小微企业的评审价按报价扣除 %(share)s")),
            ("domestic_deduction", _("本国产品的评审价按报价扣除 %(share)s")),
        ):
            if given.get(name):
                lines.append(
                    text % {"share": f"{write((Decimal(str(given[name])) * 100).normalize())}%"}
                )
        return lines
    trim = given.get("trim")
    lines = [_BENCHMARKS[method] % facts] if method in _BENCHMARKS else [method]
    if trim:
        lines.append(
            _("有效报价达到 %(from)s 家时，去掉 %(high)s 个最高价和 %(low)s 个最低价再平均") % trim
        )
    lines.append(
        _("报价每高于基准价 1%% 扣 %(E1)s 分，每低于 1%% 扣 %(E2)s 分，再按满分 %(weight)s 折算")
        % {"E1": "—", "E2": "—", **facts}
    )
    return lines


_BENCHMARKS = {
    "m1": _("基准价 = 有效报价平均值 × %(K)s"),
    "m2": _("基准价 = 有效报价平均值 × %(K1)s × %(Q1)s + 最高投标限价 × %(K2)s × %(Q2)s"),
}

# What the days of an opening form are called, by the subject of the tender.
_DURATIONS = {
    "works": _("工期"),
    "goods": _("交货期"),
    "services": _("服务期"),
    "design": _("设计周期"),
}


#: The same on papers, which are in Chinese whoever prints them.
PAPER_DURATIONS = {"works": "工期", "goods": "交货期", "services": "服务期", "design": "设计周期"}


def duration_word(category: str) -> Promise | str:
    """Name the days that a bidder offers."""
    return _DURATIONS[category]


# TBR Art. 55, in the order and words of the article.
GROUNDS = {
    "GIVES_UP": _("排名第一的中标候选人放弃中标"),
    "FORCE_MAJEURE": _("因不可抗力不能履行合同"),
    "NO_PERFORMANCE_BOND": _("不按照招标文件要求提交履约保证金"),
    "VIOLATION": _("被查实存在影响中标结果的违法行为，不符合中标条件"),
}
