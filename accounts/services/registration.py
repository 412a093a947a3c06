"""An organisation registers itself and can be used at once: no approval stands in between.

O39 (公共资源交易平台管理暂行办法) bars the centre from adding hurdles to registration, so what is
checked is checked by the machine and kept with the record.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import events, selectors
from accounts.models import Message, Organisation, Person
from accounts.services import memberships, messages, people
from audit.services import record
from core.identifiers import is_credit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """What an organisation says about itself."""

    name: str
    credit_code: str
    kinds: tuple[str, ...]
    short_name: str = ""
    legal_representative: str = ""
    address: str = ""
    basic_account: str = ""
    basic_bank: str = ""
    small_business: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """The person who registers it and becomes its first manager."""

    name: str
    phone: str
    email: str
    password: str


def register_firm(*, firm: Firm, applicant: Applicant, now: datetime) -> str:
    """Register an organisation with its first user; return the username either way.

    A code that is registered already gets the same answer, in the same time, and its managers are
    told: whether a firm is on the platform is not for a stranger to learn. The username is the
    credit code, so that there is no other name to probe either.
    """
    username = firm.credit_code.lower()
    known = Organisation.objects.filter(credit_code=firm.credit_code).first()
    if known is None:
        try:
            _register(firm, applicant, username=username, now=now)
        except IntegrityError:
            known = Organisation.objects.filter(credit_code=firm.credit_code).first()
    else:
        Person().set_password(applicant.password)  # as slow as the real thing
    if known is not None:
        _warn(known, now=now)
    return username


def update(
    *, organisation: Organisation, changes: dict[str, str | bool], actor: str, now: datetime
) -> Organisation:
    """Change what an organisation says about itself; name and credit code stay."""
    fields = tuple(
        sorted(name for name, value in changes.items() if getattr(organisation, name) != value)
    )
    if not fields:
        return organisation
    with transaction.atomic():
        for name in fields:
            setattr(organisation, name, changes[name])
        organisation.save(update_fields=list(fields))
        record(
            stream=events.account(organisation.id),
            event=events.OrganisationChanged(organisation=organisation.id, fields=fields),
            actor=actor,
            now=now,
        )
    return organisation


def _register(firm: Firm, applicant: Applicant, *, username: str, now: datetime) -> None:
    with transaction.atomic():
        organisation = _store(firm, applicant, now=now)
        manager = people.create(username=username, **asdict(applicant), actor=None, now=now)
        for kind in firm.kinds:
            memberships.give(
                person=manager,
                role=kind,
                organisation=organisation,
                manager=True,
                actor=str(manager.id),
                now=now,
            )
        record(
            stream=events.account(organisation.id),
            event=events.OrganisationRegistered(
                organisation=organisation.id, kinds=firm.kinds, checks=organisation.checks
            ),
            actor=str(manager.id),
            now=now,
        )


def _store(firm: Firm, applicant: Applicant, *, now: datetime) -> Organisation:
    facts = asdict(firm) | {"kinds": list(firm.kinds)}
    return Organisation.objects.create(
        **facts,
        contact_name=applicant.name,
        contact_phone=applicant.phone,
        contact_email=applicant.email,
        registered_at=now,
        checks={"credit_code": is_credit_code(firm.credit_code)},
    )


def _warn(known: Organisation, *, now: datetime) -> None:
    for manager in selectors.members(organisation=known).filter(memberships__manager=True):
        messages.send(
            to=manager,
            kind="accounts.registered-again",
            subject=_("有人再次登记贵单位"),
            body=_(
                "有人用贵单位的统一社会信用代码申请登记，没有产生新的账户。如果不是贵单位人员，请留意。"
            ),
            level=Message.Level.INFO,
            link="",
            now=now,
        )
