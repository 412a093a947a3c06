"""Stories told once a run, and what every one of them must leave behind."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit

from django.db import connection
from django.test import override_settings

import stories
from core.pades.reading import seals
from stories.reading import read
from stories.runner import tell
from tests import books
from tests.databases import use

ISSUED = ("opening-record-", "report-", "score-sheets-", "award-notice-")
SHIPPED = Path(stories.__file__).parent
VERDICTS = (
    "receipts_verified",
    "log_verified",
    "openings_verified",
    "draws_verified",
    "ranking_recomputed",
)


@cache
def told(name, folder=None):
    """The summary of a shipped story, told once a run, and the folder it lies in."""
    out = Path(folder or mkdtemp(prefix=f"told-{name}-"))
    return tell(read(SHIPPED / f"{name}.json", files=None), out=out, watch=balanced), out


def balanced(step, system):
    """Hold the ledger to zero before every step, and all of it where money may have moved."""
    moves = ("submit/", "enter/", "evidence/", "notify/", "contract/", "refunds/", "evidence")
    with _books_of(system):
        books.assert_balanced()
        if step.startswith(moves):
            books.assert_sound()


@contextmanager
def _books_of(system):
    own = connection.settings_dict["NAME"]
    use(urlsplit(system.stack.database).path.removeprefix("/"))
    try:
        with override_settings(ESCROW_KEY_FILE=system.stack.run / "escrow.key"):
            yield
    finally:
        use(own)


def bids(summary):
    return {row["key"]: row for row in summary["bids"]}


def lots(summary):
    return {row["key"]: row for row in summary["lots"]}


def holds(summary, out):
    """What every told story owes: its verdicts, its papers, and evidence without the platform."""
    assert {name: summary[name] for name in VERDICTS} == dict.fromkeys(VERDICTS, True)
    assert summary["trial_balance_fen"] == 0
    assert json.loads((out / "summary.json").read_text(encoding="utf-8")) == summary
    for path in summary["files"].values():
        assert (out / path).stat().st_size > 0
    for name, path in summary["files"].items():
        if path.endswith(".pdf"):
            assert (out / path).read_bytes().startswith(b"%PDF-"), name
        if name.startswith(ISSUED):
            (seal,) = seals(BytesIO((out / path).read_bytes()))
            assert (seal.intact, seal.whole, bool(seal.token)) == (True, True, True), name
        if name.startswith("opening-") and path.endswith(".json"):
            assert verified(out, path) == 0


def verified(out, opening, *, checkpoint="checkpoint.txt"):
    """What `ggzy-bid verify-opening` says of an opening that was taken home."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "sealing", "verify-opening", str(out / opening)),
            *("--checkpoint", str(out / checkpoint), "--log-key", str(out / "log-key.pub")),
        ],
        cwd=SHIPPED.parent,
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode
