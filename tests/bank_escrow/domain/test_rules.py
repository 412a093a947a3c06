"""Names, interest, dates, serials, postings and the tables of states."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bank_escrow.domain import interest, lifecycle, names, postings, refund_dates, serials
from bank_escrow.domain.beneficiary import Party, Purpose, is_same, payee
from bank_escrow.domain.interest import Rate
from bank_escrow.domain.refund_dates import Basis
from bank_escrow.models import Deposit, Instruction
from core.workdays import PUBLISHED, read_year


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("苏州恒筑（集团）有限公司", "苏州恒筑(集团)有限公司"),
            ("苏州恒筑〔集团〕有限公司", "苏州恒筑（集团）有限公司"),
            ("ＡＢＣ建设", "abc 建设"),
            ("⼀建公司", "一建公司"),
            ("阿·凡提建设", "阿凡提建设"),
            ("恒\u200b筑\ufeff公司", "恒筑公司"),
            ("恒\x07筑\x00公司", "恒筑公司"),
        ],
    )
    def test_are_the_same_when_only_typed_otherwise(self, one, other):
        assert names.same_name(one, other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("恒筑公司", "恒筑公司姑苏分公司"),
            ("蘇州恒筑", "苏州恒筑"),
            ("第—公司", "第一公司"),
            ("", ""),
        ],
    )
    def test_are_not_the_same_when_they_differ(self, one, other):
        assert not names.same_name(one, other)

    @given(st.text())
    @example("ı˛")  # the blank within the ogonek falls away, and what stays composes anew
    def test_are_normalised_once_and_for_all(self, text):
        once = names.normalised(text)
        assert names.normalised(once) == once

    def test_of_accounts_ignore_blanks_and_hyphens(self):
        assert names.account_number("3205 0166-0000 3391") == "3205016600003391"

    def test_of_accounts_are_masked(self):
        assert names.masked("3205016600003391") == "3205****3391"
        assert names.masked("123456789") == "1234****6789"
        assert names.masked("12345678") == "********"


RATE = [Rate(valid_from=date(2020, 1, 1), annual=Decimal("0.0035"))]


class TestInterest:
    @pytest.mark.parametrize(
        ("fen", "annual", "days", "expected"),
        [
            (50_000_000, "0.0035", 30, 14_583),  # INT-1
            (80_000_000, "0.0020", 47, 20_889),  # INT-2
            (80_000_000, "0.0005", 37, 4_111),  # not 4,107: rounded once, not daily
        ],
    )
    def test_is_as_the_handbook_reckons(self, fen, annual, days, expected):
        start = date(2026, 1, 1)
        rates = [Rate(valid_from=start, annual=Decimal(annual))]
        until = start + timedelta(days=days)
        assert interest.accrued(fen, since=start, until=until, rates=rates) == expected

    @given(
        st.integers(0, 10**14),
        st.decimals(0, Decimal("0.2"), places=6),
        st.integers(0, 3000),
    )
    def test_agrees_with_fractions(self, fen, annual, days):
        start = date(2020, 1, 1)
        rates = [Rate(valid_from=start, annual=annual)]
        exact = Fraction(fen) * Fraction(annual) * days / 360
        got = interest.accrued(fen, since=start, until=start + timedelta(days=days), rates=rates)
        assert got == (2 * exact + 1).__floor__() // 2

    def test_follows_a_change_of_rate(self):
        rates = [*RATE, Rate(valid_from=date(2026, 1, 11), annual=Decimal("0.0010"))]
        got = interest.accrued(
            100_000_000, since=date(2026, 1, 1), until=date(2026, 1, 31), rates=rates
        )
        assert got == round(100_000_000 * (0.0035 * 10 + 0.0010 * 20) / 360)

    def test_follows_a_rate_of_a_single_day(self):
        rates = [
            *RATE,
            Rate(valid_from=date(2026, 1, 11), annual=Decimal("0.0100")),
            Rate(valid_from=date(2026, 1, 12), annual=Decimal("0.0010")),
        ]
        got = interest.accrued(
            360_000_000, since=date(2026, 1, 10), until=date(2026, 1, 13), rates=rates
        )
        assert got == 3_500 + 10_000 + 1_000

    def test_does_not_run_backwards(self):
        day = date(2026, 1, 2)
        with pytest.raises(ValueError, match=r"^interest runs forward$"):
            interest.accrued(1, since=day, until=day - timedelta(days=1), rates=RATE)

    def test_of_no_days_is_nothing(self):
        day = date(2026, 1, 1)
        assert interest.accrued(1, since=day, until=day, rates=RATE) == 0

    def test_without_a_rate_is_an_error_and_not_zero(self):
        with pytest.raises(LookupError, match="no rate for 2019-01-01"):
            interest.accrued(1, since=date(2019, 1, 1), until=date(2026, 1, 1), rates=RATE)
        with pytest.raises(LookupError, match="no rate for 2026-01-01"):
            interest.accrued(1, since=date(2026, 1, 1), until=date(2026, 1, 1), rates=[])

    @given(st.integers(1, 10**12), st.integers(0, 2000), st.integers(0, 2000))
    def test_of_two_stretches_differs_from_the_whole_by_rounding_only(self, fen, one, two):
        start = date(2020, 1, 1)
        middle, end = start + timedelta(days=one), start + timedelta(days=one + two)
        parts = interest.accrued(fen, since=start, until=middle, rates=RATE) + interest.accrued(
            fen, since=middle, until=end, rates=RATE
        )
        assert abs(parts - interest.accrued(fen, since=start, until=end, rates=RATE)) <= 1


class TestADueDate:
    def test_of_tendering_is_five_days_and_moves_off_a_rest_day(self):
        signed = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
        due = refund_dates.due_at(track="T", basis=Basis.CONTRACT, since=signed)
        # The fifth day, 11-28, is a Saturday: Monday 11-30, until its end.
        assert due == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)

    def test_of_procurement_is_five_working_days(self):
        noticed = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
        due = refund_dates.due_at(track="G", basis=Basis.AWARD_NOTICE, since=noticed)
        assert due == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)

    def test_passes_the_golden_week_by_days_in_tendering_and_working_days_in_procurement(self):
        eve = datetime(2026, 9, 30, 6, 0, tzinfo=UTC)
        tendering = refund_dates.due_at(track="T", basis=Basis.CONTRACT, since=eve)
        # The fifth day, 10-05, is a holiday: the first working day after it is 10-08.
        assert tendering == datetime(2026, 10, 8, 16, 0, tzinfo=UTC)
        procurement = refund_dates.due_at(track="G", basis=Basis.CONTRACT, since=eve)
        # 10-08, 09, 10 (a Saturday worked in exchange), 12, 13.
        assert procurement == datetime(2026, 10, 13, 16, 0, tzinfo=UTC)

    def test_follows_a_year_the_city_has_loaded(self):
        year = read_year(2027, off="0101-0103 0205-0211", worked="0130")
        calendar = PUBLISHED.with_year(2027, year)
        since = datetime(2027, 2, 1, 6, 0, tzinfo=UTC)
        due = refund_dates.due_at(track="G", basis=Basis.CONTRACT, since=since, calendar=calendar)
        # 02-02, 03, 04, then past the holiday 02-12, 15.
        assert due == datetime(2027, 2, 15, 16, 0, tzinfo=UTC)

    def test_brings_interest_in_tendering_and_none_in_procurement(self):
        assert refund_dates.period(track="T", basis=Basis.CONTRACT).interest
        assert not refund_dates.period(track="G", basis=Basis.CONTRACT).interest

    def test_names_its_article(self):
        for track in ("T", "G"):
            assert refund_dates.period(track=track, basis=Basis.WITHDRAWN).source.number

    def test_of_a_basis_the_track_does_not_know_is_an_error(self):
        with pytest.raises(LookupError, match="track T knows no refund on AWARD_NOTICE"):
            refund_dates.period(track="T", basis=Basis.AWARD_NOTICE)


class TestASerial:
    FACTS = {"centre": "320500", "bank_number": 5, "day": date(2026, 11, 23)}

    @given(st.integers(0, serials.DRAWN_BELOW - 1))
    def test_is_whole(self, drawn):
        assert serials.is_serial(serials.serial(drawn=drawn, **self.FACTS))

    def test_names_city_bank_and_day_before_what_was_drawn(self):
        written = serials.serial(drawn=42, **self.FACTS)
        assert written[:22] == "05" + "05" + "20261123" + "0000000042"
        other = serials.serial(
            centre="330300", bank_number=12, day=date(2027, 1, 2), drawn=9_999_999_999
        )
        assert other[:22] == "03" + "12" + "20270102" + "9999999999"

    @given(st.integers(0, serials.DRAWN_BELOW - 1))
    def test_leaves_one_when_divided_by_97(self, drawn):
        # ISO 7064 MOD 97-10, as people check it with a calculator.
        assert int(serials.serial(drawn=drawn, **self.FACTS)) % 97 == 1

    @pytest.mark.parametrize("drawn", [-1, serials.DRAWN_BELOW])
    def test_takes_ten_digits_no_more(self, drawn):
        with pytest.raises(ValueError, match=r"^ten digits are drawn$"):
            serials.serial(drawn=drawn, **self.FACTS)

    @given(st.integers(0, serials.DRAWN_BELOW - 1), st.integers(0, 23), st.integers(1, 9))
    def test_mistyped_in_one_digit_is_found(self, drawn, place, more):
        good = serials.serial(drawn=drawn, **self.FACTS)
        digit = str((int(good[place]) + more) % 10)
        assert not serials.is_serial(good[:place] + digit + good[place + 1 :])


class TestTheBanksDay:
    SWITCH = time(23, 0)

    def test_ends_at_its_switch(self):
        at = datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC)
        assert serials.bank_day(at, switches_at=self.SWITCH) == date(2026, 11, 23)
        at += timedelta(seconds=1)
        assert serials.bank_day(at, switches_at=self.SWITCH) == date(2026, 11, 24)

    def test_is_left_alone_just_before(self):
        quiet = timedelta(minutes=2)
        switch = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
        near = {
            seconds: serials.near_switch(
                switch - timedelta(seconds=seconds), switches_at=self.SWITCH, quiet=quiet
            )
            for seconds in (121, 120, 1, 0)
        }
        assert near == {121: False, 120: True, 1: True, 0: False}

    def test_may_end_at_half_past(self):
        near = {
            minute: serials.near_switch(
                datetime(2026, 11, 23, 14, minute, tzinfo=UTC),
                switches_at=time(22, 30),
                quiet=timedelta(minutes=2),
            )
            for minute in (27, 28, 29, 30, 59)
        }
        assert near == {27: False, 28: True, 29: True, 30: False, 59: False}


class TestThePostingTable:
    def test_never_posts_to_the_same_side_twice(self):
        assert all(debit != credit for debit, credit in postings.TABLE.values())
        assert set(postings.TABLE) == set(postings.Posting)


class TestTheTables:
    def test_agree_with_the_columns(self):
        assert set(lifecycle.INSTRUCTION.states) == set(Instruction.State.values)
        assert set(lifecycle.DEPOSIT.states) == set(Deposit.State.values)

    def test_let_nothing_doubtful_be_sent_again(self):
        for state in ("PROCESSING", "UNKNOWN", "ABSENT", "BREAK", "DONE"):
            seen, todo = set(), [state]
            while todo:
                here = todo.pop()
                seen.add(here)
                todo += set(lifecycle.INSTRUCTION.moves[here].values()) - seen
            assert seen & {"QUEUED", "SENDING", "APPROVED"} == set()

    def test_end_where_a_new_order_may_begin(self):
        assert lifecycle.INSTRUCTION.terminal == lifecycle.OVER


class TestTheBeneficiary:
    PAYER = Party(name="恒筑", account="1")

    def test_of_a_refund_is_the_payer(self):
        assert payee(purpose=Purpose.REFUND, payer=self.PAYER, forfeit_to=None) == self.PAYER

    def test_of_a_forfeit_is_the_configured_account_or_nobody(self):
        treasury = Party(name="财政局", account="2")
        assert payee(purpose=Purpose.FORFEIT, payer=self.PAYER, forfeit_to=treasury) == treasury
        with pytest.raises(LookupError, match=r"^a forfeit needs a configured account$"):
            payee(purpose=Purpose.FORFEIT, payer=self.PAYER, forfeit_to=None)

    def test_is_shown_without_the_middle_of_its_account(self):
        assert Party(name="恒筑", account="3205016600003391").masked_account == "3205****3391"

    def test_is_the_same_by_the_very_name_and_the_number_however_written(self):
        assert is_same(Party(name="恒筑", account="12 34-5"), Party(name="恒筑", account="12345"))
        assert not is_same(Party(name="恒 筑", account="1"), self.PAYER)
        assert not is_same(Party(name="恒筑", account="2"), self.PAYER)
