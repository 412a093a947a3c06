"""`verify-receipt`, `verify-log`, `verify-opening`: an outsider's tools, only the log's key."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sealing import checkpoint, entries, log, merkle, opening, receipts
from sealing.checkpoint import Checkpoint, LogKey
from sealing.cli.files import existing, read_bytes, read_json, read_text
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.log import Logged, LogProof
from sealing.witness import WitnessKey


def register(commands: Any) -> None:
    """Add the commands of this file."""
    one = commands.add_parser("verify-receipt", help="check a receipt and its promise")
    one.add_argument("receipt", type=Path)
    one.add_argument("--log-key", type=Path, required=True)
    one.add_argument("--proof", type=Path, help="the proof that came later")
    one.add_argument("--checkpoint", type=Path, help="the checkpoint of that proof")
    one.add_argument("--sealed", type=Path, help="the sealed file the receipt must be for")
    one.set_defaults(run=verify_receipt)

    two = commands.add_parser("verify-log", help="check a checkpoint and what it contains")
    two.add_argument("checkpoint", type=Path)
    two.add_argument("--log-key", type=Path, required=True)
    two.add_argument("--earlier", type=Path, help="an earlier checkpoint of the same log")
    two.add_argument("--consistency", type=Path, help="the proof between the two")
    two.add_argument("--entry", type=Path, action="append", default=[], help="a logged entry")
    two.add_argument("--leaves", type=Path, help="all batch roots, one base64url a line")
    two.set_defaults(run=verify_log)

    three = commands.add_parser("verify-opening", help="prove or refute a published opening")
    three.add_argument("opening", type=Path)
    three.add_argument("--checkpoint", type=Path, required=True)
    three.add_argument("--log-key", type=Path, required=True)
    three.add_argument("--receipt", type=Path, action="append", default=[])
    three.add_argument(
        "--witness-key",
        type=Path,
        action="append",
        default=[],
        help="public keys of witnesses who must have cosigned the checkpoint",
    )
    three.set_defaults(run=verify_opening)


def verify_receipt(chosen: argparse.Namespace) -> dict[str, Any]:
    """Check signature and leaf, inclusion where a proof is given, and the sealed file."""
    key = _log_key(chosen.log_key)
    if (chosen.proof is None) != (chosen.checkpoint is None):
        raise SealingError(Code.MALFORMED, "--proof and --checkpoint come together")
    receipt = receipts.verify(read_text(chosen.receipt).strip(), log_key=key)
    included = receipt.proof is not None
    if chosen.proof is not None:
        receipts.verify_inclusion(
            receipt,
            proof=LogProof.from_body(read_json(chosen.proof)),
            checkpoint=read_text(chosen.checkpoint),
            log_key=key,
        )
        included = True
    if chosen.sealed is not None:
        with existing(chosen.sealed).open("rb", buffering=0) as file:
            receipts.check_file(receipt, file)
    return {
        "receipt": receipt.id,
        "leaf": b64u(receipt.leaf),
        "included": included,
        "file_matches": None if chosen.sealed is None else True,
        "entry": receipt.entry.body(),
    }


def verify_log(chosen: argparse.Namespace) -> dict[str, Any]:
    """Check a checkpoint's signature and whatever else was given."""
    key = _log_key(chosen.log_key)
    state = checkpoint.verify(read_text(chosen.checkpoint), log_key=key)
    if chosen.earlier is not None:
        _earlier(chosen, key, state)
    elif chosen.consistency is not None:
        raise SealingError(Code.MALFORMED, "--consistency needs --earlier")
    kinds = []
    for path in chosen.entry:
        logged = Logged.from_body(read_json(path))
        logged.verify(state)
        kinds.append(entries.parse(logged.entry).kind)
    if chosen.leaves is not None:
        _leaves(read_text(chosen.leaves), state)
    return {
        "origin": state.origin,
        "size": state.size,
        "root": b64u(state.root),
        "consistent": None if chosen.earlier is None else True,
        "entries": kinds,
        "leaves": None if chosen.leaves is None else state.size,
    }


def verify_opening(chosen: argparse.Namespace) -> dict[str, Any]:
    """Run every check and name each."""
    report = opening.verify_opening(
        read_bytes(chosen.opening),
        checkpoint=read_text(chosen.checkpoint),
        log_key=_log_key(chosen.log_key),
        receipts=[read_text(path).strip() for path in chosen.receipt],
        witnesses=[key for path in chosen.witness_key for key in _witnesses(path)],
    )
    return {"ok": report.valid, "checks": [asdict(check) for check in report.checks]}


def _witnesses(path: Path) -> list[WitnessKey]:
    lines = read_text(path).split("\n")
    found = [WitnessKey.loads(line) for line in lines if line.strip()]
    if not found:
        raise SealingError(Code.KEY_FILE, "no key in the witness key file")
    return found


def _log_key(path: Path) -> LogKey:
    return LogKey.loads(read_text(path))


def _earlier(chosen: argparse.Namespace, key: LogKey, state: Checkpoint) -> None:
    before = checkpoint.verify(read_text(chosen.earlier), log_key=key)
    if chosen.consistency is not None:
        log.verify_consistency(read_json(chosen.consistency), old=before, new=state)
    elif (before.size, before.root) != (state.size, state.root):
        # Without a proof only one thing can be said of two checkpoints: the same, or a fork.
        if before.size == state.size:
            raise SealingError(Code.CHECKPOINT, "two roots of one size: the log was forked")
        raise SealingError(Code.MALFORMED, "--earlier of another size needs --consistency")


def _leaves(text: str, state: Checkpoint) -> None:
    tree = merkle.MemoryTree(
        merkle.leaf_hash(unb64u(line, length=32)) for line in text.splitlines()
    )
    if (tree.size, tree.root()) != (state.size, state.root):
        raise SealingError(Code.PROOF, "the leaves do not make this checkpoint")
