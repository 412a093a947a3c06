"""Pages carry no script and no style of their own: the content security policy would drop them."""

from __future__ import annotations

import re

from bank_escrow.domain.lifecycle import DEPOSIT, INSTRUCTION
from evaluation.domain.lifecycle import PANEL, SEAT
from tests.architecture.house import files, shown
from trading.domain.lifecycle import BID, LOT, TENDER

INLINE = re.compile(r"""\s(?:style|on[a-z]+)\s*=\s*["'{]|<style\b|javascript:""", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.IGNORECASE)
#: A data block is not executed, so the policy lets it pass.
DATA = re.compile(r"""type=["']application/(?:json|ld\+json)["']""")
ELSEWHERE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)

COMPARED = re.compile(r"""\b(?P<whose>\w+)\.state [!=]= "(?P<state>\w+)\"""")
MACHINES = {
    "tender": TENDER,
    "lot": LOT,
    "bid": BID,
    "deposit": DEPOSIT,
    "order": INSTRUCTION,
    "panel": PANEL,
    "seat": SEAT,
}


def _templates():
    return [path for path in files(".html") if "templates" in path.parts]


class TestATemplate:
    def test_has_no_inline_style_or_handler(self):
        assert _matches(INLINE) == []

    def test_has_no_inline_script(self):
        inline = [
            f"{shown(path)}: {match[0]}"
            for path in _templates()
            for match in SCRIPT.finditer(path.read_text(encoding="utf-8"))
            if "src=" not in match["attributes"] and not DATA.search(match["attributes"])
        ]
        assert inline == []

    def test_fetches_nothing_from_elsewhere(self):
        assert _matches(ELSEWHERE) == []

    def test_asks_only_for_states_there_are(self):
        """A slip here would hide a section from everybody and be seen by nobody."""
        compared = [
            (shown(path), match["whose"], match["state"])
            for path in _templates()
            for match in COMPARED.finditer(path.read_text(encoding="utf-8"))
            if match["whose"] in MACHINES
        ]
        assert len(compared) > 30
        assert [one for one in compared if one[2] not in MACHINES[one[1]].states] == []


def _matches(pattern):
    return [
        f"{shown(path)}: {match[0].strip()}"
        for path in _templates()
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]


class TestThePattern:
    def test_sees_what_it_forbids(self):
        assert INLINE.search('<p style="color:red">')
        assert INLINE.search("<a onclick='go()'>")
        assert not INLINE.search('<p data-style="x" class="on">')
