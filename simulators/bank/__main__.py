"""Start one simulated bank: `python -m simulators.bank --bank gusu --state DIR`."""

from __future__ import annotations

import os
import sys

from simulators.bank import teller as counter
from simulators.bank.dialects import open_api, signing
from simulators.bank.doors import Doors
from simulators.bank.notices import Pusher
from simulators.bank.profiles import PROFILES
from simulators.kit import clock, server
from simulators.kit.arguments import parser
from simulators.kit.server import Request, Response
from simulators.kit.store import StateInUseError, Store


def main() -> int:
    """Serve until told to stop."""
    words = parser(module="simulators.bank", description="A simulated bank; see README.md.")
    words.add_argument("--bank", choices=sorted(PROFILES), required=True)
    words.add_argument("--webhook", default=os.environ.get("HENGPING_BANK_WEBHOOK", ""))
    words.add_argument("--truth", action="store_true", help="open /truth/ (tests only)")
    told = words.parse_args()
    profile = PROFILES[told.bank]
    try:
        store = Store(told.state, name="bank", schema=counter.SCHEMA + signing.SCHEMA)
    except StateInUseError as error:
        sys.stderr.write(f"state in use by another process: {error}\n")
        return 3
    keys = signing.Keyring.at(told.state / "keys.json", title=profile.name)
    teller = counter.Teller(profile=profile, store=store, clock=clock.now)
    dialect = open_api.OpenApi(teller=teller, keys=keys)
    doors = Doors(teller=teller, truth=told.truth)
    pusher = Pusher(
        store=store,
        dialect=dialect,
        webhook=told.webhook.replace("{bank}", profile.code),
        before=teller.catch_up,
    )

    def handle(request: Request) -> Response:
        door = dialect if request.path.startswith(open_api.PREFIX) else doors
        try:
            return door.handle(request)
        finally:
            pusher.wake()

    door = server.Server(
        identity=f"bank/{profile.code}", title=profile.name, port=told.port, handle=handle
    )
    pusher.start()
    server.run(door, title=profile.name, bank=profile.code)
    pusher.stop()
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
