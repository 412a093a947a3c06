"""Lines break as a Chinese reader expects, and pages never lose a word."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core.pdf import Block, Column, Document, Heading, Paragraph, Span, Table, Together, render
from core.pdf.setting import CLOSING, OPENING, lines, natural_width
from core.pdf.style import BODY, CELL, WIDTH
from core.pdf.tables import column_widths

SENTENCE = "投标人对开标有异议的，应当在开标现场提出（招标人应当当场作出答复），并制作《记录》。"
LETTERS = st.text(
    alphabet="甲乙丙丁投标人，。、；：（）《》“”！？ abcXYZ0123456789.,-()%¥\n", max_size=120
)


def shown(line):
    return "".join(piece.text for piece in line.pieces)


def text_of(*blocks):
    made = render(Document(title="题", code="1", blocks=blocks))
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


class TestALine:
    @given(text=LETTERS, width=st.integers(min_value=40, max_value=400))
    @settings(deadline=None)
    def test_loses_nothing_but_spaces_at_its_ends(self, text, width):
        joined = "".join(shown(line) for line in lines(text, width=width, style=BODY))
        assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", text)

    @given(text=LETTERS, width=st.integers(min_value=40, max_value=400))
    @settings(deadline=None)
    def test_is_never_wider_than_its_measure(self, text, width):
        for line in lines(text, width=width, style=BODY):
            assert line.width <= width + 0.001

    def test_does_not_begin_with_closing_nor_end_with_opening_marks(self):
        for width in range(60, 420):
            set_lines = [shown(line) for line in lines(SENTENCE, width=width, style=BODY)]
            assert not any(line[0] in CLOSING for line in set_lines), width
            assert not any(line[-1] in OPENING for line in set_lines), width

    def test_never_tears_a_number_or_a_word(self):
        text = "报价33,663,580.16元checkpoint"
        widest = natural_width("33,663,580.16", BODY) + 4
        for width in range(int(widest), 300):
            whole = [shown(line) for line in lines(text, width=width, style=BODY)]
            assert any("33,663,580.16" in line for line in whole)
            assert any("checkpoint" in line for line in whole)

    def test_tears_what_no_line_could_hold(self):
        digest = "0123456789abcdef" * 8
        torn = [shown(line) for line in lines(digest, width=200, style=BODY)]
        assert len(torn) > 1
        assert "".join(torn) == digest

    def test_shares_the_air_of_two_marks_in_a_row(self):
        apart = natural_width("（甲）", BODY) + natural_width("《乙》", BODY)
        assert natural_width("（甲）《乙》", BODY) < apart + BODY.size * 0.6
        assert natural_width("甲乙", BODY) == 2 * BODY.size

    def test_keeps_breaks_and_accents_of_its_text(self):
        first, second = lines(("甲", Span("乙\n丙", bold=True)), width=200, style=BODY)
        assert [piece.font for piece in first.pieces] == ["NotoSansSC-Regular", "NotoSansSC-Bold"]
        assert shown(second) == "丙"


class TestATable:
    def test_repeats_its_head_and_loses_no_row(self):
        rows = [(f"行{number}号", "宏远建设") for number in range(1, 120)]
        pages = text_of(Table(columns=(Column("编号"), Column("投标单位")), rows=rows))
        assert len(pages) > 1
        assert all("投标单位" in page for page in pages)
        words = "\n".join(pages)
        assert [n for n in range(1, 120) if words.count(f"行{n}号") != 1] == []

    def test_continues_a_row_that_no_page_could_hold(self):
        story = "。".join(f"w{number}x" for number in range(1, 900))
        columns = (Column("项", weight=1), Column("内容", weight=4))
        pages = text_of(Table(columns=columns, rows=(("长", story), ("短", "完"))))
        assert len(pages) > 1
        words = "".join(pages).replace("\n", "")
        assert [n for n in range(1, 900) if words.count(f"w{n}x") != 1] == []
        assert "完" in pages[-1]

    def test_gives_short_columns_their_line_and_fills_the_page(self):
        columns = (Column("序号"), Column("投标人"), Column("报价"))
        rows = [("1", "苏州工业园区市政建设股份有限公司" * 3, "134,655,680.16")]
        widths = column_widths(columns, rows, width=WIDTH, style=CELL)
        assert abs(sum(widths) - WIDTH) < 0.001
        assert widths[2] > natural_width("134,655,680.16", CELL)
        assert len(lines("134,655,680.16", width=widths[2], style=CELL)) == 1
        assert widths[1] > widths[2] > widths[0]

    def test_refuses_a_row_of_the_wrong_length(self):
        with pytest.raises(ValueError, match="row of 1 cells"):
            text_of(Table(columns=(Column("甲"), Column("乙")), rows=(("一",),)))

    def test_may_have_no_rows(self):
        assert "投标人" in text_of(Table(columns=(Column("投标人"),), rows=()))[0]


class TestAPage:
    @given(
        lengths=st.lists(st.integers(min_value=1, max_value=400), min_size=1, max_size=25),
        headed=st.booleans(),
    )
    @settings(deadline=None, max_examples=25)
    def test_loses_no_paragraph(self, lengths, headed):
        blocks: list[Block] = []
        for number, length in enumerate(lengths):
            if headed:
                blocks.append(Heading(f"题{number}章"))
            blocks.append(Paragraph(f"始{number}号" + "文" * length + f"终{number}号"))
        words = "".join(text_of(*blocks)).replace("\n", "")
        for number in range(len(lengths)):
            assert words.count(f"始{number}号") == words.count(f"终{number}号") == 1
            assert not headed or f"题{number}章" in words

    def test_does_not_end_with_a_heading(self):
        for filling in range(30, 48):
            blocks = [
                *(Paragraph("文") for _ in range(filling)),
                Heading("末题"),
                Paragraph("后文"),
            ]
            (page,) = (page for page in text_of(*blocks) if "末题" in page)
            assert "后文" in page

    def test_puts_a_heading_on_the_page_where_its_long_table_begins(self):
        rows = [(f"行{number}号",) for number in range(200)]
        pages = text_of(
            Paragraph("前文"), Heading("附表"), Table(columns=(Column("编号"),), rows=rows)
        )
        assert "前文" in pages[0]
        assert "附表" in pages[0]
        assert "行0号" in pages[0]

    def test_keeps_together_what_belongs_together(self):
        for filling in range(20, 40):
            group = Together(tuple(Paragraph(f"组{n}员") for n in range(6)))
            pages = text_of(*(Paragraph("文") for _ in range(filling)), group)
            assert sum("组" in page for page in pages) == 1

    def test_lets_a_group_fall_apart_that_no_page_could_hold(self):
        group = Together(tuple(Paragraph(f"组{n}员") for n in range(80)))
        words = "".join(text_of(group))
        assert [n for n in range(80) if f"组{n}员" not in words] == []
