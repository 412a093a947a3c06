"""Drive one target of `fuzz.py` with atheris: `… header|part [libFuzzer's arguments]`."""

from __future__ import annotations

import sys

import atheris

# Only what is imported here is followed; the libraries below are not ours to test.
with atheris.instrument_imports(include=["sealing"]):
    from tests.sealing import fuzz


if __name__ == "__main__":
    target = sys.argv[1]
    atheris.Setup([sys.argv[0], *sys.argv[2:]], lambda data: fuzz.throw(target, data))
    atheris.Fuzz()
