from __future__ import annotations

import secrets
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import identifiers
from core.identifiers import CodeError, CodeStyle
from core.identifiers.credit import ALPHABET

VALID = [
    "91110000600037341L",
    "91320507000000019U",
    "12320500466950008L",
    "91330300MA2ABC1250",
    "91320594MA1WXYTG6G",
]
BODIES = st.builds(
    lambda head, region, tail: head + region + tail,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.text(ALPHABET, min_size=9, max_size=9),
)


class TestCreditCode:
    @pytest.mark.parametrize("code", VALID)
    def test_is_taken_when_its_check_is_right(self, code):
        assert identifiers.is_credit_code(code)
        assert identifiers.is_organisation_code(code[8:17])

    @pytest.mark.parametrize("code", VALID)
    def test_is_refused_with_any_other_last_character(self, code):
        others = [code[:-1] + last for last in ALPHABET if last != code[-1]]
        assert not any(identifiers.is_credit_code(other) for other in others)

    @pytest.mark.parametrize(
        "bad", ["", "9", VALID[0][:-1], VALID[0] + "0", "91110000600037341l", "I1110000600037341L"]
    )
    def test_is_refused_when_it_is_no_code_at_all(self, bad):
        assert not identifiers.is_credit_code(bad)

    @pytest.mark.parametrize("head", ["N2", "Y1", "A1"])
    def test_may_begin_with_letters(self, head):
        code = identifiers.make_credit_code(f"{head}320500466950008")
        assert identifiers.is_credit_code(code)

    @given(BODIES, st.integers(0, 16), st.data())
    def test_shows_every_single_slip(self, body, place, data):
        code = identifiers.make_credit_code(body)
        allowed = "0123456789" if 2 <= place < 8 else ALPHABET
        other = data.draw(st.sampled_from([char for char in allowed if char != code[place]]))
        assert identifiers.is_credit_code(code)
        assert not identifiers.is_credit_code(code[:place] + other + code[place + 1 :])

    def test_is_folded_before_it_is_checked(self):
        typed = " ９１３２０５０７ 000000019u"
        assert identifiers.normal_credit_code(typed) == "91320507000000019U"

    def test_of_an_invented_firm_is_valid_in_both_parts(self):
        code = identifiers.make_firm_code(region="320507", number=1)
        assert code == "91320507000000019U"

    @pytest.mark.parametrize("number", [-1, 10**8])
    def test_has_room_for_eight_figures(self, number):
        with pytest.raises(CodeError):
            identifiers.make_firm_code(region="320507", number=number)

    def test_avoids_the_organisation_check_x(self):
        number = next(n for n in range(50) if identifiers.organisation_check(f"{n:08d}") == "X")
        with pytest.raises(CodeError, match="X"):
            identifiers.make_firm_code(region="320507", number=number)

    @pytest.mark.parametrize("bad", ["", "9132050700000001", "91320507000000O19"])
    def test_cannot_be_made_of_a_wrong_body(self, bad):
        with pytest.raises(CodeError):
            identifiers.make_credit_code(bad)


class TestOrganisationCode:
    def test_may_have_its_hyphen(self):
        assert identifiers.is_organisation_code("46695000-8")
        assert not identifiers.is_organisation_code("46695000-9")

    @pytest.mark.parametrize("bad", ["", "46695000", "4669500-08", "466950008-"])
    def test_is_refused_in_another_shape(self, bad):
        assert not identifiers.is_organisation_code(bad)

    def test_cannot_be_checked_in_another_shape(self):
        with pytest.raises(CodeError):
            identifiers.organisation_check("4669500")


class TestResidentId:
    def test_is_taken_when_birthday_and_check_are_right(self):
        assert identifiers.is_resident_id("320500194912310010")
        assert identifiers.born("320500194912310010") == date(1949, 12, 31)

    def test_may_end_in_x(self):
        made = {
            identifiers.make_resident_id(region="320500", birthday=date(1990, 1, 1), serial=n)
            for n in range(20)
        }
        assert all(identifiers.is_resident_id(number) for number in made)
        assert any(number.endswith("X") for number in made)

    @pytest.mark.parametrize(
        "bad",
        [
            "320500194912310011",
            "32050019491231001x",
            "020500194912310010",
            "",
            "32050019491231001",
            "３20500194912310010",
        ],
    )
    def test_is_refused_otherwise(self, bad):
        assert not identifiers.is_resident_id(bad)

    def test_is_refused_with_a_birthday_that_never_was(self):
        body = "32050019490230001"
        assert not identifiers.is_resident_id(body + identifiers.resident_check(body))

    def test_needs_seventeen_figures_to_be_made(self):
        with pytest.raises(ValueError, match="seventeen"):
            identifiers.resident_check("3205001949123100")

    def test_shows_its_last_four_only(self):
        assert identifiers.masked("320500194912310010") == "**************0010"


class TestRegions:
    def test_are_those_of_the_city_and_its_partner(self):
        assert identifiers.region("320500").zh == "苏州市"
        assert identifiers.region("330326").en == "Pingyang, Wenzhou"
        assert identifiers.region("110000") is None


class TestTenderCode:
    def test_is_platform_and_serial(self):
        platform = identifiers.platform_code("320500")
        assert platform == "E3205000001"
        tender = identifiers.tender_code(platform, 123)
        assert tender == "E3205000001000123"
        assert identifiers.lot_code(tender, 1) == "E3205000001000123001"

    def test_has_the_widths_of_its_style(self):
        style = CodeStyle(platform_digits=8, serial_digits=8, lot_digits=2)
        platform = identifiers.platform_code("320500", letter="M", style=style)
        tender = identifiers.tender_code(platform, 123, style=style)
        assert identifiers.lot_code(tender, 7, style=style) == "M320500010000012307"

    def test_takes_its_serial_from_the_randomness_passed_in(self):
        asked = []

        def below(n):
            asked.append(n)
            return 42

        assert identifiers.random_serial(below) == 42
        assert asked == [1_000_000]
        assert 0 <= identifiers.random_serial(secrets.randbelow) < 1_000_000

    @pytest.mark.parametrize("serial", [-1, 1_000_000])
    def test_does_not_overflow(self, serial):
        with pytest.raises(CodeError):
            identifiers.tender_code("E3205000001", serial)

    @pytest.mark.parametrize("number", [0, 1000])
    def test_numbers_lots_from_one(self, number):
        with pytest.raises(CodeError):
            identifiers.lot_code("E3205000001000123", number)

    @pytest.mark.parametrize(
        ("centre", "letter"), [("32050a", "E"), ("3205000001", "E"), ("320500", "e")]
    )
    def test_refuses_what_is_no_platform(self, centre, letter):
        with pytest.raises(CodeError):
            identifiers.platform_code(centre, letter=letter)


class TestDealCode:
    def make(self, **changes):
        given = {
            "trade_class": "A01",
            "publisher": VALID[0],
            "day": date(2026, 11, 23),
            "serial": 7,
        }
        return identifiers.deal_code(**{**given, **changes})

    def test_has_the_shape_seen_on_portals(self):
        code = self.make()
        assert code.startswith("A01-91110000600037341L-20261123-000007-")
        assert identifiers.is_deal_code(code)

    def test_shows_a_slip_and_a_swap(self):
        code = self.make()
        assert not identifiers.is_deal_code(code.replace("-000007-", "-000008-"))
        assert not identifiers.is_deal_code(code.replace("20261123", "20261132"))
        assert not identifiers.is_deal_code("A01")

    @pytest.mark.parametrize(
        "changes", [{"trade_class": "A1"}, {"publisher": VALID[0][:-1] + "0"}, {"serial": 10**6}]
    )
    def test_refuses_parts_that_are_none(self, changes):
        with pytest.raises(CodeError):
            self.make(**changes)
