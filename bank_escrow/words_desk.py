"""The words of finance's own desk: breaks with what to do about them, and what two persons do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.verdicts import Text

BREAKS: Final[Mapping[str, Text]] = {
    "CONTRADICTION": Text(
        what=_("银行前后说法矛盾"),
        why=_("银行对同一笔款项的答复与先前不同，或与指令不符"),
        do=_("与银行逐笔核对，以最终对账单为准；查明后结案"),
    ),
    "WRONG_PAYEE": Text(
        what=_("付款与指令不符"),
        why=_("银行付出的收款账户或金额与签名的指令不同"),
        do=_("立即联系银行追回；该银行已停止发送"),
    ),
    "UNKNOWN_DEBIT": Text(
        what=_("账户出现未经指令的付款"),
        why=_("银行付出一笔款项，本平台没有对应指令"),
        do=_("立即联系银行查明；该银行已停止发送"),
    ),
    "ABSENT": Text(
        what=_("对账单中没有该笔付款"),
        why=_("两个记账日的最终对账单都没有这笔指令"),
        do=_("平台已请银行止付；银行不能止付的，取得书面答复后由两人认定未支付"),
    ),
    "UNKNOWN_TOO_LONG": Text(
        what=_("付款结果长时间不明"),
        why=_("银行一直没有给出明确结果"),
        do=_("联系银行查询该笔指令"),
    ),
    "INTEREST": Text(
        what=_("利息与规则不符"),
        why=_("银行计付的利息与按存款规则计算的不同"),
        do=_("请银行说明计息依据；差额由银行补付或更正"),
    ),
    "UNREADABLE": Text(
        what=_("报文无法读取"),
        why=_("银行通知无法解析，或指令中有银行不支持的文字"),
        do=_("请银行重发，或协商户名的写法"),
    ),
    "CURRENCY": Text(
        what=_("收到外币"),
        why=_("保证金账户只记人民币"),
        do=_("请银行原路退回"),
    ),
    "STATEMENT": Text(
        what=_("对账单合计不符"),
        why=_("期初、发生额与期末不能相加一致"),
        do=_("请银行更正后重发对账单"),
    ),
    "LEDGER": Text(
        what=_("账簿校验未通过"),
        why=_("本平台账簿的一项恒等关系不成立，所有银行已停止发送"),
        do=_("联系系统管理员查明；恢复后由两人恢复发送"),
    ),
}

BREAK_FACTS: Final[Mapping[str, str | Promise]] = {
    "serial": _("指令流水号"),
    "amount_fen": _("金额"),
    "paid_fen": _("银行计付利息"),
    "expected_fen": _("应计利息"),
    "day": _("记账日"),
    "version": _("对账单版本"),
    "barred_on": _("银行止付日"),
    "invariant": _("校验项"),
}

OWNERS: Final[Mapping[str, str | Promise]] = {"finance": _("财务")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What two persons do: its name, and what the second one's word brings about."""

    name: str | Promise
    effect: str | Promise


DEEDS: Final[Mapping[str, Deed]] = {
    "STOP_BANK": Deed(
        name=_("停止发送"), effect=_("确认后立即停止向该银行发送付款指令，直至两人恢复。")
    ),
    "START_BANK": Deed(
        name=_("恢复发送"), effect=_("确认后恢复向该银行发送付款指令，包括停止期间积压的指令。")
    ),
    "RESOLVE": Deed(name=_("差错结案"), effect=_("确认后该差错结案，原因永久留存。")),
    "UNPAID": Deed(
        name=_("认定未支付"),
        effect=_("确认后该笔指令认定为未支付，款项回到原处；应退的款项重新生成退款，另行签名。"),
    ),
    "FREEZE": Deed(
        name=_("冻结保证金"), effect=_("确认后保证金不得退还，尚未发送的退款一并撤回。")
    ),
    "UNFREEZE": Deed(name=_("解除冻结"), effect=_("确认后保证金可以退还，退款须另行生成并签名。")),
    "FORFEIT_ACCOUNT": Deed(
        name=_("登记收款账户"), effect=_("确认后本标段不予退还的保证金只付往该账户。")
    ),
    "FORFEIT": Deed(
        name=_("不予退还"),
        effect=_("确认后生成付往收款账户的付款指令，仍须经办、复核后才付款。"),
    ),
}
