"""The `openssl` command behind SM2: what is said when it is missing, broken or silent."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from sealing.suites import SuiteId, of, openssl
from sealing.suites.openssl import NoOpenssl

SECRET = (1).to_bytes(32, "big")
PUBLIC = of(SuiteId.GM1).kem.public_of(SECRET)


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a shell script in the command's place."""

    def put(script: str) -> None:
        file = tmp_path / "openssl"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o700)
        monkeypatch.setattr(shutil, "which", {"openssl": str(file)}.get)

    return put


def told(kind: type[Exception], words: str):
    return pytest.raises(kind, match=rf"\A{words}\Z")


class TestAMachineWithout:
    def test_is_told_which_command_is_missing(self, monkeypatch):
        monkeypatch.setattr(shutil, "which", lambda _: None)
        with told(NoOpenssl, r"SM2 needs the openssl command, version 1\.1\.1 or newer"):
            openssl.public_of(SECRET)


class TestACommandThatFails:
    def test_derives_no_key_even_if_it_printed_one(self, program):
        begin = "".join(f"\\{byte:03o}" for byte in openssl._SPKI + PUBLIC)
        program(f"printf '{begin}'")
        assert openssl.public_of(SECRET) == PUBLIC
        program(f"printf '{begin}'; echo ' broken ' >&2; exit 1")
        with told(NoOpenssl, "openssl does not know SM2: broken"):
            openssl.public_of(SECRET)

    def test_is_quoted_by_the_end_of_what_it_said(self, program):
        program("printf 'x%.0s' $(seq 300) >&2; printf '\\377\\n' >&2; exit 1")
        words = "x" * 199 + "\ufffd"
        with told(ValueError, words):
            openssl.encrypt(bytes(64), public=PUBLIC)
        with told(ValueError, words):
            openssl.decrypt(bytes(64), secret=SECRET)


class TestACommandThatIsSilent:
    def test_is_given_up(self, monkeypatch):
        def hang(words, *, timeout, **_given):
            assert 0 < timeout < 60
            raise subprocess.TimeoutExpired(words, timeout)

        monkeypatch.setattr(openssl.subprocess, "run", hang)
        with told(NoOpenssl, "openssl does not answer"):
            openssl.public_of(SECRET)
