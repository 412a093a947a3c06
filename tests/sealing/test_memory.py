"""A large bid passes through little memory, both ways."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

PROGRAM = """
import sys
from pathlib import Path
from sealing import digests, envelope, header, keys, shares
from sealing.form import Form
from sealing.header import Context
from sealing.package import PackedFile

folder = Path(sys.argv[1])
big = folder / "big.pdf"
with big.open("wb") as file:
    file.truncate(int(sys.argv[2]) << 20)

def peak():
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024

bidder, host = keys.generate(), keys.generate()
context = Context(tender="T", lot="L", envelope="single", bidder="p", bid="b", deadline_id="D")
form = Form(lot="L", doc_version=0, price_fen=1, duration_days=1, quality="q", manager="m")
sealed = folder / "x.stb"
before = peak()
envelope.seal_file(
    context,
    recipients=envelope.Recipients(bidder=bidder.public, host=host.public),
    form=form,
    files=[PackedFile.from_path(big, part="technical")],
    path=sealed,
)
with sealed.open("rb", buffering=0) as file:
    made = header.read(file)
    both = [
        shares.release(made, label=label, key=key)
        for label, key in (("bidder", bidder), ("host", host))
    ]
    digests.measure(file, header=made)
    (opened,) = envelope.open_package(file, header=made, shares=both, into=folder / "out")
assert opened.size == big.stat().st_size
print(peak() - before, peak())
"""


class TestABidOfTwoHundredMegabytes:
    def test_needs_a_few_megabytes_and_never_64(self, tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path), "200"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        more, peak = map(int, done.stdout.split())
        assert more < 24
        assert peak < 64
