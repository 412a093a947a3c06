"""The bid that `sealing` measures, on a RAM disk, sealed and opened by the product's own code."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sealing import digests, envelope, header, keys, shares
from sealing.form import Form
from sealing.header import Context
from sealing.package import PackedFile

MIB = 2**20
CONTEXT = Context(tender="T", lot="L", envelope="single", bidder="p", bid="b", deadline_id="D")
FORM = Form(lot="L", doc_version=1, price_fen=1, duration_days=1, quality="q", manager="m")
_RAM_DISK = Path("/dev/shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A plain file, where it lies, and the two keys it is sealed to."""

    folder: Path
    bidder: keys.OpeningKey = field(default_factory=keys.generate)
    host: keys.OpeningKey = field(default_factory=keys.generate)

    @property
    def plain(self) -> Path:
        """The file to be sealed."""
        return self.folder / "technical.pdf"

    @property
    def sealed(self) -> Path:
        """The sealed bid."""
        return self.folder / "bid.stb"

    def seal(self) -> None:
        """Seal file to file, the fingerprint included."""
        envelope.seal_file(
            CONTEXT,
            recipients=envelope.Recipients(bidder=self.bidder.public, host=self.host.public),
            form=FORM,
            files=[PackedFile.from_path(self.plain, part="technical")],
            path=self.sealed,
        )

    def unseal(self) -> None:
        """Open file to file, the fingerprints of what comes out included."""
        with self.sealed.open("rb", buffering=0) as file:
            made = header.read(file)
            both = [
                shares.release(made, label="bidder", key=self.bidder),
                shares.release(made, label="host", key=self.host),
            ]
            envelope.open_form(file, header=made, shares=both)
            envelope.open_package(file, header=made, shares=both, into=self.folder / "out")

    def tidy(self) -> None:
        """Throw away what was opened; a new sealed file takes the place of the old one."""
        shutil.rmtree(self.folder / "out", ignore_errors=True)

    def measure(self) -> None:
        """Take the four fingerprints that the platform takes when a sealed bid arrives."""
        with self.sealed.open("rb", buffering=0) as file:
            digests.measure(file, header=header.read(file))


@contextmanager
def laid_out(mebibytes: int) -> Iterator[Bid]:
    """Give a bid of random bytes on a RAM disk; it goes when the block ends."""
    usable = _RAM_DISK.is_dir() and os.access(_RAM_DISK, os.W_OK)
    where = _RAM_DISK if usable else None
    with tempfile.TemporaryDirectory(prefix="bench-sealing-", dir=where) as folder:
        bid = Bid(folder=Path(folder))
        with bid.plain.open("wb") as file:
            for _ in range(mebibytes):
                file.write(secrets.token_bytes(MIB))
        yield bid
