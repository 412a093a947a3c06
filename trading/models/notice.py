"""Notices: once published they are immutable; a correction is a new notice that links back."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from trading.models.tender import Lot, Tender


class Notice(models.Model):
    """A published notice of a tender or one of its lots (domain handbook §13.1)."""

    class Kind(models.TextChoices):
        """Notice types of both tracks that this system issues."""

        TENDER = "tender", _("招标公告")
        AMENDMENT = "amendment", _("变更公告")
        ANSWERS = "answers", _("答疑文件")
        OPENING = "opening", _("开标记录公示")
        CANDIDATES = "candidates", _("中标候选人公示")
        AWARD = "award", _("中标结果公告")
        CONTRACT = "contract", _("合同订立公示")
        FAILED = "failed", _("流标公告")
        SUSPENDED = "suspended", _("暂停公告")
        RESUMED = "resumed", _("恢复公告")
        TERMINATED = "terminated", _("终止公告")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="notices")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=240)
    body = models.JSONField()  # structured facts; the template gives them their words
    published_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # end of a publicity period
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    signature = models.UUIDField(null=True)  # accounts.Signature of who published it
    pdf = models.CharField(max_length=200, blank=True)  # storage name of the sealed PDF
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-published_at"]
        indexes: ClassVar = [models.Index(fields=["kind", "-published_at"])]
