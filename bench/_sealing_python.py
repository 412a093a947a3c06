"""The Python half of `sealing`: file to file, beside the same library in memory and pyrage."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench._bid import MIB, Bid
from devtools.places import ROOT

SEGMENT = 512 * 1024


def measures(bid: Bid, *, mebibytes: int) -> dict[str, Callable[[], float]]:
    """Return each measure by name; every one answers MiB/s by the wall clock."""
    memory = _Memory(bid.plain.read_bytes())
    identity = pyrage.x25519.Identity.generate()
    age_file = bid.folder / "bid.age"

    def age() -> None:
        pyrage.encrypt_file(str(bid.plain), str(age_file), [identity.to_public()])

    def rate(act: Callable[[], None]) -> float:
        bid.tidy()
        age_file.unlink(missing_ok=True)
        begun = time.perf_counter()
        act()
        return mebibytes / (time.perf_counter() - begun)

    acts = {
        "python_seal": bid.seal,
        "python_open": bid.unseal,
        "python_measure": bid.measure,
        "memory_encrypt": memory.encrypt,
        "memory_decrypt": memory.decrypt,
        "pyrage_seal": age,
    }
    return {name: partial(rate, act) for name, act in acts.items()}


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


def peak_mib(mebibytes: int) -> int:
    """Return the peak of a fresh process that seals so much, measures and opens it."""
    words = [sys.executable, "-c", _ALONE, str(mebibytes)]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    return int(told.stdout)


_ALONE = """
import sys
from pathlib import Path
from bench._bid import laid_out
with laid_out(int(sys.argv[1])) as bid:
    bid.seal()
    bid.measure()
    bid.unseal()
# Not getrusage: its peak is inherited from the process that started this one.
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)
"""
