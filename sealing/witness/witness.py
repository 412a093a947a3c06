"""One witness of one log: its key, what it signed last, and the evidence of a fork, in a folder."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing import checkpoint
from sealing.checkpoint import LogKey
from sealing.errors import Code, SealingError
from sealing.notes import signer_name
from sealing.witness.cosignature import WitnessKey, cosign
from sealing.witness.rule import Refused, Seen, Submission, judge

_OWNER_ONLY = 0o600


class Witness:
    """Signs what goes on from what it signed before, and remembers it before it answers."""

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        log_key: LogKey,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the folder, making the key on the first use.

        Raises `SealingError` when what lies there is not a key, or not a note of this log.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.name = signer_name(name, Code.KEY_FILE)
        self.log_key = log_key
        self._folder = folder
        self._clock = clock
        self._turn = threading.Lock()
        self._private = self._key()
        self._note = self._last_note()
        self._write("witness-key.pub", f"{self.key.dumps()}\n".encode())

    @property
    def key(self) -> WitnessKey:
        """The public key that others pin."""
        return WitnessKey.of(self._private, origin=self.name)

    @property
    def note(self) -> str | None:
        """The newest note with the witness's signature, None before the first."""
        return self._note

    @property
    def size(self) -> int:
        """How many leaves the newest signed checkpoint has."""
        seen = self._seen()
        return seen.size if seen else 0

    def add(self, request: str) -> str:
        """Return the signature line over the request's checkpoint, or raise `Refused`."""
        asked = Submission.loads(request)
        with self._turn:
            try:
                judge(asked, seen=self._seen(), log_key=self.log_key)
            except Refused as refused:
                if refused.fork:
                    self._keep_evidence(asked.note)
                raise
            line = cosign(asked.note, private=self._private, name=self.name, at=int(self._clock()))
            note = asked.note + line
            # Once somebody holds the signature, no crash may let another history be signed.
            self._write("checkpoint.txt", note.encode())
            self._note = note
            return line

    def _seen(self) -> Seen | None:
        if self._note is None:
            return None
        state = checkpoint.verify(self._note, log_key=self.log_key)
        return Seen(size=state.size, root=state.root)

    def _last_note(self) -> str | None:
        file = self._folder / "checkpoint.txt"
        if not file.exists():
            return None
        note = file.read_text(encoding="utf-8")
        checkpoint.verify(note, log_key=self.log_key)
        return note

    def _key(self) -> Ed25519PrivateKey:
        file = self._folder / "witness-key"
        if not file.exists():
            self._write(file.name, Ed25519PrivateKey.generate().private_bytes_raw())
        try:
            return Ed25519PrivateKey.from_private_bytes(file.read_bytes())
        except ValueError as error:
            raise SealingError(Code.KEY_FILE, "not the key of a witness") from error

    def _keep_evidence(self, note: str) -> None:
        """Keep the log's second history: with the first it convicts the log before anybody."""
        if self._note is not None and not (self._folder / "fork-1.txt").exists():
            self._write("fork-1.txt", self._note.encode())
            self._write("fork-2.txt", note.encode())

    def _write(self, name: str, content: bytes) -> None:
        draft = self._folder / f"{name}.draft"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / name)
        place = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
