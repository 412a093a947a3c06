"""The commands that run the product or its proofs: test, manage, story, bench, serve."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from devtools.child import LEASH
from devtools.demo import settings_of_running
from devtools.places import PYTHON, ROOT, RUN
from devtools.postgres import Cluster
from devtools.preparing import prepare, prepare_screens
from devtools.trouble import Trouble

_BY_SIGNAL = 128  # shells add the signal's number to this


def test(words: list[str]) -> int:
    """Run the tests; pytest has the last word."""
    prepare("dev")
    prepare_screens()
    spread = ["-n", str(max(2, os.cpu_count() or 2)), "--dist", "loadgroup"]
    runs = RUN / "test"
    runs.mkdir(exist_ok=True)
    with Cluster("scratch") as cluster, tempfile.TemporaryDirectory(dir=runs) as files:
        return _run(
            # inline-snapshot writes sources, which cannot be done by several workers at once.
            [PYTHON, "-m", "pytest", *spread, "--inline-snapshot=disable", *words],
            DATABASE_URL=cluster.admin_url,
            HENGPING_PG_ADMIN=cluster.admin_url,
            HENGPING_MODE="test",
            HENGPING_RUN=files,
        )


def code(words: list[str]) -> int:
    """Print a person's second factor, as the demo's sign-in table says."""
    if not PYTHON.exists():
        raise Trouble("先运行 ./dev demo。", "Run ./dev demo first.")
    return _run([PYTHON, "manage.py", "demo_code", *words])


def manage(words: list[str]) -> int:
    """Run `manage.py` as the running demo does, or against the database that is named."""
    parser = argparse.ArgumentParser(
        prog="./dev manage",
        description="manage.py against the running demo, or against --database",
        allow_abbrev=False,
    )
    parser.add_argument("--database", metavar="URL", help="postgres://…; the rest as exported")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="WORDS")
    chosen = parser.parse_args(words)
    if not chosen.words:
        parser.print_help(sys.stderr)
        return 2
    if not PYTHON.exists():
        raise Trouble("先运行 ./dev demo。", "Run ./dev demo first.")
    named = {"DATABASE_URL": chosen.database} if chosen.database else settings_of_running()
    if named is None:
        raise Trouble(
            "演示没有运行：请先运行 ./dev demo，或者用 --database 指明数据库。",
            "No demo is running here: start ./dev demo, or name a database with --database.",
        )
    return _run([PYTHON, "manage.py", *chosen.words], **named)


def story(words: list[str]) -> int:
    """Tell one story; exit codes are the runner's own."""
    prepare("dev" if "--browser" in words else "base")
    with Cluster("scratch") as cluster:
        return _run([PYTHON, "-m", "stories", *words], HENGPING_PG_ADMIN=cluster.admin_url)


def bench(words: list[str]) -> int:
    """Measure one thing; progress on stderr, one JSON line last on stdout."""
    known = sorted(file.stem for file in (ROOT / "bench").glob("[a-z]*.py"))
    if not words or words[0] not in known:
        print(f"./dev bench NAME: {', '.join(known) or 'none yet'}", file=sys.stderr)
        return 2
    name, *rest = words
    # A reader of stdout wants the figures alone.
    with _stdout_to_stderr():
        prepare("dev")
        prepare_screens()
    with Cluster("durable") as cluster:
        return _run(
            # As a module: a script's own folder would come first, and `sealing` be found in it.
            [PYTHON, "-m", f"bench.{name}", *rest],
            HENGPING_PG_ADMIN=cluster.admin_url,
        )


def serve(words: list[str]) -> NoReturn:
    """Become one web process of a city's installation."""
    parser = argparse.ArgumentParser(prog="./dev serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(words)
    missing = [name for name in ("DATABASE_URL", "HENGPING_SECRET_KEY") if not os.environ.get(name)]
    if missing:
        names = ", ".join(missing)
        raise Trouble(
            f"请先设置环境变量 {names}。", f"Set the environment variables {names} first."
        )
    prepare("base")
    os.chdir(ROOT)
    os.environ.setdefault("HENGPING_MODE", "city")
    command = ["-m", "daphne", "-b", chosen.host, "-p", str(chosen.port), "config.asgi:application"]
    os.execv(PYTHON, [str(PYTHON), *command])  # noqa: S606 - no shell is wanted here


def _run(command: list[str | Path], **environment: str) -> int:
    """Run a command in the foreground; it hears what we hear, and ends before we do."""
    leash: list[str | Path] = [sys.executable, LEASH, str(os.getpid())]
    process = subprocess.Popen([*leash, *command], cwd=ROOT, env={**os.environ, **environment})
    # A Ctrl-C in a terminal reaches it by itself; a SIGTERM is sent to us alone.
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        while True:
            try:
                code = process.wait()
                return code if code >= 0 else _BY_SIGNAL - code
            except KeyboardInterrupt:
                continue
    finally:
        signal.signal(signal.SIGTERM, before)


class _stdout_to_stderr:  # noqa: N801 - reads as a verb where it is used
    def __enter__(self) -> None:
        self._before, sys.stdout = sys.stdout, sys.stderr

    def __exit__(self, *_error: object) -> None:
        sys.stdout = self._before
