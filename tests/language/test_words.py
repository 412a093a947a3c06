"""What the product says in words of its own: refusals, chips, names of choices."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.functional import Promise

from accounts import chips
from core.verdicts import registered
from evaluation.templatetags import evaluation
from tests.language.reading import CHINESE, english
from trading.templatetags import opening
from trading.words import MISSING

FACT = re.compile(r"%\((\w+)\)s|%%")


def refusals():
    for code, text in registered().items():
        if code.startswith("Z-"):  # a test's own, if that test was imported by this worker
            continue
        for part in ("what", "why", "do"):
            yield f"{code} {part}", getattr(text, part)


def gaps():
    for code, text in MISSING.items():
        for part in ("what", "why", "do"):
            yield f"{code} {part}", getattr(text, part)


def looks():
    for code, chip in chips._CHIPS.items():
        yield f"chip {code}", chip.label


def choices():
    for model in apps.get_models():
        if model.__module__.startswith("django"):
            continue
        for field in model._meta.concrete_fields:
            for value, label in field.choices or ():
                if isinstance(label, Promise):  # the others are a programmer's and not shown
                    yield f"{model.__name__}.{field.name} {value}", label


def securities():
    yield from opening._SECURITIES.items()


SAID = {
    "refusals": refusals,
    "gaps": gaps,
    "chips": looks,
    "choices": choices,
    "securities": securities,
}


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("kind", SAID)
class TestWords:
    def test_are_english_for_an_english_reader(self, kind):
        with translation.override("en"):
            left = {
                where: str(words) for where, words in SAID[kind]() if CHINESE.search(str(words))
            }
        assert left == {}

    def test_are_chinese_for_a_chinese_reader(self, kind):
        with translation.override("zh-hans"):
            left = {
                where: str(words)
                for where, words in SAID[kind]()
                if english(FACT.sub("", str(words))) or not CHINESE.search(str(words))
            }
        assert left == {}


@pytest.mark.usefixtures("catalogue")
class TestARejection:
    @pytest.mark.parametrize("code", ["REJECT_QUAL", "REJECT_PRICE_HIGH"])
    def test_is_named_in_both(self, code):
        with translation.override("en"):
            assert not CHINESE.search(evaluation.rejection(code))
        assert CHINESE.search(evaluation.rejection(code))
