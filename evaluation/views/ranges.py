"""Files in parts (RFC 9110 §14): the viewer shows the first page before the rest has come."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_PIECE = 64 * 1024
# Bidders' bytes never become a page of ours: no sniffing, no script, no frame (design rule 11).
_GUARD = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "attachment",
    "Accept-Ranges": "bytes",
}


def part_of_file(request: HttpRequest, *, name: str, size: int) -> HttpResponseBase:
    """Answer with a stored file or the one part asked for."""
    first, last, status = _wanted(request.headers.get("Range", ""), size)
    if first > last:
        return HttpResponse(status=416, headers={**_GUARD, "Content-Range": f"bytes */{size}"})
    pieces = _pieces(name, first, last - first + 1)
    response = StreamingHttpResponse(
        # Under ASGI Django would read a plain iterator to its end before sending anything.
        _apart(pieces) if isinstance(request, ASGIRequest) else pieces,
        status=status,
        content_type="application/octet-stream",
        headers={**_GUARD, "Content-Length": str(last - first + 1)},
    )
    if status == 206:  # noqa: PLR2004 - Partial Content
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _wanted(header: str, size: int) -> tuple[int, int, int]:
    told = _RANGE.fullmatch(header.strip())
    if told is None or not any(told.groups()):
        return 0, size - 1, 200
    start, end = told.groups()
    if not start:  # the last so many bytes
        return max(0, size - int(end)), size - 1, 206
    return int(start), min(int(end) if end else size - 1, size - 1), 206


def _pieces(name: str, first: int, count: int) -> Iterator[bytes]:
    with default_storage.open(name) as file:
        file.seek(first)
        while count and (piece := file.read(min(_PIECE, count))):
            count -= len(piece)
            yield piece


async def _apart(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    following = sync_to_async(lambda: next(pieces, b""))
    while piece := await following():
        yield piece
