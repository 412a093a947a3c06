"""The witness's door: C2SP tlog-witness over HTTP, and its key and newest note for everybody."""

from __future__ import annotations

import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from sealing.witness.rule import MOST_BYTES, Refused
from sealing.witness.witness import Witness

_TEXT: Final = "text/plain; charset=utf-8"
_SIZE: Final = "text/x.tlog.size"
_PATIENCE: Final = 10


class Door(ThreadingHTTPServer):
    """Serves one witness."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        super().__init__(address, _Handler)
        self.witness = witness


class _Handler(BaseHTTPRequestHandler):
    server: Door
    server_version = "ggzy-witness"
    sys_version = ""
    timeout = _PATIENCE

    def do_GET(self) -> None:
        """Give the public key, or the newest note."""
        if self.path == "/key":
            self._answer(HTTPStatus.OK, self.server.witness.key.dumps() + "\n")
        elif self.path == "/checkpoint" and self.server.witness.note is not None:
            self._answer(HTTPStatus.OK, self.server.witness.note)
        else:
            self._answer(HTTPStatus.NOT_FOUND, "nothing here\n")

    def do_POST(self) -> None:
        """Take a checkpoint."""
        if self.path != "/add-checkpoint":
            self._answer(HTTPStatus.NOT_FOUND, "nothing here\n")
            return
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length[:9]) > MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too long, or of no known length\n")
            return
        try:
            request = self.rfile.read(int(length)).decode()
            line = self.server.witness.add(request)
        except UnicodeDecodeError:
            self._answer(HTTPStatus.BAD_REQUEST, "not UTF-8\n")
        except Refused as refused:
            self._refuse(refused)
        else:
            self._answer(HTTPStatus.OK, line)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say on stderr what was asked and answered."""
        sys.stderr.write(f"{self.log_date_time_string()} {format % args}\n")

    def _refuse(self, refused: Refused) -> None:
        sys.stderr.write(f"refused: {refused.detail}\n")
        if refused.status == HTTPStatus.CONFLICT:
            self._answer(refused.status, f"{refused.size}\n", kind=_SIZE)
        else:
            self._answer(refused.status, refused.detail + "\n")

    def _answer(self, status: HTTPStatus, text: str, *, kind: str = _TEXT) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
