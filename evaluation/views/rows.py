"""What the room's page is drawn from: the way so far, and each bid with what was said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from evaluation.models import Panel

# In the order they are walked; each panel state is the step that is under way.
_ORDER = ("SITTING", "REVIEW", "SCORING", "SIGNING", "REPORTED")


def steps(state: dict[str, Any]) -> list[dict[str, str]]:
    """Return the room's steps with the one under way marked."""
    names = (
        _("签到"),
        _("回避声明"),
        _("推选组长"),
        _("阅读办法"),
        _("初步评审"),
        _("评分"),
        _("签署报告"),
    )
    now = _now(state)
    return [
        {"name": name, "state": "done" if at < now else "now" if at == now else ""}
        for at, name in enumerate(names)
    ]


def bids(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each bid with the member's vote, the figures' proposal and the decision."""
    votes, proposals, decisions = (
        {row["bid"]: row for row in state[name]} for name in ("votes", "proposals", "decisions")
    )
    return [
        {
            **bid,
            "vote": votes.get(bid["bid"]),
            "proposal": proposals.get(bid["bid"]),
            "decision": decisions.get(bid["bid"]),
        }
        for bid in state["bids"]
    ]


def vote(
    rows: list[dict[str, Any]], *, asked: str | None, typed: Mapping[str, str]
) -> dict[str, Any]:
    """Return the bid to vote on, the one asked for or the next without a vote, and the progress."""
    wanted = next((row for row in rows if row["bid"] == asked), None)
    blank = next((row for row in rows if row["vote"] is None), None)
    bid = wanted or blank or next(iter(rows), None)
    grounds = {name: typed.get(name, "") for name in ("code", "clause", "fact", "page")}
    told = bid and (bid["vote"] or bid["proposal"])
    return {
        "bid": bid,
        "told": grounds if any(grounds.values()) else told,
        "voted": sum(row["vote"] is not None for row in rows),
    }


def bidders(state: dict[str, Any], *, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the bidders of the avoidance statement, with what was typed of each."""
    return [
        {
            **bidder,
            "related": typed.get(f"related-{bidder['party']}", ""),
            "reason": typed.get(f"reason-{bidder['party']}", ""),
        }
        for bidder in state["bidders"]
    ]


def ranking(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ranked bids by name, best first."""
    names = {bid["bid"]: bid.get("name", bid["label"]) for bid in state["bids"]}
    rows = state["result"]["outcome"]["bids"] if state["result"] else []
    ranked = [{**row, "name": names.get(row["key"], "")} for row in rows if row["rank"] is not None]
    return sorted(ranked, key=lambda row: (row["rank"], row["key"]))


def flags(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the scores far from the other members', with bidder and criterion by name."""
    names = {bid["bid"]: bid.get("name", bid["label"]) for bid in state["bids"]}
    titles = {row["key"]: row["title"] for row in state["criteria"]}
    return [
        {**flag, "name": names.get(flag["bid"], ""), "title": titles[flag["criterion"]]}
        for flag in (state["result"] or {"flags": []})["flags"]
    ]


def sheet(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the member's own scores, a row a criterion, for the page before the lock."""
    passed = {row["bid"] for row in state["decisions"] if row["passed"]}
    mine = {(row["bid"], row["criterion"]): row["value"] for row in state["scores"]}
    columns = [bid for bid in state["bids"] if bid["bid"] in passed]
    return [
        {**leaf, "cells": [mine.get((bid["bid"], leaf["key"])) for bid in columns]}
        for leaf in state["criteria"]
        if leaf["scored"]
    ]


def blanks(state: dict[str, Any]) -> int:
    """Return how many of the member's cells are empty: with one, nothing can be locked."""
    return sum(cell is None for row in sheet(state) for cell in row["cells"])


def warnings(state: dict[str, Any]) -> list[str]:
    """Return what a member may want to look at again before locking; hints, not orders."""
    rows, open_cells = sheet(state), blanks(state)
    found = [_("还有 %(count)s 项没有评分") % {"count": open_cells}] if open_cells else []
    found += [
        _("“%(title)s”给所有投标人的分相同") % {"title": row["title"]}
        for row in rows
        if row["kind"] == "judged" and len(row["cells"]) > 1 and len(set(row["cells"])) == 1
    ]
    return found


def waiting(panel: Panel) -> str:
    """Return what a member who has come in is waiting for; of the project, only how far it is."""
    if panel.state in {"INVITING", "FORMED"}:
        return _("其他成员还没有全部签到。页面会自动刷新。")
    if panel.lot.state == "OPENING":
        return _("开标还没有结束。页面会自动刷新。")
    if panel.lot.tender.legal_track == "G":
        return _("等待采购人完成资格审查并移交评标。页面会自动刷新。")
    return _("等待招标人移交评标。页面会自动刷新。")


def _now(state: dict[str, Any]) -> int:
    where = state["panel"]["state"]
    if where not in _ORDER or state["me"]["state"] != "CHECKED_IN":
        return 0
    if where != "SITTING":
        return 3 + _ORDER.index(where)
    me = state["me"]
    if not me["declared"]:
        return 1
    return 2 if state["panel"]["leader"] is None and not me["voted"] else 3
