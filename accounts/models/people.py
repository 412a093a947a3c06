"""People, and the roles they hold for an organisation or at a centre."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Centre, Organisation


class Role(models.TextChoices):
    """What somebody may be here (domain handbook §2)."""

    BIDDER = "BIDDER", _("投标人")
    TENDERER = "TENDERER", _("招标人")
    AGENCY = "AGENCY", _("招标代理机构")
    EXPERT = "EXPERT", _("评审专家")
    CENTRE_OPENING = "CENTRE_OPENING", _("开标工作人员")
    CENTRE_EVALUATION = "CENTRE_EVALUATION", _("评标工作人员")
    WITNESS = "WITNESS", _("见证人员")
    FINANCE = "FINANCE", _("财务人员")
    SUPERVISOR = "SUPERVISOR", _("监督人员")
    ADMIN = "ADMIN", _("系统管理员")


# Centre and oversight roles: they see what others may not, so a password alone does not do.
STAFF_ROLES = frozenset(
    {
        Role.CENTRE_OPENING,
        Role.CENTRE_EVALUATION,
        Role.WITNESS,
        Role.FINANCE,
        Role.SUPERVISOR,
        Role.ADMIN,
    }
)
# Held for an organisation, not at a centre.
ORGANISATION_ROLES = frozenset({Role.BIDDER, Role.TENDERER, Role.AGENCY})


class PersonManager(BaseUserManager["Person"]):
    """How people are made; usernames are compared without case."""

    def create_user(self, username: str, password: str | None = None, **facts: object) -> Person:
        """Store a person; without a password nobody can sign in by one."""
        person = self.model(username=username.lower(), **facts)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find by sign-in name, whatever its case."""
        return self.get(username=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody who signs in; every act carries this id and no name."""

    # Removes Django's column: sign-ins are events, with our clock.
    last_login = None

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("手机号码"), max_length=20, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    large_text = models.BooleanField(_("大字版"), default=False)
    theme = models.CharField(_("外观"), max_length=5, default="auto")
    created_at = models.DateTimeField()

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def roles_at(self, centre: Centre) -> frozenset[str]:
        """Return the roles held at one centre, by query."""
        held = self.memberships.filter(centre=centre, ended_at__isnull=True)
        return frozenset(held.values_list("role", flat=True))


class Membership(models.Model):
    """One role of one person, for an organisation or at a centre, never both."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="memberships"
    )
    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, null=True, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    # May add colleagues and change the organisation's data.
    manager = models.BooleanField(default=False)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_for_organisation_or_centre",
                condition=models.Q(organisation__isnull=True) ^ models.Q(centre__isnull=True),
            ),
            models.CheckConstraint(
                name="membership_role_fits_its_place",
                condition=models.Q(
                    organisation__isnull=False, role__in=["BIDDER", "TENDERER", "AGENCY"]
                )
                | models.Q(centre__isnull=False)
                & ~models.Q(role__in=["BIDDER", "TENDERER", "AGENCY"]),
            ),
            models.UniqueConstraint(
                name="membership_held_once",
                fields=["person", "organisation", "centre", "role"],
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
