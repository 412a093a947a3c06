"""The command line every simulator understands."""

from __future__ import annotations

import argparse
from pathlib import Path


def parser(*, module: str, description: str) -> argparse.ArgumentParser:
    """Return a parser with --state and --port."""
    words = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    words.add_argument("--state", type=Path, required=True, help="folder of the durable state")
    words.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes a free one")
    return words
