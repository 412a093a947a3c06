"""A web process of its own over the test's database, on a story clock the test moves."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from core import clock
from devtools.databases import sibling
from devtools.processes import free_port
from tests.architecture.house import ROOT


@dataclass
class Server:
    """Where it listens, its clock, and its process."""

    port: int
    story: Path
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen | None = None

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def set_clock(self, moment):
        """Let the story be at a moment, running on from there."""
        told = clock.StoryClock(real=clock.real_now(), story=moment)
        clock.write_story(self.story, told)

    def start(self):
        """Start and wait until a page is answered."""
        command = [sys.executable, "-m", "daphne", "-p", str(self.port), "config.asgi:application"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        end = monotonic() + 60
        while monotonic() < end:
            try:
                with urlopen(f"{self.url}/login", timeout=5):
                    return
            except (URLError, OSError):
                sleep(0.1)
        raise AssertionError(self.log.read_text())

    def kill(self):
        """End it as a crash would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(folder, moment):
    """Run a web process for the time of a test."""
    story = folder / "clock.json"
    port = free_port()
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": sibling(os.environ["DATABASE_URL"], name),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HENGPING_MODE": "test",
        "HENGPING_RUN": str(settings.RUN_DIR),
        "HENGPING_SECRET_KEY": settings.SECRET_KEY,
        "HENGPING_PARTY_KEY": settings.PARTY_KEY_FILE,
        "HENGPING_ESCROW_KEY": str(settings.ESCROW_KEY_FILE),
        "HENGPING_STORY_CLOCK": str(story),
        "HENGPING_CA_ROOT": settings.CA_ROOT_FILE,
    }
    server = Server(port=port, story=story, environment=environment, log=folder / "web.log")
    server.set_clock(moment)
    server.start()
    try:
        yield server
    finally:
        server.kill()
