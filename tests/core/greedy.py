"""A child that takes its limits and then wants more: run by `test_pades` in the cage's place."""

from __future__ import annotations

import json
import os
import sys
import tempfile

from core.pades import child

child.CPU_SECONDS = 1
child.confine()
match sys.stdin.buffer.read().split()[-1]:
    case b"memory":
        bytearray(2 * child.MEMORY)
    case b"time":
        while True:
            pass
    case b"disk":
        with tempfile.TemporaryFile() as file:
            file.write(b"written")
            file.flush()
    case b"secrets":
        names = [name for name in os.environ if name != "LC_CTYPE"]
        sys.stdout.write(json.dumps({"refused": " ".join(names)}))
