"""The canonical body of an act: what is signed, and what makes two posts the same command."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from core.verdicts import Refusal
from sealing import canonical
from sealing.errors import SealingError

ENVELOPE = frozenset({"csrfmiddlewaretoken", "command_id", "signature", "certificate"})


def canonical_body(request: HttpRequest, *, secret: Collection[str] = ()) -> bytes:
    """Return the act as canonical JSON: its address, its arguments, its command, its fields.

    The command is done once, so that a signature over it serves once: who holds a session and an
    old signature cannot do the same thing again in the signer's name.

    A name that is both field and file is refused, since nobody could say which was signed.

    `secret` fields (passwords) are left out: the hash of a guessable word is as good as the word.
    """
    match = request.resolver_match
    assert match is not None
    skip = ENVELOPE | set(secret)
    fields: dict[str, Any] = {
        name: _one_or_many(values) for name, values in request.POST.lists() if name not in skip
    }
    for name, files in request.FILES.lists():
        if name in request.POST:
            # The signature would cover the file, and the form would read the field.
            raise Refusal("A-301")
        described = [_described(file) for file in files]
        fields[name] = described[0] if len(described) == 1 else described
    try:
        return canonical.dumps(
            {
                "act": match.view_name,
                "args": args(match.kwargs),
                "command": request.POST.get("command_id", ""),
                "fields": fields,
            }
        )
    except SealingError:  # a field name or text without a single spelling
        raise Refusal("A-301") from None


def args(kwargs: Mapping[str, object]) -> dict[str, str]:
    """Return an act's URL arguments as they stand in the body."""
    return {key: str(value) for key, value in kwargs.items()}


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else [str(value) for value in values]


def _described(file: UploadedFile[Any]) -> dict[str, Any]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return {"name": file.name, "size": file.size, "sha256": digest.hexdigest()}
