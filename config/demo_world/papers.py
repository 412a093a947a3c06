"""The papers of the demo: short, real PDFs."""

from __future__ import annotations

from functools import cache

from core import pdf

_CHAPTERS = {
    "technical": ("技术标", ("总体部署", "进度计划", "质量保证", "安全文明")),
    "commercial": ("商务标", ("投标函", "资格证明", "类似业绩", "承诺书")),
}


@cache
def bid_file(*, firm: str, part: str) -> bytes:
    """Draw one part of a firm's bid; firms keep their texts from tender to tender."""
    title, chapters = _CHAPTERS[part]
    blocks: list[pdf.Block] = []
    for number, chapter in enumerate(chapters, start=1):
        if number > 1:
            blocks.append(pdf.PageBreak())
        blocks.append(pdf.Heading(f"{number} {chapter}"))
        blocks += [
            pdf.Paragraph(
                f"{number}.{line} {firm}承诺按招标文件要求落实{chapter}，责任到人，"
                "每周检查一次，发现偏差当日整改并留存记录。",
                indent=True,
            )
            for line in range(1, 7)
        ]
    return pdf.render(pdf.Document(title=title, subtitle=firm, code="DEMO", blocks=tuple(blocks)))


@cache
def documents(*, title: str, track: str) -> bytes:
    """Draw a tender's documents."""
    law = "《中华人民共和国招标投标法》" if track == "T" else "《中华人民共和国政府采购法》"
    return pdf.render(
        pdf.Document(
            title="招标文件",
            subtitle=title,
            code="DEMO",
            blocks=(
                pdf.Heading("第一章 招标公告"),
                pdf.Paragraph(f"本项目依据{law}公开招标，欢迎符合条件的单位参加。", indent=True),
                pdf.Heading("第二章 投标人须知"),
                pdf.Paragraph(
                    "投标文件在投标人自己的电脑上加密，截止后由投标人解密。", indent=True
                ),
                pdf.Heading("第三章 评标办法"),
                pdf.Paragraph("综合评分，评分项、分值和价格公式见公告页。", indent=True),
            ),
        )
    )


@cache
def contract(*, title: str, winner: str) -> bytes:
    """Draw a signed contract."""
    words = f"{winner}按投标文件承担{title}，合同价款与中标价一致。"
    return pdf.render(
        pdf.Document(title="合同", code="DEMO", blocks=(pdf.Paragraph(words, indent=True),))
    )
