"""A witness on a port of its own that settings name and whose key is pinned."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Thread

from audit.services.keys import log_key
from sealing.witness import Witness
from sealing.witness.door import Door

NAME = "witness.example"


@contextmanager
def running(folder, *, settings):
    made = Witness(folder, name=NAME, log_key=log_key())
    with Door(("127.0.0.1", 0), made) as door:
        thread = Thread(target=door.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        settings.WITNESSES = {NAME: f"http://127.0.0.1:{door.server_address[1]}"}
        settings.WITNESS_KEYS_FILE = str(folder / "witness-key.pub")
        try:
            yield made
        finally:
            door.shutdown()
            thread.join()
