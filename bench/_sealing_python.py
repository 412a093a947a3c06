"""The Python half of `sealing`: file to file, beside the same library in memory and pyrage."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench._bid import MIB, Bid

SIZE = 200  # MiB
LARGE = 800  # MiB
SEGMENT = 512 * 1024


def measures(bid: Bid) -> dict[str, Callable[[], float]]:
    """Return each measure by name; every one answers MiB/s by the wall clock."""
    memory = _Memory(bid.plain.read_bytes())
    identity = pyrage.x25519.Identity.generate()
    age_file = bid.folder / "bid.age"

    def age() -> None:
        pyrage.encrypt_file(str(bid.plain), str(age_file), [identity.to_public()])
        age_file.unlink()

    return {
        "python_seal": _rate(bid.seal),
        "python_open": _rate(bid.unseal),
        "memory_encrypt": _rate(memory.encrypt),
        "memory_decrypt": _rate(memory.decrypt),
        "pyrage_seal": _rate(age),
    }


class _Memory:
    """AES-256-GCM and SHA-256 one after the other, of what lies in memory: the floor."""

    def __init__(self, text: bytes) -> None:
        self._cipher, self._nonce = AESGCM(AESGCM.generate_key(256)), secrets.token_bytes(12)
        self._plain = [text[at : at + SEGMENT] for at in range(0, len(text), SEGMENT)]
        self._sealed = [self._cipher.encrypt(self._nonce, one, None) for one in self._plain]

    def encrypt(self) -> None:
        digest = hashes.Hash(hashes.SHA256())
        for one in self._plain:
            digest.update(self._cipher.encrypt(self._nonce, one, None))
        digest.finalize()

    def decrypt(self) -> None:
        digest = hashes.Hash(hashes.SHA256())
        for one in self._sealed:
            digest.update(one)
            self._cipher.decrypt(self._nonce, one, None)
        digest.finalize()


def _rate(act: Callable[[], None]) -> Callable[[], float]:
    def measure() -> float:
        begun = time.perf_counter()
        act()
        return SIZE / (time.perf_counter() - begun)

    return measure


def openssl_speed() -> float | None:
    """Return what the machine's own openssl says of AES-256-GCM, in MiB/s; None without one."""
    if shutil.which("openssl") is None:
        return None
    words = ["openssl", "speed", "-mr", "-seconds", "1", "-bytes", str(SEGMENT)]
    told = subprocess.run(
        [*words, "-evp", "aes-256-gcm"], capture_output=True, text=True, check=True
    )
    line = next(one for one in told.stdout.splitlines() if one.startswith("+F:"))
    return float(line.rpartition(":")[2]) / MIB


def peak_mib() -> int:
    """Return the peak of a fresh process that seals 800 MiB and opens them again."""
    told = subprocess.run(
        [sys.executable, "-c", _ALONE], capture_output=True, text=True, check=True
    )
    return int(told.stdout)


_ALONE = f"""
from pathlib import Path
from bench._bid import laid_out
with laid_out({LARGE}) as bid:
    bid.seal()
    bid.unseal()
# Not getrusage: its peak is inherited from the process that started this one.
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)
"""
