"""What a person is told when the machine is not as it should be: one sentence a language."""

from __future__ import annotations

import ast
import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import trouble
from devtools.places import ROOT

DOOR = str(ROOT / "dev")
LOG, HERE = Path(".run/log/x.log"), Path("/somewhere")
PIP = "ERROR: Could not find a version that satisfies the requirement django==5.2.19"
PIP_OFF = "NewConnectionError('<...>: Failed to establish a new connection: [Errno -3] Temporary"
NPM = "npm error code EAI_AGAIN\nnpm error syscall getaddrinfo"
APT = "E: Failed to fetch file:/x  Temporary failure resolving 'x'"


class TestASentence:
    @pytest.mark.parametrize(
        ("tool", "text"), [("pip", PIP), ("pip", PIP_OFF), ("npm", NPM), ("apt-get", APT)]
    )
    def test_says_that_no_registry_answers(self, tool, text):
        told = trouble.from_output(text, tool=tool, log=LOG, where=HERE)
        assert told.english.startswith(f"{tool} cannot reach its package registry")
        assert told.chinese.startswith(f"{tool} 连接不到软件源")

    @pytest.mark.parametrize("tool", ["pip", "npm", "PostgreSQL"])
    def test_says_that_the_disk_is_full(self, tool):
        text = f"{PIP}\nOSError: [Errno 28] No space left on device"
        told = trouble.from_output(text, tool=tool, log=LOG, where=HERE)
        assert "is full" in told.english
        assert "已满" in told.chinese

    def test_names_the_log_of_what_nobody_foresaw(self):
        told = trouble.from_output("Segmentation fault", tool="npm", log=LOG, where=HERE)
        assert str(LOG) in told.english
        assert str(LOG) in told.chinese

    def test_is_one_line_a_language(self):
        for number in (errno.ENOSPC, errno.EACCES):
            told = trouble.from_os(OSError(number, os.strerror(number)), where=HERE)
            assert told is not None
            assert told.code == 3
            assert "\n" not in told.chinese + told.english

    def test_is_not_made_up_for_our_own_mistakes(self):
        assert trouble.from_os(OSError(errno.EBADF, "bad"), where=HERE) is None


class TestTheDoor:
    def test_refuses_a_port_in_use_before_it_does_anything(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = _dev(sys.executable, "demo", "--port", str(port))
        assert done.returncode == 3
        lines = done.stderr.splitlines()
        # A demo that runs in this very checkout is reported first.
        assert len(lines) == 2
        assert str(port) in lines[1] or "already running" in lines[1]

    def test_refuses_an_unknown_command_and_lists_the_known(self):
        done = _dev(sys.executable, "dmeo")
        assert done.returncode == 2
        assert "./dev demo" in done.stderr

    def test_asks_a_city_for_its_settings(self):
        bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        done = _dev(sys.executable, "serve", env=bare)
        assert done.returncode == 3
        assert "DATABASE_URL" in done.stderr

    def test_tells_an_old_python_which_one_is_needed(self):
        # No old Python needs to be here: the door reads its version from `sys`.
        pretend = f"import sys, runpy; sys.version_info = (3, 8, 18); runpy.run_path({DOOR!r})"
        done = subprocess.run(
            [sys.executable, "-c", pretend], capture_output=True, text=True, check=False
        )
        assert done.returncode == 3
        assert done.stderr.splitlines()[1] == "Python 3.11 or newer is needed; this is 3.8."

    def test_can_be_read_by_an_old_python(self):
        ast.parse(Path(DOOR).read_text(encoding="utf-8"), feature_version=(3, 7))


def _dev(python, *words, env=None):
    return subprocess.run(
        [python, DOOR, *words], capture_output=True, text=True, check=False, env=env
    )
