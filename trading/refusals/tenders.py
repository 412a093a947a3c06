"""Refusals of authoring, publishing and enquiries (T), and of the host key (K)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import chips
from core.verdicts import Text
from trading.words import gap_words

TEXTS: dict[str, Text] = {
    "T-020": Text(
        what=_("招标项目已经发布，不能直接修改。"),
        why=_("已发布的内容依法不得改动，只能以变更公告更正。"),
        do=_("请使用“变更”发布补遗。"),
    ),
    "T-021": Text(
        what=_("没有保存。"),
        why=_("内容格式不正确：%(why)s"),
        do=_("请核对后重新保存。"),
    ),
    "T-022": Text(
        what=_("没有保存标段。"),
        why=_("标段号 %(number)s 已经用过。"),
        do=_("请换一个标段号。"),
    ),
    "T-030": Text(
        what=_("还不能发布。"),
        why=_("有 %(count)s 项未就绪，第一项：%(first)s %(place)s"),
        do=_("请按检查清单逐项完成。"),
        words={"first": gap_words},
    ),
    "T-031": Text(
        what=_("没有订到开标室。"),
        why=_("%(deadline)s 没有空闲的开标室。"),
        do=_("请调整开标时间，或联系中心。"),
    ),
    "T-032": Text(
        what=_("还不能发布。"),
        why=_("打开本页之后平台更新了浏览器程序，您签名的指纹不是现在的。"),
        do=_("请刷新页面，核对后重新签名。"),
    ),
    "T-040": Text(
        what=_("现在不能提问。"),
        why=_("本项目未处于招标文件发出至投标截止的期间。"),
        do=_("对结果的意见请在公示期内以异议或质疑提出。"),
    ),
    "T-041": Text(
        what=_("对招标文件的异议已过期限。"),
        why=_("异议应在投标截止 %(days)s 日前提出（%(article)s）。"),
        do=_("您仍可提问；其他救济渠道见帮助。"),
    ),
    "T-042": Text(
        what=_("这个问题已经答复。"),
        why=_("答复已作为招标文件组成部分公开，不能改写。"),
        do=_("如需更正，请发布变更公告。"),
    ),
    "T-043": Text(
        what=_("提问没有送出。"),
        why=_("贵单位对本项目已提出 %(most)s 个问题。"),
        do=_("请把其余问题合并，待答复后再联系招标人。"),
    ),
    "T-050": Text(
        what=_("变更没有发布。"),
        why=_("距投标截止不足 %(days)s 日（%(article)s），截止时间须顺延。"),
        do=_("最早可定为 %(earliest)s，请修改后重新提交。"),
    ),
    "T-051": Text(
        what=_("变更没有发布。"),
        why=_("新的截止时间 %(deadline)s 没有空闲的开标室，或中心当日不开放。"),
        do=_("最早可定为 %(earliest)s。"),
    ),
    "T-052": Text(
        what=_("现在不能变更、暂停或恢复。"),
        why=_("本项目当前状态为“%(state)s”。"),
        do=_("请刷新页面核对状态。"),
        words={"state": chips.named("tender.")},
    ),
    "T-053": Text(
        what=_("变更没有内容。"),
        why=_("没有修改条款、文件或截止时间。"),
        do=_("请至少写明一处变更。"),
    ),
    "T-054": Text(
        what=_("变更没有发布。"),
        why=_("投标截止时间 %(deadline)s 已过。"),
        do=_("截止后不再变更；需要时请终止项目。"),
    ),
    "T-055": Text(
        what=_("项目不能终止。"),
        why=_("标段 %(lot)s 已经定标；终止招标只能在定标之前。"),
        do=_("中标结果有问题的，请依法提请行政监督部门处理。"),
    ),
    "T-056": Text(
        what=_("项目没有暂停。"),
        why=_("投标截止时间 %(deadline)s 已过，恢复后将重新接收逾期的投标文件。"),
        do=_("请由主持人在开标控制台暂停开标；不能继续的，请终止项目。"),
    ),
    "K-010": Text(
        what=_("公钥没有登记。"),
        why=_("公钥或其编号格式不正确。"),
        do=_("请重新打开密钥制作页，重新制作一次。"),
    ),
    "K-011": Text(
        what=_("公钥没有登记。"),
        why=_("须指定三位不同的密钥持有人，招标文件将载明姓名。"),
        do=_("请填写三位持有人的姓名与职务。"),
    ),
    "K-012": Text(
        what=_("密钥试装没有通过。"),
        why=_("两份持有人文件不能打开测试信封。"),
        do=_("请确认是同一次制作的文件和口令；丢失两份以上须重新制作。"),
    ),
    "K-013": Text(
        what=_("公钥没有登记。"),
        why=_("本平台的服务器不能使用国密套件：缺少支持 SM2 的 openssl 程序。"),
        do=_("请改用其他加密套件，或联系平台安装 openssl。"),
    ),
}
