"""A key in a file: one for all who make it, whole, and nobody else's to read."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.keyfiles import make_once


class TestAKeyFile:
    def test_is_readable_by_its_owner_only_whatever_the_mask(self, tmp_path):
        path = tmp_path / "keys" / "party.key"
        before = os.umask(0)
        try:
            make_once(path, b"k" * 32)
        finally:
            os.umask(before)
        assert path.read_bytes() == b"k" * 32
        assert path.stat().st_mode & 0o777 == 0o600

    def test_keeps_the_first_of_two(self, tmp_path):
        path = tmp_path / "party.key"
        make_once(path, b"first")
        make_once(path, b"second")
        assert path.read_bytes() == b"first"
        assert [one.name for one in tmp_path.iterdir()] == ["party.key"]

    def test_is_one_whole_key_of_several_made_at_once(self, tmp_path):
        path, start = tmp_path / "party.key", Barrier(8)
        offered = [bytes([number]) * 65_536 for number in range(8)]

        def make(content):
            start.wait()
            make_once(path, content)
            return path.read_bytes()

        with ThreadPoolExecutor(8) as makers:
            read = set(makers.map(make, offered))
        assert len(read) == 1
        assert read < set(offered)
        assert [one.name for one in tmp_path.iterdir()] == ["party.key"]

    def test_leaves_nothing_beside_it_when_it_cannot_be_written(self, tmp_path, monkeypatch):
        def full(_handle):
            raise OSError("no space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space"):
            make_once(tmp_path / "party.key", b"key")
        assert list(tmp_path.iterdir()) == []
