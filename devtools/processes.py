"""The whole running system: its parts, how each is known to be ready, and how to keep it up.

A `Stack` is everything a person would meet, run against one database and one run folder: the
simulated neighbours (banks, certificate authority, timestamps, SMS), the web process, the clock
and the worker. The demo, the story runner and the kill tests all use it.

    with Stack(run=folder, database=url, mode="test") as stack:
        stack.manage("migrate")
        stack.start()                   # all parts; returns when each is ready
        httpx.get(f"{stack.url}/")
        stack.kill("clock")             # as a crash would, kill -9
        stack.start("clock")            # again, on the same port and with the same files
        stack.crash("web")              # both at once; whoever asks next must wait for it
        stack.kill("web"); stack.tend() # or let the supervisor find it and bring it back
    # leaving ends all that was started, and nothing else

The run folder keeps what must survive a restart: sealed files, the neighbours' state and keys,
the story clock (`clock.json`), the secret key, logs under `log/`. Whoever holds the folder and
the database can stop the system and start it again as it was. Start a stack from a thread that
stays: its processes end when that thread does.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

from devtools.child import Child, stop_all
from devtools.places import PYTHON, ROOT
from devtools.supervision import Fallen, Restarts

Mode = Literal["demo", "test"]

NEIGHBOURS = ("ca", "tsa", "sms")
#: The witness of the demo's log; a city's stands with another owner.
WITNESS = "witness"
WITNESS_NAME = "witness.demo"
PATIENCE = 60.0  # seconds until a part must be ready, on a busy machine


class NotReadyError(RuntimeError):
    """A part did not come up; says which, and what it printed last."""

    def __init__(self, *, name: str, log: Path, last_lines: str) -> None:
        super().__init__(f"{name} is not ready; {log} ends with:\n{last_lines}")
        self.name = name
        self.log = log
        self.last_lines = last_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process of the system."""

    name: str
    command: tuple[str, ...]
    is_ready: Callable[[Child], bool]


class Stack:
    """The parts of one running system, each known by its name."""

    def __init__(
        self,
        *,
        run: Path,
        database: str,
        mode: Mode = "demo",
        port: int | None = None,
        banks: Sequence[str] = ("gusu",),
        truth: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Describe a system; nothing starts yet.

        The parts are `bank-CODE` for each bank, `ca`, `tsa`, `sms`, `web`, `clock`, `worker` and
        `witness`.
        `truth` opens the banks' test doors; `settings` are further environment variables.
        """
        self.run = run
        self.database = database
        self.mode = mode
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.story_clock = run / "clock.json"
        self.ports = {name: free_port() for name in (*NEIGHBOURS, *map(_bank, banks))}
        self.witness_port = free_port()
        run.mkdir(parents=True, exist_ok=True)
        self._write_clock_once()
        self.settings = self._settings(banks, settings or {})
        self.environment = {**os.environ, **self.settings}
        self.parts = {part.name: part for part in self._parts(banks, truth=truth)}
        self._children = {
            name: Child(name, part.command, log=self.log(name), env=self.environment)
            for name, part in self.parts.items()
        }
        self._restarts = {name: Restarts() for name in self.parts}
        self._wanted: set[str] = set()

    @property
    def neighbours(self) -> tuple[str, ...]:
        """The names of the simulators, which stand outside the product."""
        return tuple(self.ports)

    def log(self, name: str) -> Path:
        """Return the log file of a part."""
        return self.run / "log" / f"{name}.log"

    def pid(self, name: str) -> int | None:
        """Return the process id of a part, None when it does not run."""
        return self._children[name].pid

    def is_alive(self, name: str) -> bool:
        """Tell whether a part runs."""
        return self._children[name].is_alive()

    # -- starting and stopping

    def start(self, *names: str) -> None:
        """Start these parts, or all, and return when each is ready."""
        asked = names or tuple(self.parts)
        # The product asks its neighbours from its first second on.
        for group in (
            [name for name in asked if name in self.ports],
            [name for name in asked if name not in self.ports and name != WITNESS],
            # It pins the log's key, which the product makes.
            [name for name in asked if name == WITNESS],
        ):
            for name in group:
                self._wanted.add(name)
                self._children[name].start()
            self._await(group)

    def stop(self, *names: str) -> None:
        """Ask these parts, or all, to end, and wait until they have."""
        asked = names or tuple(self.parts)
        self._wanted.difference_update(asked)
        product_first = sorted(asked, key=lambda name: name in self.ports)
        stop_all([self._children[name] for name in product_first])

    def kill(self, name: str) -> None:
        """End one part as a crash would; `tend` or `start` brings it back."""
        self._children[name].kill()

    def crash(self, name: str) -> None:
        """Kill one part and start it again at once, without waiting until it is ready."""
        self.kill(name)
        self._children[name].start()

    def restart(self, *names: str) -> None:
        """Stop these parts, or all, politely and start them again."""
        self.stop(*names)
        self.start(*names)

    def tend(self) -> list[Fallen]:
        """Look after the parts once: report each that fell, bring back those whose time has come.

        Call it a few times a second. A part waits longer after each fall; one that fell too
        often raises `supervision.GaveUpError`.
        """
        fallen: list[Fallen] = []
        for name in sorted(self._wanted):
            child, restarts = self._children[name], self._restarts[name]
            if child.is_alive():
                continue
            if restarts.is_new_fall():
                fallen.append(restarts.note_fall(child))
            if restarts.is_due():
                child.start()
                restarts.note_start()
        return fallen

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _await(self, names: Sequence[str]) -> None:
        limit = time.monotonic() + PATIENCE
        waiting = set(names)
        while waiting:
            for name in sorted(waiting):
                child = self._children[name]
                if child.is_alive() and self.parts[name].is_ready(child):
                    waiting.discard(name)
                elif not child.is_alive() or time.monotonic() > limit:
                    raise NotReadyError(name=name, log=child.log, last_lines=child.last_lines())
            time.sleep(0.05)

    # -- Django's command line

    def manage(
        self, *words: str, stdout: int | IO[str] | None = None, stderr: int | IO[str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` in this system's environment, as `subprocess.run` would."""
        return subprocess.run(
            [str(PYTHON), "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            text=True,
            check=False,
        )

    # -- what the parts are

    def _parts(self, banks: Sequence[str], *, truth: bool) -> list[Part]:
        python = str(PYTHON)
        parts = [
            Part(
                name=_bank(code),
                command=(
                    *(python, "-m", "simulators.bank", "--bank", code),
                    *("--state", str(self.run / "banks" / code)),
                    *("--port", str(self.ports[_bank(code)])),
                    *(["--truth"] if truth else []),
                ),
                is_ready=_listens(self.ports[_bank(code)]),
            )
            for code in banks
        ]
        parts += [
            Part(
                name=name,
                command=(
                    *(python, "-m", f"simulators.{name}"),
                    *("--state", str(self.run / name), "--port", str(self.ports[name])),
                ),
                is_ready=_listens(self.ports[name]),
            )
            for name in NEIGHBOURS
        ]
        return [
            *parts,
            Part(
                name="web",
                command=(
                    *(python, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port)),
                    "config.asgi:application",
                ),
                is_ready=_serves(self.port),
            ),
            Part(
                name="clock",
                command=(python, "manage.py", "clock"),
                is_ready=_says("the clock is going"),
            ),
            Part(
                name="worker",
                command=(python, "manage.py", "db_worker", "--no-startup-delay"),
                is_ready=_says("Starting worker"),
            ),
            Part(
                name=WITNESS,
                command=(
                    *(python, "-m", "sealing", "witness", str(self.run / WITNESS)),
                    *("--log-key", str(self.run / "log-key.pub"), "--name", WITNESS_NAME),
                    *("--port", str(self.witness_port)),
                ),
                is_ready=_listens(self.witness_port),
            ),
        ]

    def _settings(self, banks: Sequence[str], settings: Mapping[str, str]) -> dict[str, str]:
        def at(name: str) -> str:
            return f"http://127.0.0.1:{self.ports[name]}"

        return {
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HENGPING_MODE": self.mode,
            "HENGPING_SECRET_KEY": _kept_secret(self.run / "secret-key"),
            "HENGPING_RUN": str(self.run),
            "HENGPING_STORY_CLOCK": str(self.story_clock),
            "HENGPING_CA_URL": at("ca"),
            "HENGPING_CA_ROOT": str(self.run / "ca" / "root.pem"),
            "HENGPING_TSA_URL": at("tsa"),
            "HENGPING_TSA_ROOT": str(self.run / "tsa" / "root.pem"),
            "HENGPING_SMS_URL": at("sms"),
            "HENGPING_WITNESSES": f"{WITNESS_NAME}=http://127.0.0.1:{self.witness_port}",
            "HENGPING_WITNESS_KEYS": str(self.run / WITNESS / "witness-key.pub"),
            "HENGPING_BANKS": ",".join(f"{code}={at(_bank(code))}" for code in banks),
            "HENGPING_BANK_WEBHOOK": f"http://127.0.0.1:{self.port}/bank/{{bank}}/notify",
            "PYTHONUNBUFFERED": "1",
            **settings,
        }

    def _write_clock_once(self) -> None:
        if self.story_clock.exists():
            return
        now = datetime.fromtimestamp(time.time(), UTC).isoformat()
        self.story_clock.write_text(
            json.dumps({"real": now, "story": now, "speed": 1.0}), encoding="ascii"
        )


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
    return port


def _bank(code: str) -> str:
    return f"bank-{code}"


def _kept_secret(file: Path) -> str:
    if not file.exists():
        # Whoever is killed here leaves no empty secret behind, with which no session would hold.
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        draft.replace(file)
    return file.read_text(encoding="ascii")


def _listens(port: int) -> Callable[[Child], bool]:
    def probe(_child: Child) -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    return probe


def _serves(port: int) -> Callable[[Child], bool]:
    def probe(_child: Child) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return probe


def _says(words: str) -> Callable[[Child], bool]:
    """Know a part that has no door by what it prints when its start is over."""

    def probe(child: Child) -> bool:
        return words in child.said()

    return probe
