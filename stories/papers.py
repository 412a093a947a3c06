"""The files of a story: real PDFs, the same bytes from the same seed wherever it is told."""

from __future__ import annotations

import io
import random  # noqa: TID251 - the same story draws the same paper; nothing here is secret
from collections.abc import Iterator, Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from core import pdf
from stories.story import BidFile

_MEGABYTE = 1_000_000
_SUBJECTS = (
    "测量放样与沉降观测",
    "沟槽开挖与支护",
    "管道安装与闭水试验",
    "路基压实度控制",
    "沥青摊铺温度控制",
    "交通导改与行人通道",
    "扬尘与噪声控制",
    "雨期施工措施",
    "材料进场复验",
    "质量通病防治",
    "安全文明施工",
    "进度计划与关键线路",
)
_VERBS = ("负责", "复核", "记录", "检查", "汇总", "上报")
_WHO = ("项目经理", "技术负责人", "质检员", "安全员", "测量员", "资料员")


def make(file: BidFile, *, title: str, firm: str, into: Path) -> Path:
    """Return the file on disk, drawn if the story does not bring it."""
    if file.path is not None:
        return file.path
    into.mkdir(parents=True, exist_ok=True)
    path = into / file.name
    content = draw(title=title, firm=firm, pages=file.pages, seed=file.seed)
    path.write_bytes(_padded(content, to=file.megabytes * _MEGABYTE, seed=file.seed))
    return path


def draw(*, title: str, firm: str, pages: int, seed: int) -> bytes:
    """Draw a bid document of exactly so many pages."""
    chance = random.Random(seed)  # noqa: S311 - likewise
    blocks: list[pdf.Block] = []
    for number in range(1, pages + 1):
        if number > 1:
            blocks.append(pdf.PageBreak())
        blocks += _page(chance, number)
    return pdf.render(
        pdf.Document(title=title, subtitle=firm, code=f"S-{seed:06d}", blocks=tuple(blocks))
    )


def plain(*, title: str, lines: Sequence[str]) -> bytes:
    """Draw a short paper: the tender's documents, a contract."""
    blocks = tuple(pdf.Paragraph(line, indent=True) for line in lines)
    return pdf.render(pdf.Document(title=title, code="S-000000", blocks=blocks))


def _page(chance: random.Random, number: int) -> Iterator[pdf.Block]:
    subject = _SUBJECTS[(number - 1) % len(_SUBJECTS)]
    yield pdf.Heading(f"{number} {subject}")
    for part in range(1, 5):
        who, verb, further = chance.choice(_WHO), chance.choice(_VERBS), chance.choice(_VERBS)
        yield pdf.Paragraph(
            f"{number}.{part} {who}{verb}{subject}，每{chance.randint(2, 30)}米取一点，"
            f"偏差不大于{chance.randint(1, 20)}毫米；当日{further}，"
            f"超出限值时{chance.randint(1, 24)}小时内整改并重新检验。",
            indent=True,
        )


def _padded(content: bytes, *, to: int, seed: int) -> bytes:
    """Attach incompressible bytes so that the file has about the wanted size."""
    if to <= len(content):
        return content
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    noise = random.Random(seed).randbytes(to - len(content))  # noqa: S311 - bulk, not a secret
    writer.add_attachment("附图.bin", noise)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
