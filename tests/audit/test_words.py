"""Every event says what happened, and what each of its fields is, in both languages."""

from __future__ import annotations

import dataclasses
import importlib
import re

import polib
import pytest
from django.utils import translation

from audit import words
from audit.words import Field, Group
from core.events import known_events
from tests.architecture.house import ROOT, app_of, files, shown

CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(scope="module", autouse=True)
def _all_loaded():
    for path in files(".py"):
        if app_of(path) and (path.name == "events.py" or path.parent.name == "events"):
            importlib.import_module(shown(path).removesuffix(".py").replace("/", "."))


@pytest.fixture
def english(settings, tmp_path):
    """The catalogue as it stands, whatever was compiled last."""
    compiled = tmp_path / "en" / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    catalogue = polib.pofile(str(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    catalogue.save_as_mofile(str(compiled))
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("en"):
        yield


def _events():
    """Every event of the product; the tests have some of their own."""
    events = known_events().items()
    return {name: event for name, event in events if not event.__module__.startswith("tests.")}


def _labels():
    return {
        (name, item.name): words.known(name, item.name)
        for name, event in _events().items()
        for item in dataclasses.fields(event)
    }


class TestEveryEvent:
    def test_has_a_phrase(self):
        assert len(_events()) > 100
        assert [name for name in _events() if words.phrase(name) == name] == []

    def test_has_a_label_for_each_field(self):
        assert [place for place, label in _labels().items() if label is None] == []

    def test_is_no_word_of_something_that_never_happens(self):
        told = {name for group in words.groups() for name in group.phrases}
        assert told - set(_events()) == set()

    def test_speaks_chinese(self):
        said = [words.phrase(name) for name in _events()]
        said += [label.label for label in _labels().values()]
        assert [str(one) for one in said if not CHINESE.search(str(one))] == []

    @pytest.mark.usefixtures("english")
    def test_speaks_english(self):
        said = [group.title for group in words.groups()]
        said += [words.phrase(name) for name in _events()]
        said += [label.label for label in _labels().values()]
        assert sorted({str(one) for one in said if CHINESE.search(str(one))}) == []


class TestTheRegister:
    def test_lets_no_event_mean_two_things(self):
        with pytest.raises(ValueError, match=r"hall\.ended"):
            words.register(Group(title="另", phrases={"hall.ended": "别的意思"}))

    def test_lets_an_old_event_say_its_own_name(self):
        assert words.phrase("gone.long_ago") == "gone.long_ago"
        assert words.label("gone.long_ago", "what") == Field(label="what")

    def test_tells_one_event_from_another_where_a_field_means_two_things(self):
        assert words.label("deposit.paper_handed_in", "kind").say("WAIVER") == "免缴声明"
        assert words.label("finance.proposed", "kind").say("STOP_BANK") == "停止发送"
        assert words.label("bank.break_opened", "kind").say("STATEMENT") == "对账单合计不符"
