"""Documents leave the house readable everywhere, whole, and the same each time."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from core.pdf import (
    ENGLISH,
    Callout,
    Code,
    Column,
    Document,
    Facts,
    Gap,
    Heading,
    Items,
    MissingGlyph,
    PageBreak,
    Paragraph,
    Qr,
    Rule,
    Seal,
    Signature,
    Signatures,
    Span,
    Table,
    Together,
    missing,
    places,
    render,
)

DIGEST = hashlib.sha256(b"data").hexdigest()
ROOT = Path(__file__).resolve().parents[2]


def document(*blocks, **changed):
    facts = {
        "title": "开标记录表",
        "code": "SZ-2026-SG-0042-02",
        "issuer": "苏州市公共资源交易中心",
        "data_sha256": DIGEST,
        "notice": "演示系统",
        "at": datetime(2026, 11, 23, 6, 0, tzinfo=UTC),
        "blocks": blocks,
    }
    return Document(**{**facts, **changed})


def everything():
    columns = (Column("序号", align="centre"), Column("投标人"), Column("报价(元)", align="right"))
    rows = [(str(n), f"江南路桥第{n}分公司", f"{n},366,580.16") for n in range(1, 60)]
    return document(
        Facts(rows=(("项目名称", "平江片区道路改造"), ("限价", ("¥ 35,000,000.00", Span("(含)"))))),
        Heading("一、报价"),
        Table(columns=columns, rows=rows, total=("", "合计", "1.00"), caption="表 1"),
        Heading("二、过程", level=2),
        Paragraph("依据《招标投标法》第三十五条,公开进行。" * 40, indent=True),
        Items(("甲", ("乙", Span("丙", bold=True, tone="fail"))), ordered=True),
        Callout("解密失败一家。", title="注意", tone="warn"),
        Code(DIGEST, label="根散列"),
        Rule(),
        Gap(),
        PageBreak(),
        Together(
            (
                Heading("三、签章"),
                Signatures(places=(Signature(label="招标人", field="host", name="张三"),)),
            )
        ),
        Seal(field="centre"),
        Qr("https://example.cn/r/1", caption="扫码核验"),
        subtitle="不见面开标",
    )


def reader(made):
    return PdfReader(io.BytesIO(render(made)))


def text(made):
    return "\n".join(page.extract_text() for page in reader(made).pages)


def fonts(pdf):
    found = {}
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            key = font.idnum if isinstance(font, IndirectObject) else id(font)
            found[key] = font.get_object()
    return list(found.values())


class TestADocument:
    def test_embeds_every_font_it_names_as_a_subset_with_its_meaning(self):
        named = fonts(reader(everything()))
        assert named
        for font in named:
            descriptor = font["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor
            assert "+NotoSansSC-" in font["/BaseFont"]
            assert "/ToUnicode" in font

    def test_is_a_small_file_beside_its_typeface(self):
        assert len(render(document(Paragraph("公开进行")))) < 30_000

    def test_can_be_searched_and_copied(self):
        words = text(everything())
        for wanted in ("江南路桥第59分公司", "59,366,580.16", "解密失败一家", "¥ 35,000,000.00"):
            assert wanted in words, wanted
        assert DIGEST in words

    def test_says_whose_it_is_on_every_page(self):
        pdf = reader(everything())
        for number, page in enumerate(pdf.pages, start=1):
            words = page.extract_text()
            assert "SZ-2026-SG-0042-02" in words
            assert f"第 {number} 页 共 {len(pdf.pages)} 页" in words
            assert DIGEST in words
            assert "演示系统" in words

    def test_carries_its_facts_in_the_file(self):
        pdf = reader(everything())
        assert pdf.metadata is not None
        assert pdf.metadata.title == "开标记录表"
        assert pdf.metadata.subject == "SZ-2026-SG-0042-02"
        assert pdf.metadata.creation_date == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
        assert pdf.trailer["/Root"]["/Lang"] == "zh-CN"

    def test_has_an_outline_of_its_headings(self):
        outline = reader(everything()).outline
        assert [entry.title for entry in outline if not isinstance(entry, list)] == [
            "一、报价",
            "三、签章",
        ]
        (inner,) = (entry for entry in outline if isinstance(entry, list))
        assert [entry.title for entry in inner] == ["二、过程"]

    def test_speaks_english_when_asked(self):
        made = document(Paragraph("Opened in public."), title="Record", labels=ENGLISH)
        assert "Page 1 of 1" in text(made)
        assert reader(made).trailer["/Root"]["/Lang"] == "en"

    def test_reads_text_as_text_and_never_as_markup(self):
        hostile = "<b>&amp;</b> <font color=red>(x) \\n </para>"
        assert hostile in text(document(Paragraph(hostile), Facts(rows=(("名", hostile),))))

    def test_may_be_empty(self):
        assert len(reader(document()).pages) == 1


class TestTheSameInput:
    def test_gives_the_same_bytes(self):
        assert render(everything()) == render(everything())

    def test_gives_the_same_bytes_in_another_process_on_another_day(self):
        code = (
            "import hashlib, time_machine, datetime\n"
            "from tests.core.test_pdf import everything, render\n"
            "with time_machine.travel(datetime.datetime(2031, 1, 2, tzinfo=datetime.UTC)):\n"
            "    print(hashlib.sha256(render(everything())).hexdigest())\n"
        )
        made = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert made.stdout.strip() == hashlib.sha256(render(everything())).hexdigest()

    def test_differs_where_a_single_figure_differs(self):
        assert render(document(Paragraph("1"))) != render(document(Paragraph("2")))


class TestAMissingGlyph:
    @pytest.mark.parametrize("character", ["𠮷", "😀", "\u200b", "\x07", "\ufffe"])
    @pytest.mark.parametrize(
        "place",
        [
            Paragraph,
            Heading,
            lambda text: Facts(rows=((text, "值"),)),
            lambda text: Facts(rows=(("名", (Span(text, bold=True),)),)),
            lambda text: Table(columns=(Column("名"),), rows=((text,),)),
            lambda text: Table(columns=(Column(text),), rows=()),
            lambda text: Items((text,)),
            lambda text: Signatures(places=(Signature(label=text),)),
            lambda text: Callout("好", title=text),
            Code,
            lambda text: Seal(field="s", label=text),
            lambda text: Qr("x", caption=text),
        ],
    )
    def test_stops_the_document_and_is_named(self, character, place):
        with pytest.raises(MissingGlyph) as caught:
            render(document(place(f"宏远{character}建设")))
        assert caught.value.character == character
        assert f"U+{ord(character):04X}" in str(caught.value)

    def test_stops_it_in_title_and_furniture_too(self):
        for where in ("title", "subtitle", "code", "issuer", "notice"):
            with pytest.raises(MissingGlyph):
                render(document(**{where: "宏远𠮷"}))

    def test_can_be_asked_for_beforehand(self):
        assert missing("江南𠮷路桥😀𠮷") == ("𠮷", "😀")
        assert missing("江南路桥（集团）有限公司 ¥1,234.50 ①㛃\n") == ()


class TestPlacesToSign:
    def test_are_told_with_page_and_rectangle(self):
        found = {place.name: place for place in places(everything())}
        assert set(found) == {"host", "centre"}
        pages = len(reader(everything()).pages)
        for place in found.values():
            assert place.page == pages - 1
            assert 0 < place.left < place.right < 595.3
            assert 0 < place.bottom < place.top < 841.9

    def test_do_not_overlap_any_text(self):
        made = everything()
        page = reader(made).pages[-1]
        spots = []

        def visit(words, matrix, text_matrix, *_):
            if words.strip():
                spots.append((text_matrix[4], text_matrix[5], words))

        page.extract_text(visitor_text=visit)
        (host,) = (place for place in places(made) if place.name == "host")
        inside = [
            words
            for x, y, words in spots
            if host.left < x < host.right and host.bottom < y < host.top
        ]
        assert inside == []

    def test_have_names_of_their_own(self):
        twice = (Signature(label="甲", field="x"), Signature(label="乙", field="x"))
        with pytest.raises(ValueError, match="one name"):
            places(document(Signatures(places=twice)))
