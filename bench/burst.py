"""`./dev bench burst`: the closing minute, when all bids of many lots come at once.

30 lots with one deadline, 50 bids each, sealed files of about 1 MiB uploaded beforehand, on disk,
fsync on. As many processes as there are cores send signed requests to submit, one after the other
without a pause, through the product's own ASGI entrance (no socket): `bench/_burst_door.py` says
what that includes. The story clock stands well before the deadline meanwhile, so that a slow
machine makes `seconds` large and nothing else. Twenty of the 1,500 are held back; the clock is
moved on and they arrive together 50 ms before the deadline, so that most are checked after it. One
more bidder in each lot comes at the deadline. Then the lots close.

`finalised`: bids in the closing set whose bidder holds a receipt that verifies. `lost`: bids that
arrived in time and are neither finalised nor refused. `refused_in_time`, `late_accepted`: what the
names say. `seconds`: from the first request to the last answer, without what lies between the two.
`p99_ms`: of requests that come one after the other. `per_second_1`: the rate of one process alone,
on lots of its own. `shares`: where the time of one process goes (an extra run, not timed).

Peer: every row that was inserted or changed meanwhile, inserted into empty twins of its table, one
transaction a bid and one statement a row, by as many processes; the median of three rounds right
after the burst. `finalise_vs_raw_insert` compares bids per second.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from bench import _kit
from devtools import databases
from devtools.places import RUN

LOTS, BIDS = 30, 50
_DATABASE = "bench_burst"


def main(*, lots: int = LOTS, bids: int = BIDS) -> None:
    """Measure and print."""
    admin = os.environ["HENGPING_PG_ADMIN"]
    RUN.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-burst-", dir=RUN))
    databases.drop(admin, _DATABASE)
    try:
        _set_up(databases.create(admin, _DATABASE), folder)
        from bench import _burst_run  # noqa: PLC0415 - needs the apps

        found = _burst_run.measured(folder, lots=lots, bids=bids)
        _kit.tell("burst", **found)
    finally:
        shutil.rmtree(folder)
        databases.drop(admin, _DATABASE)


def _set_up(url: str, folder: Path) -> None:
    """Say by the environment, which every process inherits, where the platform of this run is."""
    (folder / "collected").mkdir()
    os.environ |= {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HENGPING_MODE": "demo",
        "HENGPING_LOG": "CRITICAL",  # every late bid is a line otherwise
        "HENGPING_RUN": str(folder),
        "HENGPING_CA_ROOT": str(folder / "root.pem"),
        "HENGPING_SECRET_KEY": secrets.token_urlsafe(48),
        "HENGPING_STORY_CLOCK": str(folder / "clock.json"),
    }
    django.setup()
    call_command("migrate", verbosity=0)
    # Of this connection alone: what is prepared beforehand need not wait for the disk.
    connection.cursor().execute("SET synchronous_commit TO off")


if __name__ == "__main__":
    main()
