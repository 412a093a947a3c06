"""What the second person of finance confirms: this content and nothing else."""

from __future__ import annotations

import hashlib
from types import MappingProxyType

import pytest

from bank_escrow.domain.proposals import BY_DOCUMENT, Kind, content_sha


class TestTheContentOfAProposal:
    def test_is_named_by_the_hash_of_its_compact_json(self):
        text = '{"amount_fen":500,"reason":"弃标"}'
        told = {"reason": "弃标", "amount_fen": 500}
        assert content_sha(told) == hashlib.sha256(text.encode()).hexdigest()
        assert content_sha(MappingProxyType(told)) == content_sha(told)

    @pytest.mark.parametrize("change", [{"amount_fen": 501}, {"reason": ""}, {"more": 1}])
    def test_has_another_name_when_anything_in_it_changes(self, change):
        told = {"reason": "弃标", "amount_fen": 500}
        assert content_sha(told | change) != content_sha(told)


class TestADecisionFromOutside:
    def test_lies_behind_whatever_takes_money_from_its_course(self):
        assert set(Kind) - {Kind.STOP_BANK, Kind.START_BANK, Kind.RESOLVE} == BY_DOCUMENT
