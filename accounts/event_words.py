"""The words of what happens to accounts, as the audit trail tells it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, Organisation, Role
from audit.words import Field, Group, one_of, pair

_WAYS = {"password": _("密码"), "totp": _("密码和动态验证码"), "certificate": _("数字证书")}
_CHECKS = {"credit_code": _("统一社会信用代码校验位")}
_PLACES = {"BIDDER": _("投标人"), "TENDERER": _("招标人"), "AGENCY": _("招标代理机构")}


def _column(name: str) -> str | Promise:
    """Name a column of an organisation as its form does."""
    columns = Organisation._meta.concrete_fields  # noqa: SLF001 - Django's own public door
    return {column.name: column.verbose_name for column in columns}.get(name, name)


def _centre(code: str) -> str:
    """Name a centre."""
    found = Centre.objects.filter(code=code).first()
    return found.shown_name if found else code


def _check(name: str, passed: object) -> str:
    """Say what a check found."""
    return pair(_CHECKS.get(name, name), _("通过") if passed else _("未通过"))


GROUP = Group(
    title=_("人员与机构"),
    phrases={
        "organisation.registered": _("单位注册"),
        "organisation.changed": _("修改单位资料"),
        "person.created": _("开立账号"),
        "role.given": _("授予角色"),
        "role.ended": _("收回角色"),
        "session.opened": _("登录系统"),
        "session.closed": _("退出系统"),
        "password.changed": _("密码已重设"),
        "second_factor.set": _("动态验证码已设置"),
        "certificate.bound": _("绑定数字证书"),
        "certificate.released": _("停用数字证书"),
    },
    fields={
        "organisation": Field(label=_("单位")),
        "kinds": Field(label=_("单位类别"), say=one_of(_PLACES)),
        "checks": Field(label=_("自动检查"), line=_check),
        "fields": Field(label=_("修改内容"), say=_column),
        "person": Field(label=_("人员")),
        "role": Field(label=_("角色"), say=one_of(dict(Role.choices))),
        "centre": Field(label=_("交易中心"), say=_centre),
        "how": Field(label=_("登录方式"), say=one_of(_WAYS)),
        "serial": Field(label=_("证书序列号")),
        "fingerprint": Field(label=_("证书指纹")),
    },
)
