"""The bidder's course in words and addresses: the bar of steps, the next action, the task list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trading.domain.bidding import Step
from trading.selectors.bids import OwnPart

NAMES: dict[Step, Promise] = {
    Step.JOIN: gettext_lazy("参加"),
    Step.DOCUMENTS: gettext_lazy("招标文件"),
    Step.DEPOSIT: gettext_lazy("保证金"),
    Step.KEY: gettext_lazy("开标密钥"),
    Step.BUILD: gettext_lazy("编制"),
    Step.SUBMIT: gettext_lazy("加密递交"),
    Step.OPENING: gettext_lazy("开标"),
    Step.RESULT: gettext_lazy("结果"),
}
_ACTIONS: dict[Step, Promise] = {
    Step.DOCUMENTS: gettext_lazy("下载招标文件"),
    Step.DEPOSIT: gettext_lazy("缴纳保证金"),
    Step.KEY: gettext_lazy("生成开标密钥"),
    Step.BUILD: gettext_lazy("编制投标文件"),
    Step.SUBMIT: gettext_lazy("加密递交"),
    Step.OPENING: gettext_lazy("进入开标大厅"),
    Step.RESULT: gettext_lazy("查看结果"),
}
_PAGES: dict[Step, str] = {
    Step.DOCUMENTS: "trading:bid-documents",
    Step.DEPOSIT: "trading:bid-deposit",
    Step.KEY: "trading:bid-key",
    Step.BUILD: "trading:bid-build",
    Step.SUBMIT: "trading:bid-submit",
    Step.OPENING: "trading:hall",
    Step.RESULT: "trading:result",
}
# From here on a page says at once what is missing.
HURRY = timedelta(hours=2)
_UNSEEN = (Step.KEY, Step.BUILD, Step.SUBMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One step of the bar."""

    name: str | Promise
    state: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The one thing to do next."""

    words: str | Promise
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the task list."""

    title: str | Promise
    href: str
    chip: str
    hint: str = ""
    due: datetime | None = None


def address(step: Step, part: OwnPart) -> str:
    """Return where a step is taken."""
    return reverse(_PAGES.get(step, "trading:bid"), kwargs={"lot": part.lot.pk})


def bar(part: OwnPart, *, here: Step | None = None) -> list[Mark]:
    """Return the eight steps: what is done, and where the reader stands or should go.

    Key and draft are never seen by the server; who stands on the page of a later one has them.
    """
    behind, now = part.steps_done, here or part.next_step
    if here in _UNSEEN and part.live is None:
        behind |= set(_UNSEEN[: _UNSEEN.index(here)])
    return [
        Mark(name=NAMES[step], state="now" if step is now else "done" if step in behind else "")
        for step in Step
    ]


def action(part: OwnPart) -> Action | None:
    """Return the next thing to do; None when nothing is left to do or to wait for."""
    step = part.next_step
    if step is None:
        return None
    return Action(words=_ACTIONS[step], href=address(step, part))


def missing(part: OwnPart) -> list[str]:
    """Name everything that is still to do before the deadline, when it is near."""
    if part.live is not None or not part.is_within(HURRY):
        return []
    behind = part.steps_done
    wanted = (Step.DOCUMENTS, Step.DEPOSIT, Step.SUBMIT)
    return [str(NAMES[step]) for step in wanted if step not in behind]


def tasks(part: OwnPart) -> list[Task]:
    """Return what can be done in this lot now, each with its state."""
    rows = [
        Task(
            title=NAMES[Step.DOCUMENTS],
            href=address(Step.DOCUMENTS, part),
            chip="documents.new" if part.unread else "documents.taken",
            hint=_unread_hint(part),
        )
    ]
    deposit = part.deposit
    if deposit is not None:
        open_account = part.is_open and not part.facts.deposit_settled
        rows.append(
            Task(
                title=NAMES[Step.DEPOSIT],
                href=address(Step.DEPOSIT, part),
                chip=deposit.chip,
                due=deposit.cutoff_at if open_account else None,
            )
        )
    if part.is_open:
        rows += [
            Task(
                title=NAMES[Step.KEY],
                href=address(Step.KEY, part),
                chip="done" if part.live else "todo",
                hint=_("只在您的电脑上生成和保存"),
            ),
            Task(
                title=_("编制投标文件"),
                href=address(Step.BUILD, part),
                chip="done" if part.live else "todo",
                hint=_("草稿只保存在您的电脑上，已加密"),
            ),
            Task(
                title=NAMES[Step.SUBMIT],
                href=address(Step.SUBMIT, part),
                chip=part.chip,
                due=part.lot.deadline_at,
            ),
        ]
        rows.append(
            Task(
                title=_("提问与答疑"),
                href=reverse("trading:bid-questions", kwargs={"lot": part.lot.pk}),
                chip="enquiry.OPTIONAL",
                hint=_("对招标文件有疑问时使用，不显示提问人"),
            )
        )
    return rows


def _unread_hint(part: OwnPart) -> str:
    unread = part.unread
    if not unread:
        return ""
    return _("第 %(versions)s 版有未下载的文件") % {
        "versions": _("、").join(str(one.version) for one in unread)
    }
