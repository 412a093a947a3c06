"""The bidder's course in words and addresses: the bar of steps, the next action, the task list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from accounts.services import todo
from trading.domain.bidding import Step
from trading.selectors.bids import OwnPart, parts_of

#: Longer than any opening: a lot of an earlier day calls nobody any more.
_OPENING_LASTS = timedelta(days=2)
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
# What is done on the bidder's machine: the server never knows, the page's script does.
_UNSEEN = (Step.KEY, Step.BUILD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One step of the bar."""

    name: str | Promise
    state: str
    hint: str = ""
    local: str = ""  # its name for the script that finds it done on the reader's machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The one thing to do next."""

    words: str | Promise
    href: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the task list."""

    title: str | Promise
    href: str
    chip: str
    hint: str = ""
    due: datetime | None = None
    local: str = ""  # as in Mark


def address(step: Step, part: OwnPart) -> str:
    """Return where a step is taken."""
    return reverse(_PAGES.get(step, "trading:bid"), kwargs={"lot": part.lot.pk})


def bar(part: OwnPart, *, here: Step | None = None) -> list[Mark]:
    """Return the eight steps: what is done, and where the reader stands or should go."""
    behind, now = part.steps_done, here or part.next_step
    return [
        Mark(
            name=NAMES[step],
            state="now" if step is now else "done" if step in behind else "",
            local=_local(step, part),
        )
        for step in Step
    ]


def action(part: OwnPart) -> Action | None:
    """Return the next thing to do; None when nothing is left to do or to wait for."""
    step = part.next_step
    if step is None or part.lot.state == "SUSPENDED":
        return None
    return _action(step, part)


def choices(part: OwnPart) -> list[Action]:
    """Return key, building and sealing when one of them is next: the script knows which."""
    if part.next_step not in _UNSEEN:
        return []
    return [_action(step, part) for step in (*_UNSEEN, Step.SUBMIT)]


def missing(part: OwnPart) -> list[Mark]:
    """Name everything that is still to do before the deadline, when it is near."""
    if part.live is not None or not part.is_within(HURRY):
        return []
    wanted = (Step.DOCUMENTS, Step.DEPOSIT, *_UNSEEN, Step.SUBMIT)
    behind = part.steps_done
    return [
        Mark(name=NAMES[step], state="", local=_local(step, part))
        for step in wanted
        if step not in behind
    ]


def _action(step: Step, part: OwnPart) -> Action:
    return Action(words=_ACTIONS[step], href=address(step, part), code=step.value)


def _local(step: Step, part: OwnPart) -> str:
    """Return the name of a step the page's script looks after."""
    return step.value if step in _UNSEEN and part.live is None and part.is_open else ""


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
                local=_local(Step.KEY, part),
                hint=_("只在您的电脑上生成和保存"),
            ),
            Task(
                title=_("编制投标文件"),
                href=address(Step.BUILD, part),
                chip="done" if part.live else "todo",
                local=_local(Step.BUILD, part),
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


def lines_of(bidder: Organisation, now: datetime) -> list[todo.Line]:
    """Return what a firm has left to do before and at its openings, for its desk alone."""
    lines = []
    for part in parts_of(bidder, now=now, since=now - _OPENING_LASTS):
        step = part.next_step
        if part.lot.state in {"CLOSED", "OPENING"} and part.live:
            lines.append(_opening_line(part))
        if not part.is_open or step is None or step is Step.OPENING:
            continue
        lot = part.lot
        facts = {"what": _ACTIONS[step], "tender": lot.tender.title, "lot": lot.title}
        lines.append(
            todo.Line(
                shown_text=_("%(what)s：%(tender)s %(lot)s") % facts,
                link=address(step, part),
                due_at=part.unpaid_until if step is Step.DEPOSIT else lot.deadline_at,
                organisation=bidder,
            )
        )
    return lines


def _opening_line(part: OwnPart) -> todo.Line:
    """Call the firm into the hall: to decrypt while it may, else to follow."""
    opening = part.lot.opening
    decrypts = opening.stage == "DECRYPT_BIDDER" and part.live and part.live.state == "SEALED"
    facts = {
        "what": _("解密投标文件") if decrypts else _("正在开标"),
        "tender": part.lot.tender.title,
        "lot": part.lot.title,
    }
    return todo.Line(
        shown_text=_("%(what)s：%(tender)s %(lot)s") % facts,
        link=reverse("trading:hall", kwargs={"lot": part.lot.pk}),
        due_at=opening.decrypt_ends_at if decrypts else None,
        organisation=part.organisation,
    )
