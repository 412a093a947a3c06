"""The words of what happens to money, as the audit trail tells it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import chips
from audit.words import Field, Group, one_of
from bank_escrow.adapters.profiles import PROFILES
from bank_escrow.words import BASES, PAPER_REASONS, REASONS
from bank_escrow.words_desk import BREAKS, DEEDS

_ACCOUNTS = {"BASIC": _("基本账户"), "CORPORATE": _("单位账户")}
_PURPOSES = {"REFUND": _("退还"), "FORFEIT": _("不予退还")}
_PAPERS = {"GUARANTEE": _("保函"), "WAIVER": _("免缴声明")}
_UNSEALED = {"LISTED": _("开标公布名单"), "TERMINATED": _("招标终止")}
_OUTCOMES = {
    "DONE": _("银行已支付"),
    "ABSENT": _("对账单无此笔"),
    "CRASH": _("发送中断，结果待查"),
    "BARRED_UNPAID": _("银行已止付，未支付"),
    "CONFIRMED_UNPAID": _("凭银行书面答复认定未支付"),
}
_RESOLUTIONS = {"settled": _("已与银行核对一致")}
_STOPS = {"BY_HAND": _("两人确认")}


def _reason(code: str) -> str | Promise:
    """Name what is wrong with a payment or a paper."""
    text = REASONS.get(code) or PAPER_REASONS.get(code)
    return str(text.what) if text else code


def _kind(code: str) -> str | Promise:
    """Name a break."""
    return str(BREAKS[code].what) if code in BREAKS else code


def _why_stopped(code: str) -> str | Promise:
    """Say what stopped a bank: people, or a break."""
    return _STOPS.get(code) or _kind(code)


def _deed(code: str) -> str | Promise:
    """Name what two persons do."""
    return DEEDS[code].name if code in DEEDS else code


def _basis(code: str) -> str | Promise:
    """Name the ground on which money leaves; a decision's own words stand for themselves."""
    return BASES.get(code) or _UNSEALED.get(code) or chips.find(f"lot.{code}").label


def bank_name(code: str) -> str:
    """Name a bank; one that is no longer agreed with says its code."""
    return PROFILES[code].name if code in PROFILES else code


DEPOSITS = Group(
    title=_("保证金"),
    phrases={
        "deposit.required": _("设定保证金要求"),
        "deposit.cutoff_moved": _("保证金截止时间变更"),
        "deposit.unsealed": _("保证金信息解封"),
        "deposit.account_issued": _("分配缴款账号"),
        "deposit.credit_received": _("保证金到账"),
        "deposit.judged": _("核对到账"),
        "deposit.locked": _("锁定核对结果"),
        "deposit.paper_handed_in": _("提交保函或免缴声明"),
        "deposit.paper_taken_back": _("撤回保函或免缴声明"),
        "deposit.paper_checked": _("核对保函或免缴声明"),
        "deposit.paper_released": _("解除保函"),
        "deposit.frozen": _("保证金冻结"),
        "deposit.unfrozen": _("保证金解冻"),
    },
    fields={
        "reference": Field(label=_("标段")),
        "amount_fen": Field(label=_("金额")),
        "counted_fen": Field(label=_("计入金额")),
        "cutoff_at": Field(label=_("截止时间")),
        "account_policy": Field(label=_("付款账户要求"), say=one_of(_ACCOUNTS)),
        "basis": Field(label=_("依据"), say=_basis),
        "bank": Field(label=_("银行"), say=bank_name),
        "credit": Field(label=_("到账记录")),
        "booked_at": Field(label=_("银行入账时间")),
        "state": Field(label=_("状态"), say=chips.named("deposit.")),
        "verdict": Field(label=_("结论"), say=chips.named("deposit.")),
        "codes": Field(label=_("不符之处"), say=_reason),
        "paper": Field(label=_("保函或声明")),
        "kind": Field(label=_("类别"), say=one_of(_PAPERS)),
        "accepted": Field(label=_("是否认可")),
        "clause": Field(label=_("条款")),
        "fact": Field(label=_("事实")),
        "document": Field(label=_("决定文书")),
        "review_at": Field(label=_("复查时间")),
    },
)

PAYMENTS = Group(
    title=_("付款与对账"),
    phrases={
        "payment.ordered": _("生成付款指令"),
        "payment.submitted": _("经办人提交付款"),
        "payment.approved": _("复核人同意付款"),
        "payment.released": _("放行人同意付款"),
        "payment.queued": _("付款指令待发送"),
        "payment.sent": _("付款指令发往银行"),
        "payment.answered": _("银行答复"),
        "payment.done": _("银行付款完成"),
        "payment.returned": _("银行退汇"),
        "payment.cancelled": _("撤回付款指令"),
        "bank.stopped": _("停止向银行发送"),
        "bank.started": _("恢复向银行发送"),
        "bank.break_opened": _("出现差错"),
        "bank.break_resolved": _("差错已结案"),
        "finance.proposed": _("提出两人事项"),
        "finance.decided": _("两人事项已处理"),
    },
    fields={
        "instruction": Field(label=_("付款指令")),
        "purpose": Field(label=_("用途"), say=one_of(_PURPOSES)),
        "basis": Field(label=_("依据"), say=_basis),
        "amount_fen": Field(label=_("金额")),
        "interest_fen": Field(label=_("利息")),
        "due_at": Field(label=_("应退时间")),
        "bank_ref": Field(label=_("银行流水号")),
        "bank_day": Field(label=_("银行记账日")),
        "wire_sha": Field(label=_("报文哈希")),
        "content_sha": Field(label=_("内容哈希")),
        "signature": Field(label=_("签名")),
        "state": Field(label=_("状态"), say=chips.named("payment.")),
        "outcome": Field(label=_("答复"), say=one_of(_OUTCOMES)),
        "why": Field(label=_("原因"), say=_why_stopped),
        "bank": Field(label=_("银行"), say=bank_name),
        "kind": Field(label=_("类别"), say=_kind),
        "critical": Field(label=_("是否停止发送")),
        "resolution": Field(label=_("结果"), say=one_of(_RESOLUTIONS)),
        "subject": Field(label=_("对象")),
    },
    special={
        ("finance.proposed", "kind"): Field(label=_("事项"), say=_deed),
        ("finance.decided", "kind"): Field(label=_("事项"), say=_deed),
        ("finance.decided", "outcome"): Field(label=_("结果"), say=chips.named("proposal.")),
    },
)

GROUPS = (DEPOSITS, PAYMENTS)
ACTORS = {"system:escrow": _("系统资金模块")}
