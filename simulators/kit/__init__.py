"""What all simulators share: a clock, an HTTP server, a durable store, strict JSON."""

from __future__ import annotations
