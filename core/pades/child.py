"""The child that reads a stranger's PDF: `python -m core.pades.child`, PDF in, JSON out.

It takes its own limits before it loads a parser, so that a file made to eat time or memory ends
this process and nothing else. See `cage` for the other end.
"""

from __future__ import annotations

import os
import resource
import sys

# Our own papers take a second and 60 MiB, nearly all of it for loading the library.
CPU_SECONDS = 5
MEMORY = 384 * 1024 * 1024
COURTESY = 10  # a stranger's file waits for everybody else's page


def confine() -> None:
    """Give up what reading does not need: time, memory, files of one's own, further processes."""
    os.nice(COURTESY)
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    """Read the PDF on standard input; the answer is `{"seals": […]}` or `{"refused": NAME}`."""
    confine()
    import io  # noqa: PLC0415 - nothing is loaded before the limits hold
    import json  # noqa: PLC0415 - as above

    from core.pades import found, reading  # noqa: PLC0415 - as above

    answer: dict[str, object]
    try:
        seals = reading.seals(io.BytesIO(sys.stdin.buffer.read()))
        answer = {"seals": [found.as_json(one) for one in seals]}
    except reading.Unreadable:
        answer = {"refused": "unreadable"}
    except reading.Locked:
        answer = {"refused": "locked"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
