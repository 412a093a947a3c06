"""Seals on PDFs: PAdES-B-T, appended to the file as it was, so that its first bytes stay it.

`signing` seals, `mark` draws what a reader sees of the seal, `reading` finds out what a file's
seals cover, and `cage` reads a stranger's file in a child process that cannot do harm. Whom to
trust is not decided here. Modules are imported one by one: the library behind them takes a second
to load, and a process that seals nothing should not pay for it.
"""

from __future__ import annotations
