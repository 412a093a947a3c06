"""Seal and unseal one small bid, for tests of what lies inside."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from sealing import envelope, keys, shares
from sealing.envelope import Recipients
from sealing.errors import Code, SealingError
from sealing.header import Context
from tests.sealing import scene

CONTEXT = Context(**scene.LOT, bidder="p-1", bid="b-1", deadline_id="D1")


def refused(code: Code):
    return pytest.raises(SealingError, check=lambda error: error.code is code)


def seal(*, host, files=(), key=None, context=CONTEXT):
    key = key or keys.generate(suite=host.suite)
    sink = BytesIO()
    made = envelope.seal(
        context,
        recipients=Recipients(bidder=key.public, host=host.public, suite=host.suite),
        form=scene.form(100),
        files=list(files),
        sink=sink,
    )
    return key, made, sink


def unseal(key, host, made, sink, into: Path):
    released = [
        shares.release(made.header, label="bidder", key=key),
        shares.release(made.header, label="host", key=host),
    ]
    form = envelope.open_form(sink, header=made.header, shares=released)
    files = envelope.open_package(sink, header=made.header, shares=released, into=into)
    return form, files
