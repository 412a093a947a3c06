"""The commands that keep the code in order: check, fmt, lock, mutate."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from devtools.places import PYTHON, ROOT
from devtools.postgres import Cluster
from devtools.preparing import install_uv, node_environment, npm, prepare

EQUIVALENT = ROOT / "tests" / "equivalent_mutants.txt"


def tools() -> dict[str, list[str]]:
    """Return every check by name; the architecture tests run the same ones."""
    python = str(PYTHON)
    return {
        "ruff": [python, "-m", "ruff", "check", "--quiet", "--output-format", "concise"],
        "format": [python, "-m", "ruff", "format", "--quiet", "--check"],
        "mypy": [python, "-m", "mypy", "--no-error-summary", "."],
        "imports": [
            *(python, "-c"),
            "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())",
        ],
        "templates": djade("--check"),
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
    }


def djade(*options: str) -> list[str]:
    """Return the template formatter's command over all our templates."""
    files = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "templates").rglob("*.html"))
    if not files:
        return [str(PYTHON), "-c", ""]
    return [str(PYTHON.with_name("djade")), "--target-version", "5.2", *options, *files]


def check(_words: list[str]) -> int:
    """Run every check, whatever the one before said."""
    prepare("dev")
    with Cluster("scratch") as cluster:
        # Migrations are compared with what a database says was applied.
        env = {**os.environ, "DATABASE_URL": cluster.admin_url, "HENGPING_MODE": "test"}
        failed = [name for name, command in tools().items() if _show(name, command, env=env)]
    return 1 if failed else 0


def fmt(_words: list[str]) -> int:
    """Write everything in the house's format."""
    prepare("dev")
    python = str(PYTHON)
    subprocess.run([python, "-m", "ruff", "check", "--quiet", "--fix-only"], cwd=ROOT, check=False)
    subprocess.run([python, "-m", "ruff", "format"], cwd=ROOT, check=True)
    # djade exits 1 when it has written a file, which is what was asked of it.
    subprocess.run(djade(), cwd=ROOT, check=False)
    return 0


def lock(_words: list[str]) -> int:
    """Compile the locks anew; no registry's host ever enters them."""
    prepare("base")
    install_uv()
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    for name in ("uv", "base", "dev"):
        compiled = subprocess.run(
            [
                *(PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--upgrade"),
                *("--universal", "--python-version", "3.11", "--generate-hashes"),
                *("--no-emit-index-url", "--no-emit-find-links"),
                *("--custom-compile-command", "./dev lock"),
                *(f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"),
            ],
            cwd=ROOT,
            env=env,
            check=False,
        )
        if compiled.returncode:
            return compiled.returncode
    return _lock_browser_packages()


def _lock_browser_packages() -> int:
    """Lock from package.json alone: what lies in node_modules must not colour the result."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", ".npmrc"):
            shutil.copy(ROOT / name, folder)
        shutil.copytree(ROOT / "frontend" / "absent", Path(folder) / "frontend" / "absent")
        words = ["install", "--package-lock-only", "--ignore-scripts", "--no-audit"]
        done = subprocess.run([*npm(), *words], cwd=folder, env=node_environment(), check=False)
        if done.returncode == 0:
            lock = json.loads((Path(folder) / "package-lock.json").read_text(encoding="utf-8"))
            # Addresses of people, which say nothing of what is installed.
            for package in lock["packages"].values():
                package.pop("funding", None)
            text = json.dumps(lock, indent=2, ensure_ascii=False) + "\n"
            (ROOT / "package-lock.json").write_text(text, encoding="utf-8")
        return done.returncode


def mutate(words: list[str]) -> int:
    """Run the mutants; those that live and are not listed as equivalent fail the command."""
    prepare("dev")
    with Cluster("scratch") as cluster:
        env = {**os.environ, "DATABASE_URL": cluster.admin_url, "HENGPING_MODE": "test"}
        ran = subprocess.run(
            [PYTHON, "-m", "mutmut", "run", *words], cwd=ROOT, env=env, check=False
        )
        if ran.returncode:
            return ran.returncode
        results = subprocess.run(
            [PYTHON, "-m", "mutmut", "results"],
            cwd=ROOT,
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
    living = [
        line.split(":")[0].strip()
        for line in results.stdout.splitlines()
        if line.strip().endswith((": survived", ": no tests"))
    ]
    unexplained = [name for name in living if name not in equivalents(EQUIVALENT)]
    for name in unexplained:
        print(f"alive: {name}   (.venv/bin/python -m mutmut show {name})")
    print(f"{len(living)} alive, {len(unexplained)} of them unexplained")
    return 1 if unexplained else 0


def equivalents(file: Path) -> dict[str, str]:
    """Read the mutants that change nothing a user could notice, each with its reason."""
    if not file.exists():
        return {}
    found: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, reason = line.split(maxsplit=1)
            found[name] = reason
    return found


def _show(name: str, command: Sequence[str], *, env: dict[str, str]) -> bool:
    """Run one check, print it if it failed, and tell whether it did."""
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    failed = done.returncode != 0
    print(f"{'✗' if failed else '✓'} {name}", flush=True)
    if failed:
        sys.stdout.write(done.stdout + done.stderr)
    return failed
