"""Every page is English for an English reader and Chinese for a Chinese one, at every stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.core.cache import cache

from accounts.models import Person
from tests import people
from tests.language import reading, stages, world

#: The amount in words is Chinese by law, and a language is named in itself.
STAYS_CHINESE = re.compile("[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+|大写|简体中文")
STAYS_ENGLISH = re.compile("English")
LANGUAGES = ("en", "zh-hans")


class Walk:
    """The pages of one lot's course, read in both languages; `faults` gathers what is foreign."""

    def __init__(self) -> None:
        self.faults: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        self.pages = 0
        self._acts: set[str] = set()  # routes that are no pages

    def look_around(self, stop: stages.Stop, *, at_all: bool) -> None:
        """Read what everybody may open about the stop's tender, or all there is."""
        cache.clear()
        readers = world.readers(stop.tender)
        entered = world.entered()
        for role, person in readers.items():
            ids = world.known(stop.tender, person=person)
            found = [
                (route, path)
                for route, path in world.places(str(role), ids)
                if route.startswith(stop.under) and (at_all or "<uuid" in route)
            ]
            shut: set[str] = set()  # to this reader, whatever the language
            for language in LANGUAGES:
                for path, texts in self._read(person, found, shut, language=language):
                    for text, why in foreign(texts, language=language, entered=entered):
                        told = f"{stop.name} {role} {path}: {text[:160]} {why}"
                        self.faults[language].setdefault(text, told)

    def _read(
        self,
        person: Person | None,
        places: list[tuple[str, str]],
        shut: set[str],
        *,
        language: str,
    ) -> Iterator[tuple[str, list[str]]]:
        client = world.reader(person, language=language)
        for route, path in places:
            if route in self._acts or path in shut:
                continue
            reply = client.get(path)
            if reply.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                self._acts.add(route)
                continue
            if reply.status_code == HTTPStatus.NOT_FOUND:
                shut.add(path)
            kind = reply.headers.get("Content-Type", "")
            if not reply.streaming and kind.startswith("text/html"):  # JSON is for programs
                self.pages += reply.status_code == HTTPStatus.OK
                yield path, reading.said(reply.content.decode())
            reply.close()


def foreign(
    texts: list[str], *, language: str, entered: re.Pattern[str]
) -> Iterator[tuple[str, list[str]]]:
    """Return what is not in the reader's language, each with what gives it away."""

    def strange(text: str) -> list[str]:
        if language == "en":
            return reading.CHINESE.findall(STAYS_CHINESE.sub("", text))
        return reading.english(STAYS_ENGLISH.sub("", text))

    for text in texts:
        # Data is taken out of the few texts that need it: its pattern is long.
        if strange(text) and (found := strange(entered.sub(" ", text))):
            yield text, found


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_files")
def test_every_page_speaks_the_readers_language(clock):
    walk = Walk()
    clock.set(stages.worlds.DRAFTED)
    for stop in stages.course():
        clock.set(stop.at)
        walk.look_around(stop, at_all=stop.name == "candidates")
    assert walk.pages > 300
    assert list(walk.faults["en"].values()) == []
    assert list(walk.faults["zh-hans"].values()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/finance", 302), ("/watch", 403)]
)
def test_a_shut_door_speaks_it_too(language, path, status):
    reader = None if status == HTTPStatus.FOUND else people.stranger()
    reply = world.reader(reader, language=language).get(path)
    assert reply.status_code == status
    texts = reading.said(reply.content.decode())
    assert list(foreign(texts, language=language, entered=reading.known(["路人"]))) == []
