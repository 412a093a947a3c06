"""One process of `burst`: requests through the product's own ASGI entrance, without a socket.

Everything a web process does with a request is done: the instant of arrival, middleware, session,
role, signature, both transactions, receipt, answer. What is not: TCP and the parsing of HTTP.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from core import clock

CSRF = "c" * 32
_EARLY = timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A signed request to submit one bid."""

    path: str
    cookie: str
    body: bytes
    bid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What one process sends: one after the other, then some at the last moment, then some late."""

    jobs: Sequence[Job]
    #: Together 50 ms before the deadline: they arrive in time and are checked after it.
    last: Sequence[Job] = ()
    #: Together at the deadline, which is too late.
    late: Sequence[Job] = ()
    deadline: datetime
    profiled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for a bid; the receipt is empty if it was refused."""

    bid: str
    receipt: str
    code: str
    milliseconds: float


@dataclass(slots=True, kw_only=True)
class Report:
    """What one process saw; seconds are those in which it worked, not those in which it waited."""

    jobs: list[Answer] = field(default_factory=list)
    last: list[Answer] = field(default_factory=list)
    late: list[Answer] = field(default_factory=list)
    seconds: float = 0
    shares: dict[str, float] = field(default_factory=dict)


def work(shift: Shift, ready: Callable[[], None]) -> Report:
    """Do a shift in a process of its own, which begins when all others are ready."""
    from config.asgi import application  # noqa: PLC0415 - reads the settings

    # Whatever a first request imports; nobody is signed in, so it is turned away.
    stranger = replace([*shift.jobs, *shift.last][0], cookie=f"{settings.CSRF_COOKIE_NAME}={CSRF}")
    asyncio.run(_send(stranger, application))
    if not shift.profiled:
        ready()
        return asyncio.run(_work(shift, application))
    from bench._burst_profile import Profile  # noqa: PLC0415 - needs the apps

    profile = Profile()
    ready()
    report = asyncio.run(_work(shift, application))
    return replace(report, shares=profile.shares(report.seconds))


async def _work(shift: Shift, application: Any) -> Report:
    report = Report()
    begun = time.perf_counter()
    for job in shift.jobs:
        report.jobs.append(await _send(job, application))
    report.seconds = time.perf_counter() - begun
    if shift.last or shift.late:
        await _until(shift.deadline - _EARLY)
        begun = time.perf_counter()
        report.last = await asyncio.gather(*(_send(job, application) for job in shift.last))
        report.seconds += time.perf_counter() - begun
        await _until(shift.deadline)
        report.late = await asyncio.gather(*(_send(job, application) for job in shift.late))
    return report


async def _until(moment: datetime) -> None:
    """Wait by the server's clock, which is the story's."""
    left = moment - clock.now()
    # A little more, since it must not be a little less.
    await asyncio.sleep(max(0.0, left.total_seconds() + 0.001))


async def _send(job: Job, application: Any) -> Answer:
    body, status, given = bytearray(), 0, False

    async def receive() -> dict[str, Any]:
        nonlocal given
        if given:
            await asyncio.Event().wait()  # the client stays until it is answered
        given = True
        return {"type": "http.request", "body": job.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)
        body.extend(message.get("body", b""))

    begun = time.perf_counter()
    await application(_scope(job), receive, send)
    taken = (time.perf_counter() - begun) * 1000
    told = json.loads(bytes(body)) if body[:1] == b"{" else {}
    error = told.get("error", {}).get("code", str(status))
    return Answer(
        bid=job.bid,
        receipt=told.get("receipt", ""),
        code="" if "receipt" in told else error,
        milliseconds=taken,
    )


def _scope(job: Job) -> dict[str, Any]:
    headers = {
        "host": "localhost",
        "accept": "application/json",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(job.body)),
        "cookie": job.cookie,
        "x-csrftoken": CSRF,
    }
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": job.path,
        "raw_path": job.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
    }
