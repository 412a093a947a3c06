"""Start the simulated timestamp authority: `python -m simulators.tsa --state DIR`."""

from __future__ import annotations

import sys

from simulators.kit import clock, server
from simulators.kit.arguments import parser
from simulators.kit.routes import RefusedError, Routes
from simulators.kit.server import Request, Response
from simulators.kit.store import StateInUseError, Store
from simulators.tsa.authority import SCHEMA, Authority, open_authority

TITLE = "时间戳服务(模拟)"
QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"


def routes(authority: Authority) -> Routes:
    """Return the authority's door."""

    def stamp(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != QUERY:
            raise RefusedError(415, "CONTENT_TYPE", f"只接受 {QUERY}")
        return Response(body=authority.answer(request.body), content_type=REPLY)

    return Routes(
        title=TITLE,
        acts={
            ("POST", "/"): stamp,
            ("GET", "/root.pem"): lambda _: Response(
                body=authority.root.pem, content_type="application/x-pem-file"
            ),
        },
    )


def main() -> int:
    """Serve until told to stop."""
    told = parser(
        module="simulators.tsa", description="A simulated timestamp authority; see README.md."
    ).parse_args()
    try:
        store = Store(told.state, name="tsa", schema=SCHEMA)
    except StateInUseError as error:
        sys.stderr.write(f"state in use by another process: {error}\n")
        return 3
    authority = open_authority(told.state, store=store, clock=clock.now)
    door = server.Server(identity="tsa", title=TITLE, port=told.port, handle=routes(authority))
    server.run(door, title=TITLE, root=str(authority.root.path.resolve()))
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
