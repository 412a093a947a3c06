"""What the tender's side and the centre owe a lot between its opening and the contract.

Each line follows from the lot's state, which is trading's to change; the clock keeps lines and
states together.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, Person, Role, Todo
from accounts.services import todo
from core.zone import at
from evaluation.policies.panel import TO_BE_JUDGED, may_draw
from evaluation.services.tasks import titled
from trading.models import Award, Bid, Lot, Notice
from trading.policies.award import contract_due
from trading.selectors.rules import rules_of

_COURSE = "evaluation.course/"
_DRAW = "evaluation.draw/"
_STATES = ("OPENED", "REPORTED", "CANDIDATES_PUBLISHED", "AWARDED", "NOTICE_SENT")
_STAGES = {"CANDIDATES_PUBLISHED": "publicity", "AWARDED": "notify", "NOTICE_SENT": "contract"}
_WORDS = {
    "qualify": _("资格审查：{title}"),
    "hand-over": _("移交评标：{title}"),
    "publish": _("收到评标报告，公示中标候选人：{title}"),
    "award": _("收到评标报告，确定中标人：{title}"),
    "publicity": _("候选人公示中，期满无异议后确定中标人：{title}"),
    "notify": _("发出中标通知书：{title}"),
    "contract": _("签订合同并登记：{title}"),
}


def settle(now: datetime) -> None:
    """Open the lines that are wanted and missing, and end those that are not wanted any more."""
    _settle_course(now)
    _settle_draws(now)


def _settle_course(now: datetime) -> None:
    unreviewed = Bid.objects.filter(lot=OuterRef("pk"), state="OPENED", qualification__isnull=True)
    lots = Lot.objects.select_related("tender").filter(state__in=_STATES)
    wanted = {
        f"{_COURSE}{lot.pk}/{stage}": (lot, stage)
        for lot in lots.annotate(unreviewed=Exists(unreviewed))
        for stage in [_stage(lot, unreviewed=lot.unreviewed)]
    }
    for key in _missing(_COURSE, wanted, now=now):
        lot, stage = wanted[key]
        link = reverse("trading:lot-course", kwargs={"tender": lot.tender_id, "lot": lot.pk})
        due_at = _DUE[stage](lot) if stage in _DUE else None
        text = format_lazy(_WORDS[stage], title=titled(lot))
        for owner in _side(lot):
            todo.add(to=owner, key=key, text=text, link=link, due_at=due_at, now=now)


def _settle_draws(now: datetime) -> None:
    lots = Lot.objects.select_related("tender", "opening").filter(
        state__in=TO_BE_JUDGED, panel__isnull=True
    )
    wanted = {f"{_DRAW}{lot.pk}": lot for lot in lots if may_draw(lot=lot).allowed}
    for key in _missing(_DRAW, wanted, now=now):
        lot = wanted[key]
        link = reverse("evaluation:draw-commit", kwargs={"lot": lot.pk})
        text = format_lazy(_("抽取评标专家：{title}"), title=titled(lot))
        for owner in _staff(lot):
            todo.add(to=owner, key=key, text=text, link=link, now=now)


def _missing(about: str, wanted: Collection[str], *, now: datetime) -> list[str]:
    """End the lines nobody wants any more; return the keys that have none yet."""
    there = Todo.objects.filter(key__startswith=about, done_at__isnull=True)
    known = set(there.values_list("key", flat=True))
    for key in known.difference(wanted):
        todo.done(key=key, now=now)
    return [key for key in wanted if key not in known]


def _stage(lot: Lot, *, unreviewed: bool) -> str:
    rules = rules_of(lot.tender.legal_track, lot.tender.procedure)
    if lot.state == "OPENED":
        return "qualify" if rules.purchaser_reviews_qualification and unreviewed else "hand-over"
    if lot.state == "REPORTED":
        return "publish" if rules.publishes_candidates else "award"
    return _STAGES[lot.state]


def _side(lot: Lot) -> list[Organisation]:
    tender = lot.tender
    return [tender.procuring_entity, *([tender.agency] if tender.agency else [])]


def _staff(lot: Lot) -> QuerySet[Person]:
    """Return the evaluation staff of the lot's own centre, as they are now."""
    serve = Membership.objects.filter(
        role=Role.CENTRE_EVALUATION, centre=lot.tender.centre_id, ended_at__isnull=True
    )
    return Person.objects.filter(pk__in=serve.values("person"), is_active=True)


def _publicity_ends(lot: Lot) -> datetime | None:
    notices = lot.notices.filter(kind=Notice.Kind.CANDIDATES).order_by("-published_at")
    return notices.values_list("ends_at", flat=True).first()


def _contract_ends(lot: Lot) -> datetime | None:
    award = Award.objects.filter(lot=lot).select_related("lot__tender").first()
    day = contract_due(award=award) if award else None
    return at(day, 23, 59) if day else None


_DUE = {"publicity": _publicity_ends, "contract": _contract_ends}
