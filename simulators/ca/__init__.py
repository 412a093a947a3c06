"""A demo certificate authority. Its wire is described in ../README.md."""

from __future__ import annotations
