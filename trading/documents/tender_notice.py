"""The tender notice (招标公告, 采购公告) as a PDF: what was published, nothing added since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.money import yuan
from core.pdf import Column, Document, Facts, Heading, Paragraph, Table, render
from core.zone import local

_MOMENT = "%Y-%m-%d %H:%M"
_SUITES = {
    "1": "通用（X25519、AES-256-GCM）",
    "2": "抗量子（X-Wing、AES-256-GCM）",
    "GM-1": "国密算法演示（SM2、SM3、SM4；未经商用密码产品认证，未做密码应用安全性评估）",
}


def render_tender_notice(body: Mapping[str, Any], *, sha256: str, at: datetime) -> bytes:
    """Draw the notice; `body` as `services.publishing.notice_body` makes it."""
    return render(
        Document(
            title="招标公告" if body["legal_track"] == "T" else "采购公告",
            subtitle=body["title"],
            code=body["code"],
            issuer=body["procuring_entity"],
            data_sha256=sha256,
            at=at,
            blocks=[
                Facts(rows=_facts(body)),
                Heading("项目概况"),
                Paragraph(body["description"] or "详见招标文件。", indent=True),
                Heading("投标人资格要求"),
                Paragraph(body["qualification"] or "详见招标文件。", indent=True),
                Heading("标段"),
                _lots(
                    body["lots"], worth="估算价(元)" if body["legal_track"] == "T" else "预算(元)"
                ),
                Heading("招标文件"),
                _documents(body["documents"]),
            ],
        )
    )


def _facts(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("招标人（采购人）", body["procuring_entity"]),
        ("代理机构", body["agency"] or "无"),
        ("文件获取", _moment(body["documents_issued_at"])),
        ("投标截止（开标）", _moment(body["deadline_at"])),
        ("联合体", "接受" if body["consortium_allowed"] else "不接受"),
        ("解密时间", f"{body['decrypt_minutes']} 分钟"),
        ("招标人公钥", body["host_key"]["kid"]),
        ("加密套件", _SUITES[body["host_key"].get("suite", "1")]),
        ("保管人", "、".join(holder["name"] for holder in body["host_key"]["holders"])),
        *_code(body.get("browser_code")),
    ]


def _code(stated: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """Name the code that seals in the browser, for whoever compares it before use."""
    if stated is None:
        return []
    return [
        ("离线加密页 SHA-256", stated["offline_sha256"]),
        ("网站脚本清单 SHA-256", stated["bundle_sha256"]),
    ]


def _lots(rows: list[Mapping[str, Any]], *, worth: str) -> Table:
    return Table(
        columns=(
            Column("标段", weight=2),
            Column("名称", weight=3),
            Column(worth, align="right", weight=2),
            Column("限价(元)", align="right", weight=2),
            Column("保证金(元)", align="right", weight=2),
        ),
        rows=[
            (
                row["code"],
                row["title"],
                yuan(row["estimate_fen"]),
                yuan(row["ceiling_fen"]) if row["ceiling_fen"] is not None else "—",
                yuan(row["bid_security_fen"]),
            )
            for row in rows
        ],
    )


def _documents(rows: list[Mapping[str, Any]]) -> Table:
    return Table(
        columns=(Column("文件", weight=2), Column("SHA-256", weight=5)),
        rows=[(row["name"], row["sha256"]) for row in rows],
    )


def _moment(text: str) -> str:
    return f"{local(datetime.fromisoformat(text)):{_MOMENT}}"
