"""The looks of trading's states: tender, lot, bid, opening stage."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.chips import Chip, Kind

CHIPS = {
    "tender.DRAFT": Chip(Kind.DRAFT, _("草稿，未发布")),
    "tender.PUBLISHED": Chip(Kind.RUNNING, _("进行中")),
    "tender.SUSPENDED": Chip(Kind.PAUSED, _("已暂停")),
    "tender.TERMINATED": Chip(Kind.FAILED, _("已终止")),
    "tender.COMPLETED": Chip(Kind.ENDED, _("已结束")),
    "tender.DISCARDED": Chip(Kind.WITHDRAWN, _("已放弃")),
    "lot.DRAFT": Chip(Kind.DRAFT, _("草稿")),
    "lot.SUBMISSION": Chip(Kind.RUNNING, _("投标中")),
    "lot.SUSPENDED": Chip(Kind.PAUSED, _("已暂停")),
    "lot.CLOSED": Chip(Kind.TODO, _("已截止，待开标")),
    "lot.OPENING": Chip(Kind.RUNNING, _("开标中")),
    "lot.OPENED": Chip(Kind.DONE, _("已开标")),
    "lot.EVALUATING": Chip(Kind.RUNNING, _("评标中")),
    "lot.REPORTED": Chip(Kind.TODO, _("待定标")),
    "lot.CANDIDATES_PUBLISHED": Chip(Kind.RUNNING, _("候选人公示中")),
    "lot.AWARDED": Chip(Kind.TODO, _("待发通知")),
    "lot.NOTICE_SENT": Chip(Kind.DONE, _("已中标")),
    "lot.CONTRACTED": Chip(Kind.DONE, _("已签合同")),
    "lot.ARCHIVED": Chip(Kind.ENDED, _("已归档")),
    "lot.FAILED": Chip(Kind.FAILED, _("流标")),
    "lot.TERMINATED": Chip(Kind.FAILED, _("已终止")),
    "bid.SEALED": Chip(Kind.DONE, _("已递交")),
    "bid.RELEASED": Chip(Kind.RUNNING, _("已解密，待开启")),
    "bid.OPENED": Chip(Kind.DONE, _("已开启")),
    "bid.VALID": Chip(Kind.DONE, _("有效")),
    "bid.REJECTED": Chip(Kind.FAILED, _("已否决")),
    "bid.UNRELEASED": Chip(Kind.FAILED, _("未解密")),
    "bid.UNOPENED": Chip(Kind.ENDED, _("未开启")),
    "bid.WITHDRAWN": Chip(Kind.WITHDRAWN, _("已撤回")),
    "bid.SUPERSEDED": Chip(Kind.WITHDRAWN, _("已被替换")),
    "bid.NONE": Chip(Kind.TODO, _("未递交")),
    "seat.WAITING": Chip(Kind.RUNNING, _("待解密")),
    "seat.RETRY": Chip(Kind.TODO, _("密钥不符")),
    "answer.confirm": Chip(Kind.DONE, _("已确认")),
    "answer.object": Chip(Kind.TODO, _("有异议")),
    "answer.silent": Chip(Kind.ENDED, _("未答复")),
    "bid.MISSED": Chip(Kind.ENDED, _("未投标")),
    "documents.new": Chip(Kind.TODO, _("未下载")),
    "documents.taken": Chip(Kind.DONE, _("已下载")),
    "log.WAITING": Chip(Kind.RUNNING, _("正在写入")),
    "log.PLACED": Chip(Kind.DONE, _("已在册")),
    "notice.tender": Chip(Kind.RUNNING, _("招标公告")),
    "notice.amendment": Chip(Kind.TODO, _("变更公告")),
    "notice.answers": Chip(Kind.TODO, _("答疑文件")),
    "notice.opening": Chip(Kind.DONE, _("开标记录")),
    "notice.candidates": Chip(Kind.RUNNING, _("候选人公示")),
    "notice.award": Chip(Kind.DONE, _("中标结果")),
    "notice.contract": Chip(Kind.ENDED, _("合同公示")),
    "notice.failed": Chip(Kind.FAILED, _("流标公告")),
    "notice.suspended": Chip(Kind.PAUSED, _("暂停公告")),
    "notice.resumed": Chip(Kind.RUNNING, _("恢复公告")),
    "notice.terminated": Chip(Kind.FAILED, _("终止公告")),
}

FAILURES = {
    "FAILED_LT3": _("投标人少于三个，未开启任何投标文件"),
    "FAILED_LT3_OPENED": _("解密成功的投标文件少于三份"),
    "FAILED_LT3_CONFORMING": _("通过审查的供应商不足三家"),
    "FAILED_ALL_REJECTED": _("全部投标被否决"),
}
