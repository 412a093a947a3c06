"""`manage.py clock`: call every app's `tick(now)` for ever; any number of copies may run.

Each app's tick beats in a thread of its own: a bank or a mail server that lets us wait holds up
neither a closing nor the log's two-second leaf. Each tick claims its due rows itself, so two copies
share the work and a dead one is not missed. A tick that fails is logged and tried again at its
next beat.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, connections

from config.due import TICKS, Tick
from core import clock

log = logging.getLogger(__name__)

# How long the end waits for ticks under way; what one leaves undone the next clock does.
_PATIENCE = 5.0
_LOOKS_EVERY = 0.5


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
        self.stdout.write("the clock is going")  # whoever started us waits for this line
        run(TICKS, stop=stop, beat=options["beat"], beats=options["beats"])


def run(
    ticks: Sequence[tuple[str, Tick]], *, stop: threading.Event, beat: float, beats: int = 0
) -> None:
    """Let every tick beat for itself until `stop` is set, or until each has had its beats.

    A thread that ends unasked ends the process: whoever supervises it starts a whole one.
    """
    threads = [
        # A tick that hangs for ever must not keep the process alive.
        threading.Thread(target=_keep, args=(each, stop, beat, beats), name=each[0], daemon=True)
        for each in ticks
    ]
    for thread in threads:
        thread.start()
    while not stop.wait(_LOOKS_EVERY):
        fallen = [thread.name for thread in threads if not thread.is_alive()]
        if fallen and not beats:
            stop.set()
            raise CommandError(f"the tick of {', '.join(fallen)} has ended")
        if len(fallen) == len(threads):
            return
    until = time.monotonic() + _PATIENCE
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _keep(named: tuple[str, Tick], stop: threading.Event, beat: float, beats: int) -> None:
    name, tick = named
    done = 0
    try:
        while not stop.is_set():
            started = time.monotonic()
            _beat(name, tick)
            done += 1
            if beats and done >= beats:
                return
            stop.wait(max(0.0, beat - (time.monotonic() - started)))
    finally:
        connections.close_all()


def _beat(name: str, tick: Tick) -> None:
    try:
        tick(clock.now())
    except Exception:
        log.exception("the tick of %s failed; it is tried again", name)
        connections.close_all()
    finally:
        close_old_connections()
