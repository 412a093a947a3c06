"""The words of audit's refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.verdicts import Text

TEXTS = {
    "X-409": Text(
        what=_("这次操作没有执行。"),
        why=_("同一操作编号已用于另一项内容。"),
        do=_("请刷新页面，核对后重新提交。"),
    ),
    "X-421": Text(
        what=_("无法给出一致性证明。"),
        why=_("from 与 to 应为整数，且 1 ≤ from ≤ to ≤ %(newest)s。"),
        do=_("请按已有检查点的大小重新请求。"),
    ),
    "X-422": Text(
        what=_("这不是本中心签发的回执。"),
        why=_("签名不符，或内容不完整、被改动。"),
        do=_("请用原始 .jws 文件重试；仍不符时，请联系签发回执的交易中心。"),
    ),
}
