"""Tender, lot and criterion: what is bought and how it is judged."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, Organisation, Person


class LegalTrack(models.TextChoices):
    """Which body of law drives every rule of the tender (domain handbook §0.2)."""

    T = "T", _("招标投标")
    G = "G", _("政府采购")


class Procedure(models.TextChoices):
    """Procurement method; the table `domain/procedures.py` says what each one means."""

    OPEN_TENDER = "open_tender", _("公开招标")


class Category(models.TextChoices):
    """Subject of the tender: decides deposit caps and weight floors."""

    WORKS = "works", _("工程施工")
    GOODS = "goods", _("货物")
    SERVICES = "services", _("服务")
    DESIGN = "design", _("勘察设计")


class Tender(models.Model):
    """A tender (招标项目): one notice, one set of documents, one or more lots."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=32, unique=True)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="tenders")
    legal_track = models.CharField(max_length=4, choices=LegalTrack)
    procedure = models.CharField(max_length=32, choices=Procedure, default=Procedure.OPEN_TENDER)
    category = models.CharField(max_length=16, choices=Category)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    qualification = models.TextField(blank=True)  # 投标人资格要求, as published
    approval_no = models.CharField(max_length=64, blank=True)  # 立项批文
    must_tender = models.BooleanField(default=True)  # 依法必须招标 (O16)
    state_funded = models.BooleanField(default=True)  # TBR Art. 55: rank 1 must be taken
    procuring_entity = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="tenders_procured"
    )
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="tenders_run"
    )
    host_site = models.CharField(max_length=6)  # GB/T 2260
    guest_sites = models.JSONField(default=list)
    consortium_allowed = models.BooleanField(default=False)
    decrypt_minutes = models.PositiveSmallIntegerField(default=30)
    objection_minutes = models.PositiveSmallIntegerField(default=5)
    confirm_minutes = models.PositiveSmallIntegerField(default=10)
    opening_order = models.CharField(max_length=24, default="no_draw")
    bid_validity_days = models.PositiveSmallIntegerField(default=90)
    state = models.CharField(max_length=16, default="DRAFT")
    published_at = models.DateTimeField(null=True)
    documents_issued_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)  # planned while a draft; each lot has its own
    suspended_at = models.DateTimeField(null=True)
    opening_room = models.UUIDField(null=True)  # venues.Booking
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="successors"
    )
    attempt_no = models.PositiveSmallIntegerField(default=1)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tender_published_has_times",
                condition=Q(state__in=["DRAFT", "DISCARDED"])
                | Q(
                    published_at__isnull=False,
                    documents_issued_at__isnull=False,
                    deadline_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="tender_decrypt_window", condition=Q(decrypt_minutes__range=(1, 480))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-published_at"])]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Lot(models.Model):
    """A lot (标段/包): deposit, bid, opening, score, award and contract hang on it.

    `opening_id` is the sealed bids' `ctx.deadline_id`: it stays when a deadline moves, so that a
    bid sealed before an addendum remains openable, and changes only with a new attempt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(max_length=8)
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    estimate_fen = models.BigIntegerField()
    ceiling_fen = models.BigIntegerField(null=True)  # 最高投标限价 / 预算
    bid_security_fen = models.BigIntegerField(default=0)
    price_formula = models.JSONField(default=dict)  # {"method", "weight", "params"}
    outlier_rule = models.JSONField(null=True)
    tie_rule = models.JSONField(default=list)
    candidates_count = models.PositiveSmallIntegerField(default=3)
    max_lots_won = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=24, default="DRAFT")
    state_code = models.CharField(max_length=32, blank=True)  # why it failed
    deadline_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    opening_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering: ClassVar = ["tender", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="lot_number_once", fields=["tender", "number"]),
            models.CheckConstraint(
                name="lot_amounts_not_negative",
                condition=Q(estimate_fen__gte=0, bid_security_fen__gte=0)
                & (Q(ceiling_fen__isnull=True) | Q(ceiling_fen__gte=0)),
            ),
            models.CheckConstraint(
                name="lot_open_has_deadline",
                condition=Q(state__in=["DRAFT", "DISCARDED"]) | Q(deadline_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "deadline_at"])]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Criterion(models.Model):
    """One line of the criteria tree; leaves are scored, the price leaf is computed."""

    class Kind(models.TextChoices):
        """Judged by each member, equal for all members, or computed from the price."""

        JUDGED = "judged", _("主观评分")
        OBJECTIVE = "objective", _("客观评分")
        PRICE = "price", _("报价得分")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="criteria")
    key = models.CharField(max_length=32)
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    standard = models.TextField(blank=True)  # 评分标准, shown to bidders and experts
    clause = models.CharField(max_length=60, blank=True)
    max = models.DecimalField(max_digits=7, decimal_places=3)
    step = models.DecimalField(max_digits=5, decimal_places=3, null=True)
    kind = models.CharField(max_length=12, choices=Kind)
    part_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="children"
    )

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="criterion_key_once", fields=["lot", "key"]),
            models.CheckConstraint(name="criterion_max_positive", condition=Q(max__gt=0)),
        ]
