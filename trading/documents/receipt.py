"""The receipt of a submitted bid as a PDF: what was received, when, and how to check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.pdf import Callout, Code, Document, Facts, Paragraph, Qr, render
from core.zone import local


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts:
    """What the paper says; it names no price, nobody at the platform knows one."""

    receipt: str
    tender: str
    lot: str
    lot_code: str
    bidder: str
    centre: str
    received_at: datetime
    deadline_at: datetime
    doc_version: int
    size: int
    prints: Sequence[tuple[str, str]]
    token: str
    verify_url: str


def render_receipt(facts: ReceiptFacts) -> bytes:
    """Draw the receipt; the signed original stands on it as text, so that it can be copied off."""
    return render(
        Document(
            title="投标文件递交回执",
            subtitle=facts.tender,
            code=facts.receipt,
            issuer=facts.centre,
            at=facts.received_at,
            blocks=[
                Callout(
                    title=f"已收到 {_second(facts.received_at)}",
                    text="服务器收到全部内容的时间早于投标截止。收到的是密文，开标前任何人不能打开。",
                    tone="ok",
                ),
                Facts(
                    rows=[
                        ("标段", f"{facts.lot_code} {facts.lot}"),
                        ("投标人", facts.bidder),
                        ("收到时间", _second(facts.received_at)),
                        ("投标截止", _second(facts.deadline_at)),
                        ("招标文件", f"第 {facts.doc_version} 版"),
                        ("密文大小", f"{facts.size:,} 字节"),
                    ]
                ),
                *(Code(label=label, text=text) for label, text in facts.prints),
                Qr(data=facts.verify_url, caption="扫码打开验真页，上传或粘贴回执原件即可核对"),
                Paragraph(
                    text="回执原件由平台日志密钥签名（JWS），可下载，也可从下面抄录：", small=True
                ),
                Code(label="回执原件", text=facts.token),
            ],
        )
    )


def _second(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M:%S}"
