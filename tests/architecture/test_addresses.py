"""Every address is public by name or asks who comes; nothing is open by being forgotten."""

from __future__ import annotations

from django.urls import URLPattern, get_resolver

from accounts.models import Role
from accounts.web.guards import PUBLIC

#: The log's size tells the time and nothing else: one leaf a tick, whatever happens.
COUNTS_NOTHING_SECRET = {"log/checkpoint/<int:size>"}


def _views(patterns, prefix=""):
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry
        else:
            yield from _views(entry.url_patterns, address)


def _all():
    return list(_views(get_resolver().url_patterns))


class TestAnAddress:
    def test_is_guarded(self):
        roles = {role.value for role in Role}
        open_doors = [
            address
            for address, entry in _all()
            if (mark := getattr(entry.callback, "hp_guard", None)) != PUBLIC
            and not (isinstance(mark, frozenset) and mark <= roles)
        ]
        assert open_doors == []

    def test_has_a_name(self):
        # Acts are signed over the name of their address.
        assert [address for address, entry in _all() if not entry.name] == []

    def test_shows_no_sequence_number(self):
        # What can be counted tells how many there are.
        numbered = {address for address, _ in _all() if "<int:" in address}
        assert numbered - COUNTS_NOTHING_SECRET == set()


class TestTheWalk:
    def test_finds_the_addresses(self):
        assert _all()
