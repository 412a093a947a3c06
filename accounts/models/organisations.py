"""Centres that run the trading, and the organisations that trade in them."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Centre(models.Model):
    """A trading centre: the city or one of its boards; the code is its GB/T 2260 region."""

    code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    city = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="boards"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name for the page being read: the English one where there is one."""
        return self.name_en or self.name if get_language() == "en" else self.name


class OrganisationKind(models.TextChoices):
    """What an organisation may do here; the values equal those of `Role`."""

    BIDDER = "BIDDER", _("投标人")
    TENDERER = "TENDERER", _("招标人")
    AGENCY = "AGENCY", _("招标代理机构")


class Organisation(models.Model):
    """A firm or public body, known by its unified social credit code (GB 32100)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("单位名称"), max_length=200)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    kinds = ArrayField(models.CharField(max_length=10, choices=OrganisationKind.choices))
    legal_representative = models.CharField(_("法定代表人"), max_length=60, blank=True)
    address = models.CharField(_("住所"), max_length=200, blank=True)
    basic_account = models.CharField(_("基本账户账号"), max_length=40, blank=True)
    basic_bank = models.CharField(_("基本账户开户银行"), max_length=120, blank=True)
    small_business = models.BooleanField(_("小微企业"), default=False)
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    contact_email = models.EmailField(_("电子邮箱"), blank=True)
    registered_at = models.DateTimeField()
    # What the machine checked at registration; no person approves (O39: no added hurdles).
    checks = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name
