"""A simulated SMS gateway. Its wire is described in ../README.md."""

from __future__ import annotations
