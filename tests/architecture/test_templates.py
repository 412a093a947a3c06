"""Pages carry no script and no style of their own: the content security policy would drop them."""

from __future__ import annotations

import re

from tests.architecture.house import files, shown

INLINE = re.compile(r"""\s(?:style|on[a-z]+)\s*=\s*["'{]|<style\b|javascript:""", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.IGNORECASE)
#: A data block is not executed, so the policy lets it pass.
DATA = re.compile(r"""type=["']application/(?:json|ld\+json)["']""")
ELSEWHERE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)


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
