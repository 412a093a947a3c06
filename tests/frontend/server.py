"""A loopback server for one test: the bundle, the vectors, pages and answers the test provides."""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import django_htmx
from django.conf import settings

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
VECTORS = ROOT / "tests" / "vectors"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as a test sees it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the test answers."""

    body: bytes = b""
    status: int = 200
    type: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)


Answering = Callable[[Asked], Answer | None]


def policy() -> str:
    """Spell the product's own Content-Security-Policy."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(map(str, values))}" for name, values in directives.items())


@contextmanager
def serving(*, folders: dict[str, Path], answer: Answering = lambda _: None) -> Iterator[str]:
    """Serve until the block ends; gives the address without a slash at its end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                method=self.command,
                path=self.path.partition("?")[0],
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(size),
            )
            try:
                given = answer(asked) or _file(asked.path, folders)
            except ConnectionAbortedError:
                # The test plays a broken line.
                self.close_connection = True
                self.connection.close()
                return
            except Exception:  # noqa: BLE001 - whatever went wrong, the test shall read it
                given = Answer(status=500, body=traceback.format_exc().encode(), type="text/plain")
                sys.stderr.write(given.body.decode())
            self.send_response(given.status)
            self.send_header("Content-Type", given.type)
            self.send_header("Content-Length", str(len(given.body)))
            self.send_header("Content-Security-Policy", policy())
            self.send_header("Cache-Control", "no-store")
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(given.body)

        do_GET = do_POST = do_HEAD = do_PATCH = do_OPTIONS = handle_any  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _file(path: str, folders: dict[str, Path]) -> Answer:
    for prefix, folder in folders.items():
        if path.startswith(prefix):
            found = folder / path.removeprefix(prefix)
            if found.is_file():
                type_ = TYPES.get(found.suffix, "application/octet-stream")
                return Answer(body=found.read_bytes(), type=type_)
    return Answer(status=204 if path == "/favicon.ico" else 404)


def bundle(entry: Path, out: Path) -> None:
    """Bundle one TypeScript file as the build does."""
    subprocess.run(
        [
            "node",
            str(ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"),
            str(entry),
            "--bundle",
            "--format=esm",
            "--target=es2022",
            "--log-level=warning",
            f"--outfile={out}",
        ],
        check=True,
        cwd=ROOT,
    )


def build(out: Path) -> None:
    """Build what is checked out into a folder of its own."""
    subprocess.run(
        ["node", str(ROOT / "frontend" / "build.mjs"), "--out", str(out)], check=True, cwd=ROOT
    )


def statics(build: Path) -> dict[str, Path]:
    """Serve a build, the files beside it and htmx under the addresses that pages use."""
    return {
        "/static/build/": build,
        "/static/django_htmx/": Path(django_htmx.__file__).parent / "static" / "django_htmx",
        "/static/": STATIC,
    }
