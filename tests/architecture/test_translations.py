"""The interface is Chinese first and English whole: nothing a user reads is left untranslated."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

import polib
import pytest
from django.urls import reverse
from django.utils.translation.template import templatize

from tests.architecture.house import ROOT, files, shown, tree

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"

#: What asks for a translation, and how many of its arguments are sentences.
CALLS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}
LITERAL = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
#: `templatize` leaves of a page nothing but such calls.
IN_A_PAGE = re.compile(rf"\b(?:n?gettext|_)\({LITERAL}(?:, {LITERAL})?")

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
#: Words an English reader meets in Chinese: the amount in words, and the way back to Chinese.
STAYS_CHINESE = {"大写", "中文"}


def _in_python(path):
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        for argument in node.args[: CALLS.get(name, 0)]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def _in_page(text):
    for found in IN_A_PAGE.finditer(templatize(text)):
        yield from (ast.literal_eval(literal) for literal in found.groups() if literal)


@lru_cache
def _sentences():
    """Return every sentence to be translated with the first file that says it."""
    found = {}
    for path in files(".py", ".html"):
        parts = path.relative_to(ROOT).parts
        if parts[0] == "tests" or (path.suffix == ".html" and "templates" not in parts):
            continue
        python = path.suffix == ".py"
        for text in _in_python(path) if python else _in_page(path.read_text(encoding="utf-8")):
            found.setdefault(text, shown(path))
    return found


@lru_cache
def _catalogue():
    return polib.pofile(str(CATALOGUE))


def _english(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _chinese(text):
    return [run for run in CHINESE.findall(text) if run not in STAYS_CHINESE]


class TestTheWalk:
    def test_finds_the_sentences(self):
        said_by = _sentences()
        for place in ("templates/base.html", "trading/refusals/bids.py", "accounts/chips.py"):
            assert place in said_by.values()

    def test_reads_every_way_a_page_asks(self):
        page = (
            '{% translate "甲" %}{{ x|yesno:_("乙,丙") }}'
            "{% blocktranslate with a=b %}丁 {{ a }}{% endblocktranslate %}"
            "{% blocktranslate count n=m %}一{% plural %}多 {{ n }}{% endblocktranslate %}"
        )
        assert list(_in_page(page)) == ["甲", "乙,丙", "丁 %(a)s", "一", "多 %(n)s"]


class TestTheEnglish:
    def test_has_every_sentence(self):
        known = {
            text
            for entry in _catalogue()
            if all(_english(entry)) and not entry.obsolete
            for text in (entry.msgid, entry.msgid_plural)
        }
        missing = [f"{place}: {text}" for text, place in _sentences().items() if text not in known]
        assert missing == []

    def test_is_nowhere_a_guess(self):
        assert [entry.msgid for entry in _catalogue() if entry.fuzzy] == []

    def test_keeps_the_placeholders(self):
        changed = [
            f"{entry.msgid} -> {english}"
            for entry in _catalogue()
            for english in _english(entry)
            if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(entry.msgid))
        ]
        assert changed == []

    def test_has_no_chinese(self):
        left = [text for entry in _catalogue() for text in _english(entry) if _chinese(text)]
        assert left == []

    def test_does_not_shout(self):
        assert [text for entry in _catalogue() for text in _english(entry) if "!" in text] == []


class TestTheCatalogue:
    def test_changes_only_with_its_sentences(self):
        # A date, a line number or another order would make every change look like many.
        catalogue = _catalogue()
        assert not {"POT-Creation-Date", "PO-Revision-Date"} & set(catalogue.metadata)
        assert not any(entry.occurrences for entry in catalogue)
        order = [entry.msgid for entry in catalogue]
        assert order == sorted(order)


@pytest.mark.django_db
class TestTheLanguageSwitch:
    @pytest.fixture
    def english(self, client, settings, tmp_path):
        # The catalogue as it stands, whatever was compiled last.
        compiled = tmp_path / "en" / "LC_MESSAGES" / "django.mo"
        compiled.parent.mkdir(parents=True)
        _catalogue().save_as_mofile(str(compiled))
        settings.LOCALE_PATHS = [tmp_path]
        answer = client.post(reverse("set_language"), {"language": "en"})
        assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
        return client

    def test_shows_the_notices_in_english(self, english):
        page = english.get(reverse("trading:notices")).content.decode()
        assert "Tender and procurement notices" in page
        assert _chinese(page) == []

    def test_leaves_others_in_chinese(self, client):
        assert "招标与采购公告" in client.get(reverse("trading:notices")).content.decode()
