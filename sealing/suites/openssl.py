"""SM2 by the `openssl` command: no library we use has it, and private keys touch no pure Python.

Keys reach the command through a pipe of its own and the data through another; neither is ever an
argument or a file. The decision is docs/decisions/0009.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

# The DER around a raw key never varies: SubjectPublicKeyInfo, and PKCS#8 with RFC 5915 inside.
_SPKI: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_PKCS8: Final = bytes.fromhex(
    "3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420"
)
_SECONDS = 20


class NoOpenssl(OSError):  # noqa: N818 - it names what is missing
    """The machine has no `openssl` that knows SM2. Nothing is wrong with the bid."""


def public_of(secret: bytes) -> bytes:
    """Derive the public point of a private key that is in range."""
    made = _run(
        ["pkey", "-inform", "DER", "-in"], "-pubout", "-outform", "DER", key=_PKCS8 + secret
    )
    if made.returncode or not made.stdout.startswith(_SPKI):
        # A key in range always has a public half, so it is the command that cannot.
        raise NoOpenssl(f"openssl does not know SM2: {_complaint(made)}")
    return made.stdout[len(_SPKI) :]


def encrypt(plain: bytes, *, public: bytes) -> bytes:
    """Encrypt to a public point; ValueError if it is not on the curve."""
    made = _run(
        ["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey"],
        key=_SPKI + public,
        data=plain,
    )
    if made.returncode:
        raise ValueError(_complaint(made))
    return made.stdout


def decrypt(sealed: bytes, *, secret: bytes) -> bytes:
    """Decrypt; ValueError if it was made for another key or altered."""
    made = _run(
        ["pkeyutl", "-decrypt", "-keyform", "DER", "-inkey"], key=_PKCS8 + secret, data=sealed
    )
    if made.returncode:
        raise ValueError(_complaint(made))
    return made.stdout


def _run(
    before: list[str], *after: str, key: bytes, data: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("openssl")
    if program is None or os.name != "posix":
        raise NoOpenssl("SM2 needs the openssl command, version 1.1.1 or newer")
    reading, writing = os.pipe()
    try:
        # Some hundred bytes at most: they fit into the pipe before anybody reads.
        os.write(writing, key)
        os.close(writing)
        return subprocess.run(  # noqa: S603 - a fixed program, fixed words, no shell
            [program, *before, f"/dev/fd/{reading}", *after],
            input=data,
            capture_output=True,
            pass_fds=[reading],
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoOpenssl("openssl does not answer") from error
    finally:
        os.close(reading)


def _complaint(made: subprocess.CompletedProcess[bytes]) -> str:
    return made.stderr.decode("utf-8", "replace").strip()[-200:]
