"""`ggzy-bid`: what a bidder, a host or an outsider does without the server's JavaScript.

One JSON object on stdout.
Exit 0 done or valid, 1 a verification failed, 2 bad input, 3 environment.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from sealing.cli import bids, evidence, keys, witness
from sealing.cli.files import BadInput, CannotWork
from sealing.errors import Code, SealingError

DONE, REFUTED, BAD_INPUT, ENVIRONMENT = 0, 1, 2, 3

# A check of keys or evidence came out negative; every other refusal means the input is unreadable.
_REFUTING = {
    Code.WRONG_CONTEXT,
    Code.WRONG_KEY,
    Code.COMMITMENT,
    Code.CORRUPT,
    Code.PASSPHRASE,
    Code.RECEIPT,
    Code.CHECKPOINT,
    Code.PROOF,
    Code.ENTRY,
}


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are answers like all others."""

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise BadInput(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _Parser(prog="ggzy-bid", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (keys, bids, evidence, witness):
        group.register(commands)
    try:
        chosen = parser.parse_args(arguments)
    except BadInput as error:
        return _say(None, BAD_INPUT, error={"code": "INPUT", "detail": str(error)})
    try:
        answer: dict[str, Any] = chosen.run(chosen)
    except SealingError as error:
        code = REFUTED if error.code in _REFUTING else BAD_INPUT
        return _say(chosen.command, code, error={"code": error.code, "detail": error.detail})
    except BadInput as error:
        return _say(chosen.command, BAD_INPUT, error={"code": "INPUT", "detail": str(error)})
    except (CannotWork, OSError, MemoryError) as error:
        return _say(chosen.command, ENVIRONMENT, error={"code": "SYSTEM", "detail": str(error)})
    return _say(chosen.command, DONE if answer.pop("ok", True) else REFUTED, **answer)


def _say(command: str | None, code: int, **answer: object) -> int:
    body = {"command": command, "ok": code == DONE, **answer}
    sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
    return code
