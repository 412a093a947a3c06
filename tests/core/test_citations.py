from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.law import Article, Statute, in_english
from core.law.citations import number_of


class TestACitation:
    @given(st.sampled_from(list(Statute)), st.integers(0, 99))
    def test_reads_as_the_article_is_written_in_english(self, statute, number):
        article = Article(statute, number)
        assert in_english(article.zh) == article.en

    def test_keeps_paragraph_and_item(self):
        told = in_english("《招标投标法实施条例》第五十一条第五项")
        assert told == f"{Statute.TBR.en}, Art. 51, item 5"
        told = in_english("《中华人民共和国招标投标法》第二十三条第一款")
        assert told == f"{Statute.TBL.en}, Art. 23, para. 1"

    def test_of_a_work_we_do_not_know_stays_as_it_is(self):
        assert in_english("《合同示范文本》第三条") == "《合同示范文本》第三条"

    def test_leaves_the_words_around_it(self):
        assert in_english("see 《招标投标法》第十条.") == f"see {Statute.TBL.en}, Art. 10."


class TestANumber:
    @pytest.mark.parametrize(
        ("written", "number"), [("三", 3), ("十", 10), ("六十三", 63), ("一百零二", 102)]
    )
    def test_is_read_as_laws_are_numbered(self, written, number):
        assert number_of(written) == number
