"""The veil: what it hides, and for whom it opens again."""

from __future__ import annotations

from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from accounts.services import veil


class TestMasking:
    @given(person=st.uuids(), subject=st.uuids())
    def test_gives_one_word_within_a_subject_that_reads_back(self, person, subject):
        word = veil.mask(person, within=subject)
        assert word == veil.mask(person, within=subject)
        assert veil.unmask(word, within=subject) == str(person)
        assert person.hex not in word
        assert len(word) <= 80  # the column of an actor

    @given(person=st.uuids(), subjects=st.lists(st.uuids(), min_size=2, max_size=2, unique=True))
    def test_gives_another_word_within_another_subject(self, person, subjects):
        one, other = (veil.mask(person, within=subject) for subject in subjects)
        assert one != other
        assert veil.unmask(one, within=subjects[1]) == one

    @given(people=st.lists(st.uuids(), min_size=2, max_size=2, unique=True), subject=st.uuids())
    def test_tells_two_people_apart(self, people, subject):
        assert len({veil.mask(person, within=subject) for person in people}) == 2

    def test_leaves_other_actors_as_they_are(self):
        assert veil.unmask("system:clock", within=uuid4()) == "system:clock"


class TestSealing:
    def test_opens_in_its_own_row_only(self):
        row = uuid4()
        sealed = veil.seal({"who": "孙立"}, bound_to=row)
        assert veil.unseal(sealed, bound_to=row) == {"who": "孙立"}
        assert "孙立".encode() not in sealed
        with pytest.raises(InvalidTag):
            veil.unseal(sealed, bound_to=uuid4())

    def test_never_looks_the_same_twice(self):
        row = uuid4()
        assert veil.seal({"a": 1}, bound_to=row) != veil.seal({"a": 1}, bound_to=row)


class TestHashes:
    def test_of_one_use_do_not_serve_another(self):
        subject, who = uuid4(), uuid4()
        assert veil.blind(subject, who=who) != veil.blind(subject, who=who, use="inbox")
        assert veil.blind(subject, who=who) == veil.blind(subject, who=who)

    def test_of_a_body_cannot_be_made_without_the_key(self, settings, tmp_path):
        with_key = veil.fingerprint(b"body")
        settings.PARTY_KEY_FILE = tmp_path / "other.key"
        assert veil.fingerprint(b"body") != with_key


class TestTheKey:
    def test_is_never_made_on_the_way_in_a_city(self, settings, tmp_path):
        settings.PARTY_KEY_FILE = tmp_path / "city.key"
        settings.MODE = "city"
        with pytest.raises(ImproperlyConfigured, match=r"city\.key"):
            veil.fingerprint(b"body")
        (tmp_path / "city.key").write_bytes(b"k" * 32)
        assert veil.fingerprint(b"body") == veil.fingerprint(b"body")

    def test_of_another_length_is_refused(self, settings, tmp_path):
        settings.PARTY_KEY_FILE = tmp_path / "short.key"
        (tmp_path / "short.key").write_bytes(b"k" * 31)
        with pytest.raises(ImproperlyConfigured, match="32 bytes"):
            veil.fingerprint(b"body")
