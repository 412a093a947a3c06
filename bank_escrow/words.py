"""The words of states and reasons, as chips and as sentences a bidder can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.chips import Chip, Kind
from core.verdicts import Text

# Deposits and instructions share some codes with other apps; ours carry a prefix.
CHIPS: Final[Mapping[str, Chip]] = {
    "deposit.UNPAID": Chip(Kind.TODO, _("等待到账")),
    "deposit.RECEIVED": Chip(Kind.RUNNING, _("已收到")),
    "deposit.PARTIAL": Chip(Kind.RUNNING, _("金额不足")),
    "deposit.MISMATCH": Chip(Kind.FAILED, _("未匹配")),
    "deposit.MATCHED": Chip(Kind.DONE, _("已匹配")),
    "deposit.GUARANTEE": Chip(Kind.DONE, _("已提交保函")),
    "deposit.WAIVED": Chip(Kind.DONE, _("免缴")),
    "paper.HELD": Chip(Kind.RUNNING, _("待开标后核对")),
    "paper.ACCEPTED": Chip(Kind.DONE, _("已认可")),
    "paper.REFUSED": Chip(Kind.FAILED, _("不认可")),
    "paper.REPLACED": Chip(Kind.ENDED, _("已替换")),
    "paper.TAKEN_BACK": Chip(Kind.WITHDRAWN, _("已撤回")),
    "paper.RELEASED": Chip(Kind.ENDED, _("已解除")),
    "deposit.LOCKED": Chip(Kind.DONE, _("已锁定")),
    "deposit.FROZEN": Chip(Kind.PAUSED, _("已冻结")),
    "deposit.REFUNDING": Chip(Kind.RUNNING, _("退还中")),
    "deposit.REFUNDED": Chip(Kind.ENDED, _("已退还")),
    "deposit.FORFEITING": Chip(Kind.RUNNING, _("不予退还办理中")),
    "deposit.FORFEITED": Chip(Kind.ENDED, _("不予退还")),
    "refund.LATE": Chip(Kind.FAILED, _("已逾期")),
    "payment.DRAFT": Chip(Kind.DRAFT, _("待提交")),
    "payment.SUBMITTED": Chip(Kind.TODO, _("待复核")),
    "payment.APPROVED": Chip(Kind.TODO, _("待放行")),
    "payment.QUEUED": Chip(Kind.RUNNING, _("待发送")),
    "payment.SENDING": Chip(Kind.RUNNING, _("发送中")),
    "payment.PROCESSING": Chip(Kind.RUNNING, _("银行处理中")),
    "payment.UNKNOWN": Chip(Kind.PAUSED, _("结果待查")),
    "payment.ABSENT": Chip(Kind.PAUSED, _("对账单无此笔")),
    "payment.BREAK": Chip(Kind.FAILED, _("差错待处理")),
    "payment.DONE": Chip(Kind.DONE, _("已支付")),
    "payment.CANCELLED": Chip(Kind.WITHDRAWN, _("已撤回")),
    "payment.FAILED_BANK": Chip(Kind.FAILED, _("银行未付")),
    "payment.FAILED_CONFIRMED": Chip(Kind.FAILED, _("确认未付")),
    "payment.RETURNED": Chip(Kind.FAILED, _("银行退回")),
    "proposal.WAITING": Chip(Kind.TODO, _("待确认")),
    "proposal.CONFIRMED": Chip(Kind.DONE, _("已确认")),
    "proposal.REFUSED": Chip(Kind.FAILED, _("已退回")),
    "proposal.WITHDRAWN": Chip(Kind.WITHDRAWN, _("已撤回")),
}

# What a bidder reads when money came but does not count.
REASONS: Final[Mapping[str, Text]] = {
    "UNKNOWN_ACCOUNT": Text(
        what=_("款项未进入您的缴款账号"),
        why=_("收款账号不是本标段分配给您的账号"),
        do=_("按本页账号重新缴纳；原款项原路退回"),
    ),
    "DUPLICATE_NOTIFY": Text(
        what=_("同一笔到账被重复通知"),
        why=_("银行流水号相同，只计一次"),
        do=_("无需处理"),
    ),
    "CURRENCY": Text(
        what=_("币种不是人民币"),
        why=_("保证金只接受人民币"),
        do=_("以人民币重新缴纳；原款项由银行退回"),
    ),
    "REVERSED": Text(
        what=_("该笔到账已被银行冲正"),
        why=_("款项已不在账户内"),
        do=_("联系付款银行，重新缴纳"),
    ),
    "PERSONAL_ACCOUNT": Text(
        what=_("付款账户是个人账户"),
        why=_("保证金须由单位账户缴纳"),
        do=_("从本单位账户重新缴纳；原款项原路退回"),
    ),
    "NOT_BASIC_ACCOUNT": Text(
        what=_("付款账户不是登记的基本账户"),
        why=_("依法必须招标的项目，保证金须从基本账户转出（招标投标法实施条例第二十六条）"),
        do=_("从基本账户重新缴纳；原款项原路退回"),
    ),
    "PAYER_NAME": Text(
        what=_("付款户名与投标人不一致"),
        why=_("户名须与登记的单位名称相同"),
        do=_("以本单位名义重新缴纳；原款项原路退回"),
    ),
    "LATE": Text(
        what=_("到账时间晚于截止时间"),
        why=_("以银行入账时间为准"),
        do=_("款项原路退回"),
    ),
    "AMOUNT_SHORT": Text(
        what=_("到账金额不足"),
        why=_("已到账金额少于要求金额"),
        do=_("在截止时间前补足差额"),
    ),
}

# What a bidder reads when its letter or its claim does not stand.
PAPER_REASONS: Final[Mapping[str, Text]] = {
    "AMOUNT_SHORT": Text(
        what=_("担保金额不足"),
        why=_("保函载明的金额少于要求金额"),
        do=_("在截止时间前提交足额的保函，或改为转账"),
    ),
    "VALIDITY_SHORT": Text(
        what=_("保函有效期不足"),
        why=_("保证金有效期应与投标有效期一致（招标投标法实施条例第二十六条）"),
        do=_("请开立单位延长有效期，在截止时间前重新提交，或改为转账"),
    ),
    "GUARANTEE_REFUSED": Text(
        what=_("招标人不认可保函"),
        why=_("条款和事实见核对结论"),
        do=_("对投标的影响由评标委员会决定；可依法提出异议或质疑"),
    ),
    "WAIVER_REFUSED": Text(
        what=_("招标人不认可免缴"),
        why=_("条款和事实见核对结论"),
        do=_("对投标的影响由评标委员会决定；可依法提出异议或质疑"),
    ),
}

ISSUERS: Final[Mapping[str, str | Promise]] = {
    "BANK": _("银行保函"),
    "INSURER": _("保证保险"),
    "GUARANTOR": _("担保公司保函"),
}

GROUNDS: Final[Mapping[str, str | Promise]] = {
    "SMALL_BUSINESS": _("中小微企业"),
    "CREDIT": _("信用良好并书面承诺"),
    "DOCUMENTS": _("招标文件规定的其他情形"),
}

BASES: Final[Mapping[str, str | Promise]] = {
    "WITHDRAWN": _("撤回投标"),
    "CONTRACT": _("合同已签订"),
    "AWARD_NOTICE": _("中标通知书已发出"),
    "TERMINATED": _("招标终止"),
    "FAILED": _("招标失败"),
    "NOT_COUNTED": _("款项未计入"),
    "FORFEIT": _("不予退还"),
}
