"""The opening record (开标记录表) as a PDF: what was read out, objected to and signed.

Legal documents are Chinese by law, whatever language their reader's pages have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.money import uppercase, yuan
from core.pdf import (
    Block,
    Code,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signature,
    Signatures,
    Table,
    render,
)
from core.zone import local
from sealing import canonical
from trading.words import PAPER_DURATIONS

_STATES = {"UNRELEASED": "未解密", "UNOPENED": "未开启"}
_SECURITY = {
    "LOCKED": "到账",
    "GUARANTEE": "保函",
    "WAIVED": "免缴",
    "MISMATCH": "不符",
    "UNPAID": "未缴",
    "NONE": "不要求",
}
_ATTRIBUTION = {"bidder": "投标人原因", "not_bidder": "非投标人原因"}
_STAFF = (
    ("host", "主持人"),
    ("recorder", "记录人"),
    ("supervisor", "监督人"),
    ("witness", "见证人"),
)


def render_record(
    body: Mapping[str, Any], *, category: str, staff: Mapping[str, str], signed_at: datetime
) -> bytes:
    """Draw the record; `body` as `services.opening.record_sheet.body` gives it."""
    digest = hashlib.sha256(canonical.dumps(dict(body))).hexdigest()
    blocks: list[Block] = [
        Facts(rows=_facts(body), columns=2),
        Heading(text="开标一览"),
        _prices(body["rows"], duration=PAPER_DURATIONS[category]),
        *_unopened(body["rows"]),
        *_objections(body["objections"]),
        Paragraph(
            text="本记录由开标系统按服务器时间自动生成，内容与大厅公布一致；各投标人的确认写入公开事件链。",
            small=True,
        ),
        Code(text=digest, label="记录指纹（SHA-256）"),
        Signatures(
            places=tuple(
                Signature(label=label, field=f"sign_{key}", name=staff.get(key, ""), seal=False)
                for key, label in _STAFF
            ),
            columns=2,
        ),
    ]
    return render(
        Document(
            title="开标记录表",
            subtitle=body["title"],
            code=body["lot"],
            blocks=blocks,
            data_sha256=digest,
            at=signed_at,
        )
    )


def _facts(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    ceiling = body["ceiling_fen"]
    return [
        ("招标项目编号", body["tender"]),
        ("标段编号", body["lot"]),
        ("投标截止时间", _when(body["deadline_at"])),
        ("开标开始时间", _when(body["started_at"])),
        ("最高投标限价", f"{yuan(ceiling)} 元" if ceiling is not None else "未设"),
        ("投标人数", str(len(body["rows"]))),
        *_periods(body["decrypt_periods"]),
    ]


def _periods(periods: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Tell every time in which bidders could decrypt, and why there was more than one."""
    return [
        (
            "投标人解密" if number == 1 else f"第 {number} 次解密",
            f"{_when(one['starts_at'])} 至 {_when(one['ended_at'])}"
            + (f"（{one['reason']}）" if one["reason"] else ""),
        )
        for number, one in enumerate(periods, start=1)
    ]


def _prices(rows: Sequence[Mapping[str, Any]], *, duration: str) -> Table:
    return Table(
        columns=(
            Column(title="席位", align="centre", weight=0.7),
            Column(title="投标人", weight=3.2),
            Column(title="投标报价（元）", align="right", weight=2.2),
            Column(title="大写", weight=3),
            Column(title=f"{duration}（天）", align="right", weight=1),
            Column(title="质量", weight=1.1),
            Column(title="项目负责人", weight=1.3),
            Column(title="保证金", weight=1),
        ),
        rows=[
            (
                str(row["seat"]),
                "、".join([row["name"], *row["members"]]),
                yuan(row["price_fen"]) if row["price_fen"] is not None else "—",
                uppercase(row["price_fen"])
                if row["price_fen"] is not None
                else _STATES.get(row["state"], "—"),
                str(row["duration_days"]) if row["duration_days"] is not None else "—",
                row["quality"] or "—",
                row["manager"] or "—",
                _SECURITY.get(row["security"].get("status", "NONE"), "—"),
            )
            for row in rows
        ],
        dense=True,
    )


def _unopened(rows: Sequence[Mapping[str, Any]]) -> list[Block]:
    sealed = [row for row in rows if row["price_fen"] is None]
    if not sealed:
        return []
    return [
        Heading(text="未解密情况"),
        Table(
            columns=(
                Column(title="席位", align="centre", weight=0.7),
                Column(title="投标人", weight=3),
                Column(title="原因代码", weight=1.6),
                Column(title="归因（电子招标投标办法第三十一条）", weight=3),
            ),
            rows=[
                (
                    str(row["seat"]),
                    row["name"],
                    row["code"],
                    _ATTRIBUTION.get(row["attribution"], "待认定"),
                )
                for row in sealed
            ],
        ),
    ]


def _objections(objections: Sequence[Mapping[str, Any]]) -> list[Block]:
    if not objections:
        return [Paragraph(text="开标过程中没有投标人提出异议。")]
    return [
        Heading(text="开标异议与答复"),
        Table(
            columns=(
                Column(title="席位", align="centre", weight=0.7),
                Column(title="时间", weight=1.8),
                Column(title="异议", weight=3.5),
                Column(title="答复", weight=3.5),
            ),
            rows=[
                (str(row["seat"]), _when(row["at"]), row["text"], row["answer"])
                for row in objections
            ],
        ),
    ]


def _when(text: str | None) -> str:
    if text is None:
        return "—"
    return f"{local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M:%S}"
