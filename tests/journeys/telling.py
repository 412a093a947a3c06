"""Stories told once a run, and what every one of them must leave behind."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import stories
from devtools import databases
from stories.reading import read
from stories.runner import tell

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
    with databases.connect(system.stack.database) as database:
        asked = database.execute("SELECT coalesce(sum(dp - cp), 0) FROM bank_escrow_ledgeraccount")
        assert asked.fetchone() == (0,), step
    moves = ("submit/", "enter/", "evidence/", "notify/", "contract/", "refunds/", "evidence")
    if step.startswith(moves):
        answer = system.manage("check_ledger")
        assert (answer.code, answer.body["trial_balance_fen"]) == (0, 0), (step, answer)


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
