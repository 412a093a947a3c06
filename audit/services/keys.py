"""The log's name and its Ed25519 key, which signs checkpoints and receipts."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from audit.models import Checkpoint
from core.keyfiles import make_once
from sealing.checkpoint import LogKey
from sealing.encoding import b64u, unb64u
from sealing.errors import SealingError

KEY_BYTES = 32


def log_origin() -> str:
    """Return the name under which the log signs; it stands in every checkpoint and receipt."""
    return f"hengping.{settings.CENTRE_CODE}/log"


def signing_key() -> Ed25519PrivateKey:
    """Return the log's key: `HENGPING_LOG_KEY`, or the key file, made on first use.

    A log that has spoken keeps its key. When the file of such a log is gone a new key would be
    taken for a forgery by everybody who holds a receipt, so none is made.
    """
    text = os.environ.get("HENGPING_LOG_KEY", "") or _file_text()
    try:
        return Ed25519PrivateKey.from_private_bytes(unb64u(text.strip(), length=KEY_BYTES))
    except SealingError as error:
        raise ImproperlyConfigured("the log key is not base64url of 32 bytes") from error


def key_file() -> Path:
    """Return where the key lives when the environment does not bring it."""
    return Path(settings.RUN_DIR) / "log-key"


def _file_text() -> str:
    path = key_file()
    if not path.exists():
        if Checkpoint.objects.exists():
            raise ImproperlyConfigured(f"the log has checkpoints but no key: restore {path}")
        make_once(path, (b64u(os.urandom(KEY_BYTES)) + "\n").encode("ascii"))
        # For who must know the log before it says anything: a witness on its first day.
        make_once(path.with_name("log-key.pub"), f"{log_key().dumps()}\n".encode("ascii"))
    return path.read_text(encoding="ascii")


def log_key() -> LogKey:
    """Return the log's public key under its name, as `log-key.pub` has it."""
    return LogKey.of(signing_key(), origin=log_origin())
