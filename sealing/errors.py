"""The one error of this package: a code the server and the pages know how to explain."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Why something was refused; SPEC.md §12 says when."""

    NOT_ENCRYPTED = "NOT_ENCRYPTED"
    MALFORMED = "MALFORMED"
    UNKNOWN_SUITE = "UNKNOWN_SUITE"
    TRUNCATED = "TRUNCATED"
    TRAILING = "TRAILING"
    WRONG_CONTEXT = "WRONG_CONTEXT"
    WRONG_KEY = "WRONG_KEY"
    COMMITMENT = "COMMITMENT"
    CORRUPT = "CORRUPT"
    FORM = "FORM"
    PACKAGE = "PACKAGE"
    TOO_LARGE = "TOO_LARGE"
    SOURCE = "SOURCE"
    KEY_FILE = "KEY_FILE"
    PASSPHRASE = "PASSPHRASE"  # noqa: S105 - the name of a refusal, not a secret
    RECEIPT = "RECEIPT"
    CHECKPOINT = "CHECKPOINT"
    PROOF = "PROOF"
    ENTRY = "ENTRY"


class SealingError(Exception):
    """A file, key or piece of evidence was refused."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code.value}: {detail}" if detail else code.value)
        self.code = code
        self.detail = detail
