"""`./dev demo`: the whole system on this machine, with a world to look at."""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from types import FrameType

from devtools import trouble
from devtools.places import LOGS, PYTHON, ROOT, RUN
from devtools.postgres import Cluster
from devtools.preparing import prepare
from devtools.processes import NotReadyError, Stack
from devtools.supervision import Fallen, GaveUpError

DATABASE = "hengping_demo"
#: What belongs to the checkout; all else in the run folder is the demo's world.
_NOT_THE_WORLD = {"demo", "log", "pg", "preparing", "stamps", "test"}


#: How another command of this checkout finds the running demo's database, keys and neighbours.
SETTINGS = RUN / "settings.json"
_READY = """
就绪 / ready:  {url}   （Ctrl-C 停止 / stops it）
核对 / verify: ./dev manage verify_log · check_ledger · verify_signatures
               ./dev manage verify_draw KIND ID · recompute_ranking FILE
"""


class Asked(BaseException):
    """Somebody asked us to stop."""


def run(*, fresh: bool, port: int) -> int:
    """Set up, start, look after, and end when asked."""
    with _only_one(), _asked_to_stop():
        try:
            _check_port(port)
            prepare("base")
            with Cluster("durable") as cluster:
                return _serve(cluster, fresh=fresh, port=port)
        except Asked:
            print("\n已停止 / stopped", flush=True)
            return 0


def _serve(cluster: Cluster, *, fresh: bool, port: int) -> int:
    _database("renew" if fresh else "ensure", cluster)
    if fresh:
        _forget_world()
    with Stack(run=RUN, database=cluster.url(DATABASE), mode="demo", port=port) as stack:
        for name in stack.parts:
            stack.log(name).unlink(missing_ok=True)
        try:
            _tell("更新数据库结构", "bring the database up to date")
            _manage(stack, "migrate", "--verbosity", "0")
            _manage(stack, "demo_world", "--begin")
            _tell("启动模拟的银行、证书、时间戳与短信", "start the simulated neighbours")
            stack.start(*stack.neighbours)
            _tell("载入演示数据", "load the demo world")
            _manage(stack, "demo_world")
            _tell(
                "启动网站、时钟、后台任务与日志见证",
                "start web, clock, worker and the log's witness",
            )
            stack.start()
        except NotReadyError as problem:
            raise _not_ready(problem) from problem
        with _told_to_others(stack):
            print(_READY.format(url=stack.url), flush=True)
            return _look_after(stack, cluster)


def settings_of_running() -> dict[str, str] | None:
    """Return the environment of this checkout's running demo, None when none runs."""
    try:
        with (RUN / "demo").open("ab") as turn:
            fcntl.flock(turn, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        with contextlib.suppress(FileNotFoundError):  # it is still starting
            return dict(json.loads(SETTINGS.read_text(encoding="utf-8")))
    except FileNotFoundError:  # nothing was ever run here
        pass
    return None


@contextlib.contextmanager
def _told_to_others(stack: Stack) -> Iterator[None]:
    """Keep the demo's settings where its owner alone can read them, as long as it runs."""
    SETTINGS.unlink(missing_ok=True)
    SETTINGS.touch(mode=0o600)
    SETTINGS.write_text(json.dumps(stack.settings), encoding="utf-8")
    try:
        yield
    finally:
        SETTINGS.unlink(missing_ok=True)


def _look_after(stack: Stack, cluster: Cluster) -> int:
    while True:
        try:
            for fallen in stack.tend():
                _report(fallen)
        except GaveUpError as problem:
            _report(problem.fallen)
            name = problem.fallen.name
            log = problem.fallen.log.relative_to(ROOT)
            raise trouble.Trouble(
                f"{name} 一分钟内多次退出，演示已停止，详见 {log}。",
                f"{name} kept falling within a minute; the demo has stopped; see {log}.",
            ) from problem
        if not cluster.answers():
            cluster.ensure_running()
        time.sleep(0.5)


def _report(fallen: Fallen) -> None:
    if trouble.is_disk_full(fallen.last_lines):
        raise trouble.disk_full(RUN)
    print(
        f"{fallen.name} 意外退出（{fallen.exit_code}），正在重新启动 / "
        f"{fallen.name} fell ({fallen.exit_code}) and is brought back:\n{fallen.last_lines}",
        file=sys.stderr,
        flush=True,
    )


def _not_ready(problem: NotReadyError) -> trouble.Trouble:
    log = problem.log.relative_to(ROOT)
    if trouble.is_disk_full(problem.last_lines):
        return trouble.disk_full(RUN)
    print(problem.last_lines, file=sys.stderr)
    return trouble.Trouble(
        f"{problem.name} 没有启动成功，详见 {log}。",
        f"{problem.name} did not start; see {log}.",
    )


def _manage(stack: Stack, *words: str) -> None:
    """Run a command of Django's, showing what it prints to people, keeping what it complains."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{words[0]}.log"
    with log.open("w+", encoding="utf-8") as complaints:
        code = stack.manage(*words, stderr=complaints).returncode
        complaints.seek(0)
        text = complaints.read()
    if code:
        print("\n".join(text.splitlines()[-8:]), file=sys.stderr)
        raise trouble.from_output(text, tool=words[0], log=log.relative_to(ROOT), where=RUN)


def _database(act: str, cluster: Cluster) -> None:
    subprocess.run(
        [PYTHON, "-m", "devtools.databases", act, cluster.admin_url, DATABASE], cwd=ROOT, check=True
    )


def _forget_world() -> None:
    for path in RUN.iterdir():
        if path.name in _NOT_THE_WORLD:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _check_port(port: int) -> None:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError as error:
            raise trouble.Trouble(
                f"端口 {port} 不可用（已被占用），请用 ./dev demo --port 另选一个。",
                f"Port {port} is in use; choose another one with ./dev demo --port N.",
            ) from error


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Two demos in one checkout would share a database and its clock."""
    RUN.mkdir(exist_ok=True)
    with (RUN / "demo").open("ab") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise trouble.Trouble(
                "这个目录里的演示已在运行，请先停止它。",
                "The demo of this checkout is already running; stop it first.",
            ) from error
        yield


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[None]:
    """Turn the signals by which people end things into one exception."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # once is enough; the second would cut tidying
        raise Asked

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _tell(chinese: str, english: str) -> None:
    print(f"· {chinese} / {english}", flush=True)
