"""The HTTP server of every simulator: loopback only, bounded bodies, says what it is."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MAX_BODY = 1024 * 1024
IDLE_SECONDS = 60


class HangUpError(Exception):
    """Close the connection without an answer, as a network sometimes does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came in. Header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Return the target without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What goes out."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Response]


def json_response(content: Mapping[str, Any], *, status: int = 200) -> Response:
    """Answer with a JSON object."""
    return Response(status=status, body=json_bytes(content))


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Write JSON for the wire: UTF-8, no spaces, order as given."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class Door(BaseHTTPRequestHandler):
    """Reads one request within its bounds and writes the handler's answer."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "simulator"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024  # head and body leave in one write

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0" if self.command == "GET" else "")
        if not length or "Transfer-Encoding" in self.headers:
            self._refuse(411, "LENGTH")
        elif not re.fullmatch("[0-9]{1,18}", length):
            self._refuse(400, "BAD_REQUEST")
        elif int(length) > MAX_BODY:
            self._refuse(413, "TOO_LARGE")
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                self._answer(body)
            else:
                self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the names http.server calls

    def _answer(self, body: bytes) -> None:
        request = Request(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        try:
            response = self.server.handle(request)
        except HangUpError:
            self.close_connection = True
            return
        except Exception:  # noqa: BLE001 - a simulator's own fault is a 500, never silence
            sys.excepthook(*sys.exc_info())
            response = json_response({"simulator": self.server.title, "code": "BROKEN"}, status=500)
        self._write(response)

    def _write(self, response: Response) -> None:
        with contextlib.suppress(ConnectionError):
            self.send_response(response.status)
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
            self.send_header("Cache-Control", "no-store")
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)
            self.wfile.flush()

    def _refuse(self, status: int, code: str) -> None:
        self.close_connection = True
        self._write(json_response({"simulator": self.server.title, "code": code}, status=status))

    def end_headers(self) -> None:
        """Say in every answer what this is."""
        self.send_header("X-Simulator", self.server.identity)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Write no access log: paths and times of payers are nobody's business."""


class Server(ThreadingHTTPServer):
    """A threading server on loopback. `identity` is the ASCII name in the header X-Simulator."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *, identity: str, title: str, port: int, handle: Handler) -> None:
        self.identity = identity
        self.title = title
        self.handle = handle
        super().__init__(("127.0.0.1", port), Door)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about callers that went away; report anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def run(server: Server, *, title: str, **facts: Any) -> None:
    """Announce the port on stdout, serve until SIGTERM or SIGINT, then return."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker = threading.Thread(target=server.serve_forever, name="door", daemon=True)
    worker.start()
    ready = {"ready": server.server_address[1], "simulator": title, **facts}
    sys.stdout.write(json.dumps(ready, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    stop.wait()
    server.shutdown()
    server.server_close()
