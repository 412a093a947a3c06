from __future__ import annotations

import itertools
import re

import cn2an
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.money import (
    LIMIT_FEN,
    MoneyError,
    parse_yuan,
    plain_yuan,
    says,
    spoken,
    uppercase,
    uppercase_forms,
    wan,
    yuan,
)

AMOUNTS = st.integers(0, LIMIT_FEN - 1)
# The rules for filling in bank vouchers, by their own examples and at every joint.
BANK_FORM = [
    (0, "零元整"),
    (1, "壹分"),
    (5, "伍分"),
    (10, "壹角整"),
    (15, "壹角伍分"),
    (100, "壹元整"),
    (101, "壹元零壹分"),
    (110, "壹元壹角整"),
    (1000, "壹拾元整"),
    (1100, "壹拾壹元整"),
    (10_100, "壹佰零壹元整"),
    (11_000, "壹佰壹拾元整"),
    (32_504, "叁佰贰拾伍元零肆分"),
    (100_100, "壹仟零壹元整"),
    (101_000, "壹仟零壹拾元整"),
    (140_950, "壹仟肆佰零玖元伍角整"),
    (168_032, "壹仟陆佰捌拾元叁角贰分"),
    (600_714, "陆仟零柒元壹角肆分"),
    (1_000_000, "壹万元整"),
    (1_000_100, "壹万零壹元整"),
    (1_001_050, "壹万零壹拾元伍角整"),
    (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
    (10_700_053, "壹拾万柒仟元伍角叁分"),
    (100_000_000, "壹佰万元整"),
    (923_828_000, "玖佰贰拾叁万捌仟贰佰捌拾元整"),
    (3_366_358_016, "叁仟叁佰陆拾陆万叁仟伍佰捌拾元壹角陆分"),
    (10_000_000_100, "壹亿零壹元整"),
    (10_010_000_000, "壹亿零壹拾万元整"),
    (11_000_000_000, "壹亿壹仟万元整"),
    (100_000_001_000, "壹拾亿零壹拾元整"),
    (1_000_000_000_000, "壹佰亿元整"),
    (100_000_000_000_000, "壹万亿元整"),
    (100_010_000_000_100, "壹万零壹亿零壹元整"),
]


class TestCapitals:
    @pytest.mark.parametrize(("fen", "text"), BANK_FORM)
    def test_follow_the_bank_form(self, fen, text):
        assert uppercase(fen) == text
        assert uppercase_forms(fen)[0] == text

    def test_may_be_written_in_every_way_the_rules_leave_open(self):
        assert {"壹万零壹拾元伍角整", "壹万零壹拾元伍角", "壹万零壹拾元零伍角"} <= set(
            uppercase_forms(1_001_050)
        )
        assert set(uppercase_forms(10_700_053)) == {
            f"壹拾万{joint}柒仟元{after}伍角叁分" for joint in ("", "零") for after in ("", "零")
        }
        assert "壹仟陆佰捌拾元零叁角贰分" in uppercase_forms(168_032)

    @pytest.mark.parametrize(
        "text",
        [
            "人民币壹万零壹拾元伍角",
            "壹万零壹拾圆伍角正",
            "壹万零壹拾圓零伍角",
            " 壹万零壹拾元 伍角整",
        ],
    )
    def test_are_understood_as_people_write_them(self, text):
        assert says(text, 1_001_050)

    @pytest.mark.parametrize("text", ["", "壹万零壹拾元整", "壹万壹拾元伍角", "一万零一十元五角"])
    def test_are_not_taken_for_another_amount(self, text):
        assert not says(text, 1_001_050)

    @given(AMOUNTS)
    @example(10_700_053)
    @example(100_010_000_000_100)
    def test_mean_one_amount_each(self, fen):
        assert {_read_capitals(form) for form in uppercase_forms(fen)} == {fen}

    @given(st.integers(1, 10**14 - 1))
    def test_agree_with_another_program_on_whole_yuan(self, whole):
        theirs = cn2an.an2cn(str(whole), "rmb")
        assert says(theirs, whole * 100)

    @given(AMOUNTS)
    def test_never_repeat_or_trail_a_zero(self, fen):
        for form in uppercase_forms(fen):
            assert "零零" not in form
            assert not re.search(r"零[万亿]", form)
            assert form == "零元整" or "零元" not in form

    @pytest.mark.parametrize(
        ("fen", "forms"),
        [
            (107_000 * 10**10, ("壹拾万柒仟亿元整", "壹拾万零柒仟亿元整")),
            (100_107_000_00, ("壹亿零壹拾万柒仟元整", "壹亿零壹拾万零柒仟元整")),
        ],
    )
    def test_may_have_a_zero_at_a_joint_on_either_side_of_the_large_unit(self, fen, forms):
        assert uppercase_forms(fen) == forms

    @pytest.mark.parametrize("bad", [-1, LIMIT_FEN, 1.5, True, "1"])
    def test_are_refused_for_what_is_no_amount(self, bad):
        kind = "fen are integers, not " + type(bad).__name__
        said = f"cannot be written in words: {bad} fen" if type(bad) is int else kind
        for write in (uppercase, spoken):
            with pytest.raises(MoneyError) as refused:
                write(bad)
            assert str(refused.value) == said


class TestSpoken:
    @pytest.mark.parametrize(
        ("fen", "text"),
        [
            (3_366_358_016, "三千三百六十六万三千五百八十元一角六分"),
            (923_828_000, "九百二十三万八千二百八十元整"),
            (1_000, "十元整"),
            (10_700_000, "十万七千元整"),
            (1_070_000_000_000_00, "一万零七百亿元整"),
            (107_000 * 10**10, "十万七千亿元整"),
            (100_107_000_00, "一亿零一十万七千元整"),
            (1_200_000_00, "一百二十万元整"),
            (110_000_00, "十一万元整"),
            (1_010_00, "一千零一十元整"),
            (5, "五分"),
            (105, "一元零五分"),
            (0, "零元整"),
        ],
    )
    def test_is_what_a_host_would_say(self, fen, text):
        assert spoken(fen) == text


class TestFigures:
    @pytest.mark.parametrize(
        ("text", "fen"),
        [
            ("3,366.36", 336_636),
            ("3,366.36万元", 3_366_360_000),
            ("3366.358016 万", 3_366_358_016),
            ("1.2亿元", 12_000_000_000),
            ("￥１２，３４５．６０元", 1_234_560),
            ("0", 0),
            ("0.000001万", 1),
        ],
    )
    def test_are_read_as_people_type_them(self, text, fen):
        assert parse_yuan(text) == fen

    @pytest.mark.parametrize(
        "bad",
        [
            *["", "元", "-1", "+1", "1e5", "1.234", "3,36", "1,2345", "1.", ".5", "1 00,0", "12%"],
            *["0.0000001万", "1万2", "٣", f"{LIMIT_FEN}", "1.0.0"],
        ],
    )
    def test_are_refused_rather_than_guessed(self, bad):
        with pytest.raises(MoneyError):
            parse_yuan(bad)

    @pytest.mark.parametrize(
        ("bad", "why"),
        [
            ("12%", "not an amount: '12%'"),
            ("1.234", "smaller than one fen: '1.234'"),
            # The limit itself; one fen below it can still be read.
            ("10,000,000,000,000,000", "too large: '10,000,000,000,000,000'"),
        ],
    )
    def test_are_refused_with_the_reason(self, bad, why):
        with pytest.raises(MoneyError) as refused:
            parse_yuan(bad)
        assert str(refused.value) == why

    def test_are_read_up_to_the_limit(self):
        assert parse_yuan("9,999,999,999,999,999.99") == LIMIT_FEN - 1

    def test_are_written_in_three_ways(self):
        assert yuan(3_366_358_016) == "33,663,580.16"
        assert plain_yuan(3_366_358_016) == "33663580.16"
        assert wan(3_366_358_016) == "3,366.36"

    def test_keep_their_sign(self):
        assert yuan(-5) == "-0.05"
        assert yuan(-123_456) == "-1,234.56"
        assert plain_yuan(-100) == "-1.00"

    def test_round_units_of_ten_thousand_half_up(self):
        assert wan(50_00) == "0.01"
        assert wan(49_99) == "0.00"

    @pytest.mark.parametrize("bad", [1.5, True, "1", None])
    def test_take_whole_fen_only(self, bad):
        for write in (yuan, plain_yuan, wan):
            with pytest.raises(MoneyError) as refused:
                write(bad)
            assert str(refused.value) == f"fen are integers, not {type(bad).__name__}"

    def test_are_written_exactly_however_large(self):
        assert wan(123_456_789_012_345_678_901_234_567_890_500_000) == (
            "123,456,789,012,345,678,901,234,567,890.50"
        )

    @given(AMOUNTS)
    def test_read_back(self, fen):
        assert parse_yuan(yuan(fen)) == parse_yuan(plain_yuan(fen)) == fen


def _read_capitals(text):
    """Read capitals by their grammar alone: the way back, not the way there reversed."""
    digits = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}

    def number(part):
        for unit, size in (("亿", 10**8), ("万", 10**4)):
            if unit in part:
                head, tail = part.rsplit(unit, 1)
                return number(head) * size + number(tail)
        chars = part.replace("零", "")
        return sum(
            digits[digit] * units.get(unit, 1)
            for digit, unit in itertools.zip_longest(chars[::2], chars[1::2], fillvalue="")
        )

    whole, yuan_mark, rest = text.rpartition("元")
    part = (rest if yuan_mark else text).removesuffix("整").replace("零", "")
    value = number(whole) * 100
    for digit, unit in zip(part[::2], part[1::2], strict=True):
        value += digits[digit] * {"角": 10, "分": 1}[unit]
    return value
