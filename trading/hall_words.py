"""The opening in words: its steps, what a viewer is to do now, what the host's button will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from trading.domain.opening_stages import BY_CODE

_STEPS: Sequence[tuple[Promise, frozenset[str]]] = (
    (_("等待开标"), frozenset({"LOBBY", "SIGN_IN"})),
    (_("公布名单"), frozenset({"START", "COUNT_CHECK", "LIST", "DEPOSIT", "IDENTITY"})),
    (_("投标人解密"), frozenset({"DECRYPT_BIDDER", "DECRYPT_TENDERER", "RECOUNT"})),
    (_("公布报价"), frozenset({"READ_OUT"})),
    (_("异议与确认"), frozenset({"OBJECTION", "CONFIRM"})),
    (_("开标结束"), frozenset({"SIGN", "END"})),
)
_SIGNING_IN = frozenset({"SIGN_IN", "START", "COUNT_CHECK"})

# What happens when the host ends a stage, by the stage that begins.
BUTTONS: Mapping[str, tuple[Promise, Promise]] = {
    "START": (_("宣布开标"), _("宣布开标纪律和工作人员。截止时间已过，不再接收投标文件。")),
    "COUNT_CHECK": (
        _("检查投标人数"),
        _("少于三个的，本标段当场流标，不开启任何投标文件，不可撤回。"),
    ),
    "LIST": (_("公布投标人名单"), _("投标人名称、递交时间和席位向大厅公布，不可撤回。")),
    "DEPOSIT": (_("查验保证金"), _("按银行入账结果公布每家的保证金状态。")),
    "IDENTITY": (_("检查身份"), _("公布委托人身份检查结果。")),
    "PARAM_DRAW": (_("抽取评标参数"), _("当场抽取，结果写入开标记录。")),
    "DECRYPT_BIDDER": (_("开始解密"), _("投标人收到提醒，开始计时；到时自动结束。")),
    "DECRYPT_TENDERER": (
        _("结束投标人解密"),
        _("仍未解密的视为撤销投标（电子招标投标办法第三十一条），不可撤回。"),
    ),
    "READ_OUT": (_("公布报价"), _("全部报价同时向大厅公布，不可撤回。")),
    "OBJECTION": (_("进入异议环节"), _("投标人可以当场提出异议，须当场答复。")),
    "CONFIRM": (_("请投标人确认记录"), _("生成开标记录，投标人核对后签名确认。")),
    "SIGN": (_("结束确认"), _("未答复的按招标文件视为无异议，写入记录。")),
}

_WAITING: Mapping[str, Promise] = {
    "LOBBY": _("签到在投标截止前一小时开放。"),
    "SIGN_IN": _("请等待主持人宣布开标。"),
    "START": _("主持人正在宣布开标纪律。"),
    "COUNT_CHECK": _("正在检查投标人数。"),
    "LIST": _("正在公布投标人名单。"),
    "DEPOSIT": _("正在查验保证金。"),
    "IDENTITY": _("正在检查委托人身份。"),
    "PARAM_DRAW": _("正在抽取评标参数。"),
    "DECRYPT_BIDDER": _("投标人正在解密。"),
    "DECRYPT_TENDERER": _("招标人正在解密，全部开启后一并公布。"),
    "RECOUNT": _("正在核对解密后的数量。"),
    "READ_OUT": _("请核对公布的报价。"),
    "OBJECTION": _("对开标有异议的，请现在提出。"),
    "CONFIRM": _("投标人正在确认开标记录。"),
    "SIGN": _("主持人正在签署开标记录。"),
    "END": _("开标已结束。"),
    "FAILED": _("本标段流标。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One step of the bar; `codes` lets the browser move it on."""

    name: str | Promise
    codes: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """So many of so many bidders have done what the stage waits for."""

    done: int
    total: int
    words: str | Promise


def stage_name(code: str) -> str:
    """Name a stage in the reader's language."""
    if code == "FAILED":
        return str(_WAITING[code])
    stage = BY_CODE[code]
    return stage.name_en if (get_language() or "").startswith("en") else stage.name


def marks(stages: Sequence[str], stage: str) -> list[Mark]:
    """Return the bar of steps; a draw of parameters belongs to the step it stands beside."""
    known = [(name, codes & set(stages)) for name, codes in _STEPS]
    if "PARAM_DRAW" in stages:
        before = stages.index("PARAM_DRAW") < stages.index("DECRYPT_BIDDER")
        place = 1 if before else 3
        known[place] = (known[place][0], known[place][1] | {"PARAM_DRAW"})
    here = next((n for n, (_name, codes) in enumerate(known) if stage in codes), -1)
    return [
        Mark(
            name=name,
            codes=" ".join(sorted(codes)),
            state="now" if number == here else "done" if number < here else "",
        )
        for number, (name, codes) in enumerate(known)
    ]


def waiting(stage: str, *, failed: str | None, seat: Mapping[str, Any] | None = None) -> Promise:
    """Say what a viewer with nothing to do waits for.

    `failed` is why the lot ended early; `seat` is the viewer's own.
    """
    if stage == "DECRYPT_BIDDER" and seat and seat["state"] == "RELEASED":
        return _("您已解密，请等待公布报价。")
    return _("招标已终止") if failed == "TERMINATED" else _WAITING[stage]


def own_seat(state: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the viewer's own seat on the list."""
    mine = state["me"]["seat"] if state["me"] else None
    return next((seat for seat in state["seats"] if seat["seat"] == mine), None)


def tally(state: Mapping[str, Any]) -> Tally | None:
    """Return how far the bidders are in a stage that waits for them; None where none does."""
    seats = state["seats"]
    if state["stage"] == "DECRYPT_BIDDER":
        done = sum(seat["state"] != "SEALED" for seat in seats)
        return Tally(done=done, total=len(seats), words=_("已解密"))
    if state["stage"] == "CONFIRM":
        asked = [seat for seat in seats if seat["state"] == "OPENED"]
        done = sum(seat["answer"] is not None for seat in asked)
        return Tally(done=done, total=len(asked), words=_("已答复"))
    return None


def next_act(state: Mapping[str, Any]) -> str:
    """Name the one thing a viewer can do now: the twin of `nextAct` in frontend/hall/doing.ts."""
    stage, me, seat = state["stage"], state["me"], own_seat(state)
    if stage in {"FAILED", "END"} or me is None:
        return "over" if stage in {"FAILED", "END"} else "watch"
    if state["suspended"] is not None:
        return "paused"
    if stage in _SIGNING_IN and me["signed_in_at"] is None:
        return "sign-in"
    if stage == "DECRYPT_BIDDER" and seat and seat["state"] == "SEALED":
        return "release"
    if stage == "CONFIRM" and seat and seat["state"] == "OPENED" and seat["answer"] is None:
        return "confirm"
    return "wait"
