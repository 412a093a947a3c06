"""The award notice (中标通知书) as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.money import uppercase, yuan
from core.pdf import Document, Facts, Paragraph, Signature, Signatures, render
from trading.words import PAPER_DURATIONS


def render_award_notice(body: Mapping[str, Any], *, at: datetime) -> bytes:
    """Draw the notice; `body` as `services.awarding` makes it."""
    is_tendering = body["track"] == "T"
    basis = "《中华人民共和国招标投标法》" if is_tendering else "《中华人民共和国政府采购法》"
    winner = "、".join([body["winner"], *body["members"]])
    return render(
        Document(
            title="中标通知书",
            subtitle=body["title"],
            code=body["lot"],
            issuer=body["procuring_entity"],
            at=at,
            blocks=[
                Paragraph(text=f"{winner}："),
                Paragraph(
                    text=f"贵单位参加的{body['title']}（{body['lot']}）投标，依据{basis}及评审结果，"
                    "已被确定为中标人。请自本通知书发出之日起三十日内，按照招标文件和贵单位的投标文件"
                    "与招标人订立书面合同。",
                    indent=True,
                ),
                Facts(
                    rows=[
                        ("中标价", f"¥{yuan(body['price_fen'])}（{uppercase(body['price_fen'])}）"),
                        (PAPER_DURATIONS[body["category"]], f"{body['duration_days']} 天"),
                        ("质量", body["quality"]),
                        ("项目负责人", body["manager"]),
                        ("统一社会信用代码", body["credit_code"]),
                    ]
                ),
                Signatures(
                    places=[
                        Signature(
                            label="招标人（采购人）", name=body["procuring_entity"], seal=True
                        ),
                        Signature(label="代理机构", name=body["agency"] or "—", seal=True),
                    ]
                ),
            ],
        )
    )
