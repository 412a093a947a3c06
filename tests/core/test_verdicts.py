from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import verdicts
from core.verdicts import ALLOWED, Reason, Refusal, Text, TextError, Verdict, explain, refuse


class Lazy:
    """Stands for a lazy translation: its words are chosen when it is read."""

    words = "截止时间为%(deadline)s"

    def __str__(self):
        return self.words


@pytest.fixture
def late(monkeypatch):
    monkeypatch.setattr(verdicts, "_texts", {})
    verdicts.register({"B-001": Text("未收到投标文件", Lazy(), "请联系代理机构，完成%(rate)s%%")})
    return Reason(
        "B-001", {"deadline": datetime(2026, 11, 23, 6, tzinfo=UTC), "rate": Decimal("1E+1")}
    )


class TestVerdict:
    def test_allows_without_a_reason(self):
        assert ALLOWED
        ALLOWED.or_raise()

    def test_refuses_with_code_and_facts(self):
        verdict = refuse("T-010", code="the fact may be called code", days=19)
        assert not verdict
        with pytest.raises(Refusal, match=r"T-010 \(code=.*days=19\)") as caught:
            verdict.or_raise()
        assert caught.value.reason == verdict.reason
        assert caught.value.reason.facts["days"] == 19

    @pytest.mark.parametrize("parts", [(True, Reason("T-010")), (False, None)])
    def test_cannot_contradict_itself(self, parts):
        with pytest.raises(ValueError, match="reason"):
            Verdict(*parts)

    def test_facts_cannot_change_afterwards(self):
        facts = {"days": 19}
        reason = Reason("T-010", facts)
        facts["days"] = 20
        assert reason.facts["days"] == 19
        with pytest.raises(TypeError):
            reason.facts["days"] = 20


class TestExplaining:
    def test_joins_words_and_facts_in_the_time_of_suzhou(self, late):
        told = explain(late)
        assert told.code == "B-001"
        assert told.why == "截止时间为2026-11-23 14:00:00"
        assert told.do == "请联系代理机构，完成10%"

    def test_reads_lazy_words_when_asked(self, late, monkeypatch):
        monkeypatch.setattr(Lazy, "words", "The deadline was %(deadline)s")
        assert explain(late).why == "The deadline was 2026-11-23 14:00:00"

    def test_shows_a_day_as_a_day(self, late):
        facts = {"deadline": date(2026, 11, 23), "rate": 1}
        assert explain(Reason("B-001", facts)).why == "截止时间为2026-11-23"

    def test_says_a_code_of_ours_in_words(self, late):
        words = {"state": {"PUBLISHED": "进行中"}.get}
        text = Text("不能变更", "当前状态为%(state)s", "请刷新", words=words)
        verdicts.register({"T-052": text})
        assert explain(Reason("T-052", {"state": "PUBLISHED"})).why == "当前状态为进行中"

    def test_refuses_a_code_without_words(self, late):
        with pytest.raises(TextError, match="B-404"):
            explain(Reason("B-404"))

    def test_names_the_fact_a_case_lacks(self, late):
        with pytest.raises(TextError, match="deadline"):
            explain(Reason("B-001", {"rate": 1}))

    def test_keeps_one_text_a_code(self, late):
        with pytest.raises(TextError, match="two texts"):
            verdicts.register({"B-001": Text("a", "b", "c")})
        verdicts.register(dict(verdicts.registered()))
        assert list(verdicts.registered()) == ["B-001"]
