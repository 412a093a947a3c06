"""Who may not sit: spelling never hides a tie, and nothing is a tie that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.avoidance import Firm, names, plain, tied

BUILDER = Firm(name="苏州恒筑建设有限公司", credit_code="91320508MA1W1QU21J")
AGENCY = Firm(name="Jiangsu Bidding Co. Ltd", credit_code="91320000X12345678K")
WORDS = st.text(st.sampled_from("苏州恒筑ABCxyz 019"), max_size=8)


class TestTheNamesOfFirms:
    def test_are_the_name_and_the_credit_code_of_each(self):
        assert names([BUILDER, AGENCY]) == {
            "苏州恒筑建设有限公司",
            "91320508ma1w1qu21j",
            "jiangsubiddingco.ltd",
            "91320000x12345678k",
        }

    def test_hold_nothing_blank(self):
        # A person who bids has no credit code; that must not tie everybody without an employer.
        assert names([Firm(name="钱某", credit_code=""), Firm(name=" ", credit_code="　")]) == {
            "钱某"
        }

    @given(st.lists(st.tuples(WORDS, WORDS)))
    def test_are_a_set_whatever_the_order(self, told):
        firms = [Firm(name=name, credit_code=code) for name, code in told]
        assert names(firms) == names(reversed(firms))
        assert "" not in names(firms)


class TestAPlainName:
    @pytest.mark.parametrize(
        "written",
        [
            "ABC建设(苏州)公司",
            "ＡＢＣ建设（苏州）公司",
            " abc建设 (苏州) 公司\t",
            "abc建设(苏州)公司\n",
        ],
    )
    def test_has_lost_widths_spaces_and_letter_case(self, written):
        assert plain(written) == "abc建设(苏州)公司"

    @given(WORDS)
    def test_stays_as_it_is_once_plain(self, written):
        assert plain(plain(written)) == plain(written)


class TestAnExpert:
    firms = names([BUILDER, AGENCY])

    def test_is_tied_by_any_one_of_several_employers(self):
        assert tied(["某大学", BUILDER.name], firms=self.firms)
        assert tied([BUILDER.name, "某大学"], firms=self.firms)

    def test_is_tied_by_the_agency_as_by_a_bidder(self):
        assert tied(["JIANGSU BIDDING CO. LTD"], firms=self.firms)

    @pytest.mark.parametrize(
        "employer",
        ["苏州恒筑建设有限公司第二分公司", "恒筑建设有限公司", "苏州恒筑监理有限公司", "", "  "],
    )
    def test_is_free_with_an_employer_of_another_name(self, employer):
        assert not tied([employer], firms=self.firms)

    def test_without_employers_is_free(self):
        assert not tied([], firms=self.firms)

    def test_without_a_name_is_free_even_where_a_firm_could_be_blank(self):
        assert not tied([" "], firms=frozenset({""}))

    @given(st.lists(WORDS, max_size=4), st.permutations(range(4)))
    def test_is_judged_alike_whatever_the_order_of_employers(self, employers, order):
        firms = names([Firm(name="苏州", credit_code="A1")])
        moved = [employers[at] for at in order if at < len(employers)]
        assert tied(moved, firms=firms) == tied(employers, firms=firms)
