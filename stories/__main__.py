"""`python -m stories --input FILE.json --out DIR [--files DIR] [--browser]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from stories.reading import read
from stories.runner import tell
from stories.system import System
from stories.troubles import CannotRun, Trouble


def main(words: Sequence[str] | None = None) -> int:
    """Tell one story and return the exit code."""
    parser = argparse.ArgumentParser(prog="./dev story", description=__doc__)
    parser.add_argument("--input", type=Path, required=True, help="the story, a JSON file")
    parser.add_argument("--out", type=Path, required=True, help="folder for summary and papers")
    parser.add_argument("--files", type=Path, help="folder of the files the story names")
    parser.add_argument("--browser", action="store_true", help="one bidder sits at Chromium")
    chosen = parser.parse_args(words)
    began = time.monotonic()

    def watch(name: str, system: System) -> None:
        _complain(f"{time.monotonic() - began:7.1f}  {system.now:%m-%d %H:%M}  {name}")

    try:
        story = read(chosen.input, files=chosen.files)
        tell(story, out=chosen.out, watch=watch, in_browser=chosen.browser)
    except Trouble as trouble:
        _complain(str(trouble))
        return trouble.code
    except OSError as error:
        _complain(str(error))
        return CannotRun.code
    sys.stdout.write(f"{chosen.out / 'summary.json'}\n")
    return 0


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
