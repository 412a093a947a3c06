"""`manage.py clock`: call every app's `tick(now)` for ever; any number of copies may run.

Each tick claims its due rows itself, so two copies share the work and a dead one is not missed.
A tick that fails is logged and tried again at the next beat; the others go on.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from config.due import TICKS
from core import clock

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT."""

    help = "Do what time has made due, for ever."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the beat's length and the number of beats."""
        parser.add_argument("--beat", type=float, default=0.5, help="real seconds between looks")
        parser.add_argument("--beats", type=int, default=0, help="stop after so many; 0: never")

    def handle(self, *_: Any, **options: Any) -> None:
        """Beat until told to stop."""
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        beats = 0
        self.stdout.write("the clock is going")  # whoever started us waits for this line
        while not stop.is_set():
            started = time.monotonic()
            self._beat()
            beats += 1
            if options["beats"] and beats >= options["beats"]:
                return
            stop.wait(max(0.0, options["beat"] - (time.monotonic() - started)))

    def _beat(self) -> None:
        for name, tick in TICKS:
            try:
                tick(clock.now())
            except Exception:
                log.exception("the tick of %s failed; it is tried again", name)
                connection.close()
            finally:
                close_old_connections()
