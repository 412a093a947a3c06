"""The open dialect's signatures: HMAC-SHA256 over what is said, when, where and in which answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

WINDOW_SECONDS: Final = 300
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Two lists of live keys: ours, of which the first signs, and the bank's, which all verify."""

    ours: tuple[tuple[str, bytes], ...] = field(repr=False)
    bank: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> Keys:
        """Read the file both sides agreed on; raises `OSError` or `ValueError`."""
        body = json.loads(path.read_text(encoding="utf-8"))
        ours = tuple((key["id"], bytes.fromhex(key["secret"])) for key in body["platform"])
        if not ours:
            raise ValueError(f"{path}: no key of ours")
        return cls(
            ours=ours,
            bank={key["id"]: bytes.fromhex(key["secret"]) for key in body["bank"]},
        )


def request_headers(keys: Keys, *, at: int, nonce: str, target: str, body: bytes) -> dict[str, str]:
    """Sign a request of ours."""
    name, secret = keys.ours[0]
    message = _message("bank-request/1", name, str(at), nonce, "POST", target, body=body)
    return {
        "X-Bank-Key": name,
        "X-Bank-Time": str(at),
        "X-Bank-Nonce": nonce,
        "X-Bank-Signature": _mac(secret, message),
    }


def answer_holds(
    keys: Keys, *, headers: Mapping[str, str], nonce: str, status: int, target: str, body: bytes
) -> bool:
    """Say whether an answer is the bank's and answers this very question."""
    if headers.get("X-Bank-Nonce") != nonce:
        return False
    return _holds(keys, headers, "bank-answer/1", (nonce, str(status), target), body)


def notice_nonce(
    keys: Keys, *, headers: Mapping[str, str], target: str, body: bytes, now: float
) -> str | None:
    """Return a notice's nonce if the bank signed it just now; None for everything else."""
    nonce, at = headers.get("X-Bank-Nonce", ""), headers.get("X-Bank-Time", "")
    if not _NONCE.fullmatch(nonce) or not _TIME.fullmatch(at):
        return None
    if abs(now - int(at)) > WINDOW_SECONDS:
        return None
    parts = (nonce, "POST", target)
    return nonce if _holds(keys, headers, "bank-request/1", parts, body) else None


def _holds(
    keys: Keys, headers: Mapping[str, str], kind: str, parts: tuple[str, ...], body: bytes
) -> bool:
    name = headers.get("X-Bank-Key", "")
    # An unknown key is compared too, against a key nobody has: the same work for every refusal.
    secret = keys.bank.get(name, b"\0" * 32)
    message = _message(kind, name, headers.get("X-Bank-Time", ""), *parts, body=body)
    right = hmac.compare_digest(
        _mac(secret, message).encode(), headers.get("X-Bank-Signature", "").encode()
    )
    return right and name in keys.bank


def _message(*parts: str, body: bytes) -> bytes:
    return "".join(f"{part}\n" for part in parts).encode() + body


def _mac(secret: bytes, message: bytes) -> str:
    return hmac.new(secret, message, hashlib.sha256).hexdigest()
