"""The canonical body of an act: what is signed, and what makes two posts the same command."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from sealing import canonical

ENVELOPE = frozenset({"csrfmiddlewaretoken", "command_id", "signature", "certificate"})


def canonical_body(request: HttpRequest, *, secret: Collection[str] = ()) -> bytes:
    """Return the act as canonical JSON: its address, its arguments, its fields.

    `secret` fields (passwords) are left out: the hash of a guessable word is as good as the word.
    """
    match = request.resolver_match
    assert match is not None
    skip = ENVELOPE | set(secret)
    fields: dict[str, Any] = {
        name: _one_or_many(values) for name, values in request.POST.lists() if name not in skip
    }
    for name, files in request.FILES.lists():
        described = [_described(cast("UploadedFile", file)) for file in files]
        fields[name] = described[0] if len(described) == 1 else described
    return canonical.dumps(
        {
            "act": match.view_name,
            "args": {name: str(value) for name, value in match.kwargs.items()},
            "fields": fields,
        }
    )


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else [str(value) for value in values]


def _described(file: UploadedFile) -> dict[str, Any]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return {"name": file.name, "size": file.size, "sha256": digest.hexdigest()}
