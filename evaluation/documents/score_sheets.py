"""Members' score sheets (评分表) as one PDF: a page a member, the results at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.pdf import (
    Block,
    Code,
    Column,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    render,
)
from core.zone import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One score with the reason and the page its member gave for it."""

    score: str
    note: str = ""
    cited: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One member's scores by bid and criterion, as locked."""

    seat: str
    name: str
    place: str
    locked_at: datetime | None
    lock_sha256: str
    cells: Mapping[tuple[str, str], Entry]


def render_sheets(body: Mapping[str, Any], *, sheets: Sequence[Sheet], at: datetime) -> bytes:
    """Draw the sheets; `body` is the report's."""
    return render(
        Document(
            title="评分表",
            subtitle=body["title"],
            code=body["lot"],
            blocks=list(_blocks(body, sheets)),
            data_sha256=body["case_sha256"],
            at=at,
        )
    )


def _blocks(body: Mapping[str, Any], sheets: Sequence[Sheet]) -> Iterator[Block]:
    leaves = _leaves(body["criteria"])
    rejected = {row["bid"] for row in body["rejections"]}
    bids = [row for row in body["bids"] if row["bid"] not in rejected]
    if not body["ranking"]:
        yield Paragraph(text="有效投标不足，评标委员会未进行详细评审，没有评分。")
        return
    for sheet in sheets:
        yield Heading(text=f"{sheet.seat} {sheet.name}", level=1)
        yield Facts(rows=_facts(sheet), columns=2)
        for row in bids:
            yield _table(row, leaves, sheet)
        yield Code(text=sheet.lock_sha256, label="锁定指纹（SHA-256，成员已签名）")
        yield PageBreak()
    yield Heading(text="汇总", level=1)
    yield from _summary(body["ranking"], leaves)


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    locked = f"{local(sheet.locked_at):%Y-%m-%d %H:%M:%S}" if sheet.locked_at else "—"
    return [("评标地点", sheet.place), ("锁定时间", locked)]


def _table(bid: Mapping[str, Any], leaves: Sequence[Mapping[str, Any]], sheet: Sheet) -> Table:
    return Table(
        caption=bid["name"],
        columns=(
            Column(title="评分因素", weight=2.4),
            Column(title="分值", align="right", weight=0.8),
            Column(title="评分", align="right", weight=0.8),
            Column(title="理由", weight=3.6),
            Column(title="页码", weight=2),
        ),
        rows=[_row(leaf, sheet.cells.get((bid["bid"], leaf["key"]))) for leaf in leaves],
        dense=True,
    )


def _row(leaf: Mapping[str, Any], entry: Entry | None) -> tuple[str, ...]:
    if entry is None:
        return (leaf["title"], leaf["max"], "—", "—", "—")
    return (leaf["title"], leaf["max"], entry.score, entry.note or "—", entry.cited or "—")


def _summary(
    ranking: Sequence[Mapping[str, Any]], leaves: Sequence[Mapping[str, Any]]
) -> Iterator[Block]:
    for row in ranking:
        yield Table(
            caption=f"第 {row['rank']} 名　{row['name']}",
            columns=(Column(title="评分因素", weight=4), Column(title="结果", align="right")),
            rows=[
                *((leaf["title"], row["scores"].get(leaf["key"], "—")) for leaf in leaves),
                ("报价得分", row["price_score"]),
            ],
            total=("总分", row["total"]),
            dense=True,
        )


def _leaves(criteria: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    parents = {row["part_of"] for row in criteria}
    return [row for row in criteria if row["key"] not in parents and row["kind"] != "price"]
