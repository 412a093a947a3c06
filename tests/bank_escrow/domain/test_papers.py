"""Letters of guarantee and waivers: what their own facts fall short of, and how they are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bank_escrow.domain.papers import (
    Claim,
    Ground,
    Issuer,
    Letter,
    PaperCode,
    faults,
    read_claim,
    read_letter,
    valid_until,
    written,
)

UNTIL = date(2027, 2, 21)
LETTER = Letter(
    number="BH-2026-118",
    issuer="江苏银行苏州分行",
    issuer_kind=Issuer.BANK,
    amount_fen=50_000_000,
    valid_to=UNTIL,
)
CLAIM = Claim(ground=Ground.SMALL_BUSINESS, clause="投标人须知 3.4.1")


def wrong(**change):
    return faults(replace(LETTER, **change), required_fen=50_000_000, until=UNTIL)


class TestALetter:
    def test_of_the_amount_until_the_day_is_good(self):
        assert wrong() == ()
        assert wrong(amount_fen=50_000_001, valid_to=date(2027, 3, 1)) == ()

    def test_one_fen_short_is_short(self):
        assert wrong(amount_fen=49_999_999) == (PaperCode.AMOUNT_SHORT,)

    def test_one_day_short_is_short(self):
        assert wrong(valid_to=date(2027, 2, 20)) == (PaperCode.VALIDITY_SHORT,)

    def test_hears_both_at_once(self):
        assert wrong(amount_fen=0, valid_to=date(2026, 11, 23)) == (
            PaperCode.AMOUNT_SHORT,
            PaperCode.VALIDITY_SHORT,
        )

    @pytest.mark.parametrize("kind", list(Issuer))
    def test_is_as_good_from_any_kind_of_issuer(self, kind):
        assert wrong(issuer_kind=kind) == ()

    def test_must_cover_the_bids_validity_counted_from_the_day_in_suzhou(self):
        # TBR Art. 26. At 17:00 in UTC it is already the 24th in Suzhou.
        assert valid_until(datetime(2026, 11, 23, 1, 30, tzinfo=UTC), days=90) == UNTIL
        assert valid_until(datetime(2026, 11, 23, 17, 0, tzinfo=UTC), days=90) == date(2027, 2, 22)


class TestAPaper:
    def test_is_written_as_json_values(self):
        assert written(LETTER) == {
            "number": "BH-2026-118",
            "issuer": "江苏银行苏州分行",
            "issuer_kind": "BANK",
            "amount_fen": 50_000_000,
            "valid_to": "2027-02-21",
        }
        assert written(CLAIM) == {"ground": "SMALL_BUSINESS", "clause": "投标人须知 3.4.1"}

    @pytest.mark.parametrize("kind", list(Issuer))
    def test_comes_back_a_letter_as_it_was(self, kind):
        letter = replace(LETTER, issuer_kind=kind)
        back = read_letter(json.loads(json.dumps(written(letter))))
        assert back == letter
        assert isinstance(back.issuer_kind, Issuer)

    @pytest.mark.parametrize("ground", list(Ground))
    def test_comes_back_a_claim_as_it_was(self, ground):
        claim = replace(CLAIM, ground=ground)
        back = read_claim(json.loads(json.dumps(written(claim))))
        assert back == claim
        assert isinstance(back.ground, Ground)
