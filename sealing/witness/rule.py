"""What a witness asks before it signs: the rule of C2SP tlog-witness, free of files and sockets."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from sealing import checkpoint, merkle
from sealing.checkpoint import Checkpoint, LogKey
from sealing.errors import Code, SealingError
from sealing.notes import MAX_NOTE, base64_of, unbase64

#: A path between two trees of 2^53 leaves is no longer than this.
MOST_HASHES = 63
#: The first line, the path, an empty line, the note.
MOST_BYTES = 32 + MOST_HASHES * 45 + 1 + MAX_NOTE * 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The newest state of the log that the witness signed."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a log asks to be signed: a checkpoint, and the proof that it goes on from `old`."""

    old: int
    path: tuple[bytes, ...]
    note: str

    @classmethod
    def loads(cls, text: str) -> Submission:
        """Read a request; raises `Refused` (400) for any other text."""
        head, separator, note = text.partition("\n\n")
        first, *rest = head.split("\n")
        word, _, size = first.partition(" ")
        if not separator or word != "old" or len(rest) > MOST_HASHES:
            raise Refused(HTTPStatus.BAD_REQUEST, "not a request to add a checkpoint")
        if not size.isascii() or not size.isdigit() or str(int(size[:17])) != size:
            raise Refused(HTTPStatus.BAD_REQUEST, "the old size is not a number")
        try:
            path = tuple(unbase64(line, Code.PROOF) for line in rest)
        except SealingError as error:
            raise Refused(HTTPStatus.BAD_REQUEST, "a hash is not base64") from error
        return cls(old=int(size), path=path, note=note)

    def dumps(self) -> str:
        """Write the request."""
        lines = [f"old {self.old}", *(base64_of(one) for one in self.path)]
        return "\n".join(lines) + "\n\n" + self.note


class Refused(Exception):  # noqa: N818 - it names what the witness did
    """The witness does not sign; `status` is the answer of the HTTP door, `size` what it knows.

    `fork` is true when the log itself signed two histories: its note is then evidence.
    """

    def __init__(
        self, status: HTTPStatus, detail: str, *, size: int | None = None, fork: bool = False
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.size = size
        self.fork = fork


def judge(asked: Submission, *, seen: Seen | None, log_key: LogKey) -> Checkpoint:
    """Return the checkpoint if it may be signed; `seen` is the last one signed, if any."""
    state = _signed(asked.note, log_key)
    if asked.old > state.size:
        raise Refused(HTTPStatus.BAD_REQUEST, "the old size is beyond the checkpoint's")
    known = seen or Seen(size=0, root=merkle.EMPTY_ROOT)
    if asked.old != known.size:
        raise Refused(HTTPStatus.CONFLICT, "the witness knows another size", size=known.size)
    if state.size == known.size and state.root != known.root:
        raise Refused(
            HTTPStatus.CONFLICT, "two roots of one size: a fork", size=known.size, fork=True
        )
    try:
        merkle.verify_consistency(
            old=known.size,
            new=state.size,
            old_root=known.root,
            new_root=state.root,
            path=asked.path,
        )
    except SealingError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, error.detail) from error
    return state


def _signed(note: str, log_key: LogKey) -> Checkpoint:
    if note.partition("\n")[0] != log_key.origin:
        raise Refused(HTTPStatus.NOT_FOUND, "a log that this witness does not watch")
    try:
        return checkpoint.verify(note, log_key=log_key)
    except SealingError as error:
        raise Refused(HTTPStatus.FORBIDDEN, f"not signed by the log: {error.detail}") from error
