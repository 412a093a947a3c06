"""The whole system under one story: its own database, its own clock, its own run folder."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psycopg

from core.clock import StoryClock, real_now, write_story
from devtools import databases
from devtools.processes import NotReadyError, Stack
from stories.troubles import CannotRun

BANK = "gusu"
_PATIENCE = 120.0  # seconds for what time has made due to be done, on a busy machine
_LOOK = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command of the platform's said: its exit code and its JSON object."""

    code: int
    body: Mapping[str, Any]
    complaint: str


class System:
    """Web, clock, worker, bank, authorities: started fresh, ended without a trace."""

    def __init__(self, *, starts_at: datetime, centre: str, keep: Path | None = None) -> None:
        admin = os.environ.get("HENGPING_PG_ADMIN") or os.environ.get("DATABASE_URL")
        if not admin:
            raise CannotRun("HENGPING_PG_ADMIN names no database cluster; use ./dev story")
        self._admin = admin
        self._database = f"story_{secrets.token_hex(6)}"
        self._folder = None if keep else tempfile.TemporaryDirectory(prefix="story-")
        run = keep or Path(self._folder.name if self._folder else "")
        run.mkdir(parents=True, exist_ok=True)
        write_story(run / "clock.json", StoryClock(real=real_now(), story=starts_at, speed=0.0))
        self.run = run
        self.stack = Stack(
            run=run,
            database=databases.sibling(admin, self._database),
            mode="test",
            banks=(BANK,),
            settings={"HENGPING_CENTRE": centre},
        )
        self.url = f"http://127.0.0.1:{self.stack.port}"
        self.now = starts_at

    def __enter__(self) -> Self:
        try:
            databases.create(self._admin, self._database)
            self._must("migrate", "--verbosity", "0")
            self.stack.start()
        except (NotReadyError, OSError, psycopg.Error) as problem:
            self.__exit__(None, None, None)
            raise CannotRun(str(problem)) from problem
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stack.stop()
        databases.drop(self._admin, self._database)
        if self._folder is not None:
            self._folder.cleanup()

    # -- time

    def jump(self, to: datetime) -> None:
        """Move the story's clock forward and wait until all that is due is done."""
        if to > self.now:
            self.now = to
            self._clock("POST", {"to": to.astimezone(UTC).isoformat()})
        self.settle()

    def settle(self) -> None:
        """Wait until nothing that time has made due is undone."""
        limit = time.monotonic() + _PATIENCE
        while not (told := self._clock("GET"))["settled"]:
            if time.monotonic() > limit:
                raise CannotRun(f"still waiting for {', '.join(told['pending'])}")
            time.sleep(_LOOK)

    def _clock(self, method: str, data: Mapping[str, str] | None = None) -> dict[str, Any]:
        answer = _persistently(method, f"{self.url}/demo/clock", data=data)
        if answer.is_error:
            raise CannotRun(f"the story clock refuses: {answer.text[:300]}")
        told: dict[str, Any] = answer.json()
        return told

    # -- the platform's own commands

    def manage(self, *words: str) -> Answer:
        """Run a command that prints one JSON object."""
        done = self.stack.manage(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            body = json.loads(done.stdout or "{}")
        except ValueError:
            body = {}
        return Answer(code=done.returncode, body=body, complaint=(done.stderr or "").strip())

    def _must(self, *words: str) -> Answer:
        answer = self.manage(*words)
        if answer.code:
            raise CannotRun(f"manage.py {words[0]}: {answer.complaint[-2000:]}")
        return answer

    def bootstrap(self, *, centre: str, name: str, password: str) -> Mapping[str, Any]:
        """Make a centre and the administrator."""
        return self._must(
            *("bootstrap", "--centre", centre, "--name", name),
            *("--admin-username", "root", "--admin-password", password),
        ).body

    # -- the neighbours

    def pay(
        self, *, name: str, account: str, to: str, amount_fen: int, transfer: str
    ) -> Mapping[str, Any]:
        """Let a customer of another bank pay into an account; the same transfer is made once."""
        answer = _persistently(
            "POST",
            f"http://127.0.0.1:{self.stack.ports[f'bank-{BANK}']}/payer/transfer",
            json={
                "from_name": name,
                "from_account": account,
                "to_account": to,
                "amount_fen": amount_fen,
                "remark": "投标保证金",
                "transfer_id": transfer,
            },
        )
        if answer.is_error:
            raise CannotRun(f"the bank took no payment: {answer.text[:300]}")
        data: Mapping[str, Any] = answer.json()["data"]
        return data


def _persistently(method: str, address: str, **what: Any) -> httpx.Response:
    """Ask until there is an answer: a part may have been killed and be on its way back."""
    limit = time.monotonic() + _PATIENCE
    while True:
        try:
            return httpx.request(method, address, timeout=60, trust_env=False, **what)
        except httpx.TransportError as error:
            if time.monotonic() > limit:
                raise CannotRun(f"{address} does not answer: {error}") from error
            time.sleep(_LOOK)
