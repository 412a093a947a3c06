"""The commands of `./dev` and what they print when something is wrong."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from devtools import demo, doors, quality, trouble
from devtools.places import ROOT, RUN


def _demo(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev demo")
    parser.add_argument("--fresh", action="store_true", help="begin anew, forgetting the data")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(words)
    return demo.run(fresh=chosen.fresh, port=chosen.port)


_INTERRUPTED = 130  # what shells say for Ctrl-C

_DOORS: dict[str, tuple[str, Callable[[list[str]], int]]] = {
    "demo": (
        "the whole system here, with a world to look at  [--fresh] [--port N]",
        _demo,
    ),
    "code": ("what somebody's authenticator shows in the demo  USERNAME", doors.code),
    "manage": (
        "manage.py in the running demo: verify_log, check_ledger, …  [--database URL] WORDS",
        doors.manage,
    ),
    "test": ("everything; further words go to pytest  [--long]", doors.test),
    "story": ("one tender through the public doors  --input FILE --out DIR", doors.story),
    "serve": ("one web process for DATABASE_URL  [--host H] [--port N]", doors.serve),
    "check": ("lint, format, types, imports, templates, migrations", quality.check),
    "fmt": ("write code and templates in the house's format", quality.fmt),
    "lock": ("compile the locks anew", quality.lock),
    "mutate": ("change the code and see that a test notices  [module pattern]", quality.mutate),
    "bench": ("run bench/NAME.py, one JSON line at the end  NAME", doors.bench),
}


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no Chinese shows marks instead of a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # real streams have it
    name, *rest = words or ["help"]
    if name in {"help", "-h", "--help"}:
        print(_help())
        return 0
    if name not in _DOORS:
        print(_help(), file=sys.stderr)
        return 2
    _keep_compiled()
    try:
        return _DOORS[name][1](rest)
    except trouble.Trouble as problem:
        problem.tell()
        return problem.code
    except OSError as error:
        told = trouble.from_os(error, where=ROOT)
        if told is None:
            raise
        told.tell()
        return told.code
    except KeyboardInterrupt:
        return _INTERRUPTED


def _keep_compiled() -> None:
    """Let every process we start keep its compiled modules, beside the tree and not in it.

    Without them a process of ours takes four seconds to start instead of one and a half, and a
    machine may well forbid them in general (`PYTHONDONTWRITEBYTECODE`).
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(RUN / "compiled")


def _help() -> str:
    lines = [f"  ./dev {name:7} {about}" for name, (about, _) in _DOORS.items()]
    return "\n".join(["衡平 Hengping", *lines])
