"""The words of what happens to tenders, bids, openings and awards, as the audit trail tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import chips
from audit.words import Field, Group, one_of, pair
from core.money import yuan
from trading.chips import FAILURES
from trading.domain.opening_stages import BY_CODE
from trading.models import SealingSuite
from trading.templatetags.opening import security_word

_HALL = {
    "host": _("主持人"),
    "recorder": _("记录人"),
    "witness": _("见证人"),
    "supervisor": _("监督人"),
}
_BLAME = {"bidder": _("投标人"), "not_bidder": _("非投标人原因")}
_UNREAD = {
    "NO_RELEASE": _("没有在时间内解密"),
    "WRONG_KEY": _("密钥不符"),
    "HOST_BOX": _("招标人密钥份额无法取出"),
    "STORED_ALTERED": _("平台保存的文件与回执不一致"),
    "STORED_LOST": _("平台保存的文件无法读取"),
    "NOT_WRITTEN": _("开标一览表未能写入平台"),
    "FORM_VERSION": _("开标一览表对应另一版招标文件"),
}
_REFUSED = {
    "LATE": _("迟于截止时间"),
    "SUSPENDED": _("招标已暂停"),
    "PLATFORM_LATE": _("标段已不再接收"),
    "CLAIM": _("内容与签名不符"),
}
_PARTS = {
    "documents": _("招标文件"),
    "title": _("名称"),
    "description": _("内容"),
    "qualification": _("资格要求"),
    "approval_no": _("立项批文"),
    "deadline_at": _("截止时间"),
    "documents_issued_at": _("文件发出时间"),
    "consortium_allowed": _("是否接受联合体"),
    "guest_sites": _("远程评标地点"),
    "decrypt_minutes": _("解密时间"),
    "objection_minutes": _("异议时间"),
    "confirm_minutes": _("确认时间"),
    "bid_validity_days": _("投标有效期"),
    "must_tender": _("依法必须招标"),
    "state_funded": _("国有资金"),
    "agency": _("招标代理机构"),
    "category": _("类别"),
    "procedure": _("采购方式"),
    "legal_track": _("适用法律"),
}


def _stage(code: str) -> str | Promise:
    """Name a stage of an opening."""
    if code == "FAILED":
        return _("流标")
    stage = BY_CODE.get(code)
    if stage is None:
        return code
    return stage.name_en if (get_language() or "").startswith("en") else stage.name


def _part(name: str) -> str | Promise:
    """Name a part of a draft; `lots/1` is a lot by its number."""
    head, _slash, number = name.partition("/")
    if head == "lots":
        return gettext("标段 %(number)s") % {"number": number}
    return _PARTS.get(name, name)


def _told(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part not in {None, ""})


def _money(fen: object) -> str:
    return f"¥{yuan(fen)}" if isinstance(fen, int) else ""


def _with_members(row: Mapping[str, Any]) -> str:
    """Name a bidder with the others of its consortium."""
    return " + ".join([str(row.get("name", "")), *map(str, row.get("members") or [])])


def _listed(row: Mapping[str, Any]) -> str:
    """Say one bidder of the list."""
    came = gettext("已签到") if row.get("signed_in") else gettext("未签到")
    return _told(row.get("seat"), _with_members(row), row.get("received_at"), came)


def _secured(row: Mapping[str, Any]) -> str:
    """Say how one bidder's security stands."""
    return _told(row.get("seat"), security_word(dict(row)))


def _read(row: Mapping[str, Any]) -> str:
    """Say one line of the read-out; a bid that could not be read says its state."""
    fen = row.get("price_fen")
    if fen is None:
        said = _UNREAD.get(str(row.get("code")), row.get("code"))
        return _told(row.get("seat"), chips.find(f"bid.{row.get('state')}").label, said)
    days = row.get("duration_days")
    span = gettext("%(days)s 天") % {"days": days} if days is not None else ""
    return _told(row.get("seat"), _money(fen), span, row.get("quality"), row.get("manager"))


def _candidate(row: Mapping[str, Any]) -> str:
    """Say one candidate with price and points."""
    total = row.get("total")
    points = gettext("%(total)s 分") % {"total": total} if total is not None else ""
    return _told(row.get("rank"), _with_members(row), _money(row.get("price_fen")), points)


def _sits(role: str, name: object) -> str:
    """Say who sits on the rostrum."""
    return pair(_HALL.get(role, role), name)


def _seated(party: str, seat: object) -> str:
    """Say which party sits where."""
    return _told(seat, party)


TENDERS = Group(
    title=_("招标与答疑"),
    phrases={
        "tender.drafted": _("起草招标项目"),
        "tender.edited": _("修改草稿"),
        "tender.published": _("招标公告发布"),
        "tender.amended": _("变更公告发布"),
        "tender.suspended": _("暂停招标"),
        "tender.resumed": _("恢复招标"),
        "tender.terminated": _("终止招标项目"),
        "tender.completed": _("招标项目结束"),
        "documents.issued": _("招标文件发出"),
        "enquiry.asked": _("提出疑问"),
        "enquiry.answered": _("答复疑问"),
        "host_key.registered": _("登记招标人公钥"),
        "host_key.tested": _("试装招标人密钥"),
        "room.booked": _("开标室预约"),
    },
    fields={
        "code": Field(label=_("项目编号")),
        "predecessor": Field(label=_("前次招标")),
        "fields": Field(label=_("修改内容"), say=_part),
        "notice": Field(label=_("所发公告")),
        "deadline_at": Field(label=_("截止时间")),
        "host_kid": Field(label=_("招标人公钥编号")),
        "kid": Field(label=_("公钥编号")),
        "suite": Field(label=_("加密套件"), say=one_of(dict(SealingSuite.choices))),
        "holders": Field(label=_("密钥持有人")),
        "version": Field(label=_("文件版本")),
        "files": Field(label=_("文件")),
        "reason": Field(label=_("原因")),
        "enquiry": Field(label=_("疑问")),
        "is_objection": Field(label=_("是否异议")),
        "booking": Field(label=_("预约")),
    },
)

BIDS = Group(
    title=_("投标活动"),
    phrases={
        "party.joined": _("参加投标"),
        "documents.downloaded": _("投标人下载招标文件"),
        "bid.received": _("收到投标文件"),
        "bid.refused": _("拒收投标文件"),
        "bid.superseded": _("投标文件被替换"),
        "bid.withdrawn": _("投标文件被撤回"),
        "lot.closed": _("标段投标截止"),
    },
    fields={
        "consortium": Field(label=_("是否联合体")),
        "document": Field(label=_("文件")),
        "version": Field(label=_("文件版本")),
        "bid": Field(label=_("投标")),
        "by": Field(label=_("替换为")),
        "receipt": Field(label=_("回执编号")),
        "received_at": Field(label=_("收到时间")),
        "size": Field(label=_("文件字节数")),
        "ct_root": Field(label=_("密文哈希")),
        "submission": Field(label=_("投递")),
        "code": Field(label=_("拒收代码")),
        "cause": Field(label=_("原因"), say=one_of(_REFUSED)),
        "deadline_at": Field(label=_("截止时间")),
    },
)

HALL = Group(
    title=_("开标"),
    phrases={
        "hall.stage": _("进入新阶段"),
        "hall.staff": _("宣布工作人员"),
        "hall.signed_in": _("投标人签到"),
        "hall.counted": _("投标人数已检查"),
        "hall.listed": _("投标人名单公布"),
        "hall.seat": _("分配席位"),
        "hall.parties": _("席位对应投标人"),
        "hall.deposits": _("公布保证金状态"),
        "hall.released": _("投标人完成解密"),
        "hall.release_failed": _("投标人密钥不符"),
        "hall.extended": _("解密时间延长"),
        "hall.reopened": _("重新开放解密时间"),
        "hall.lapsed": _("投标文件未能开启"),
        "hall.host_released": _("招标人完成解密"),
        "hall.opened": _("开启投标文件"),
        "hall.read_out": _("报价公布"),
        "hall.objection": _("提出开标异议"),
        "hall.objection_answered": _("答复开标异议"),
        "hall.record": _("生成开标记录"),
        "hall.answered": _("投标人答复开标记录"),
        "hall.suspended": _("开标暂停"),
        "hall.resumed": _("开标恢复"),
        "hall.message": _("大厅消息"),
        "hall.call": _("投标人与主持人通话"),
        "hall.ended": _("开标结束"),
        "hall.failed": _("标段当场流标"),
        "hall.document": _("公开开标证据"),
        "hall.watched": _("监督人员查看开标大厅"),
    },
    fields={
        "stage": Field(label=_("阶段"), say=_stage),
        "ends_at": Field(label=_("本阶段结束")),
        "staff": Field(label=_("工作人员"), line=_sits),
        "count": Field(label=_("投标人数")),
        "seats": Field(label=_("名单"), line=_listed),
        "seat": Field(label=_("席位")),
        "bid": Field(label=_("投标")),
        "parties": Field(label=_("席位"), line=_seated),
        "deposits": Field(label=_("保证金"), line=_secured),
        "code": Field(label=_("原因"), say=one_of(_UNREAD)),
        "attribution": Field(label=_("归因"), say=one_of(_BLAME)),
        "reason": Field(label=_("原因")),
        "clause": Field(label=_("依据")),
        "opened": Field(label=_("已开启")),
        "sealed": Field(label=_("未开启")),
        "ceiling_fen": Field(label=_("最高投标限价")),
        "lines": Field(label=_("报价"), line=_read),
        "objection": Field(label=_("异议")),
        "text": Field(label=_("内容")),
        "answer": Field(label=_("答复")),
        "record_hash": Field(label=_("开标记录哈希")),
        "record_sha256": Field(label=_("开标记录哈希")),
        "sha256": Field(label=_("证据文件哈希")),
        "message": Field(label=_("消息编号")),
        "party": Field(label=_("投标人")),
        "by_host": Field(label=_("是否主持人发出")),
        "lot": Field(label=_("标段")),
    },
    special={
        ("hall.answered", "answer"): Field(label=_("答复"), say=chips.named("answer.")),
        ("hall.failed", "code"): Field(label=_("原因"), say=one_of(FAILURES)),
    },
)

AWARDS = Group(
    title=_("定标与合同"),
    phrases={
        "lot.qualified": _("资格审查"),
        "lot.evaluating": _("移交评标委员会"),
        "lot.reported": _("收到评标报告"),
        "lot.candidates": _("中标候选人公示发布"),
        "lot.awarded": _("中标人确定"),
        "lot.notified": _("发出中标通知书"),
        "lot.contracted": _("合同登记"),
        "lot.failed": _("标段流标"),
        "lot.objected": _("对结果提出异议或质疑"),
        "lot.objection_answered": _("答复对结果的异议或质疑"),
    },
    fields={
        "passed": Field(label=_("通过家数")),
        "failed": Field(label=_("未通过家数")),
        "report_sha256": Field(label=_("报告哈希")),
        "notice": Field(label=_("所发公告")),
        "candidates": Field(label=_("中标候选人"), line=_candidate),
        "ends_at": Field(label=_("公示截止")),
        "bid": Field(label=_("投标")),
        "rank": Field(label=_("排名")),
        "reason": Field(label=_("理由")),
        "winner": Field(label=_("中标人")),
        "price_fen": Field(label=_("中标价")),
        "signed_on": Field(label=_("签订日期")),
        "amount_fen": Field(label=_("合同金额")),
        "code": Field(label=_("原因"), say=one_of(FAILURES)),
        "objection": Field(label=_("异议")),
        "due_at": Field(label=_("答复期限")),
    },
)

GROUPS = (TENDERS, BIDS, HALL, AWARDS)
ACTORS = {"asker": _("提问人（不记名）")}
