"""A simulated timestamp authority (RFC 3161). Its wire is described in ../README.md."""

from __future__ import annotations
