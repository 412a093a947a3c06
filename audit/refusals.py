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
}
