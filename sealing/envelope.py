"""Sealing a bid and opening it: header, boxes and parts put together. SPEC.md §2."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO

from sealing import form as forms
from sealing import header as headers
from sealing import package as packages
from sealing import stream
from sealing.digests import RootedSink
from sealing.errors import Code, SealingError
from sealing.form import Form
from sealing.header import FORM, PACKAGE, PART_NAMES, BoxedShare, Context, Header, Part
from sealing.package import OpenedFile, PackedFile
from sealing.padding import LENGTH_BYTES, Unpadding, padded_form, padded_package
from sealing.pieces import Holders, split
from sealing.shares import Share, keys_from
from sealing.streams import Chain, Collecting, Piece, Sink, published
from sealing.suites import BIDDER, DEFAULT, HOST, LABELS, SHARE_BYTES, Random, Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """The public keys a bid is sealed to, all of the tender's suite.

    `recovery`: those who may recover the bidder's share, if the bidder wants it.
    """

    bidder: bytes
    host: bytes
    suite: Suite = DEFAULT
    recovery: Holders | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What the sealer knows afterwards and signs when submitting."""

    header: Header
    size: int
    ct_root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEvidence:
    """What an outsider needs to recompute an announced form."""

    form: Form
    ciphertext: bytes = field(repr=False)
    key: bytes = field(repr=False)


def seal(
    context: Context,
    *,
    recipients: Recipients,
    form: Form,
    files: Sequence[PackedFile],
    sink: BinaryIO,
    random: Random = secrets.token_bytes,
) -> Sealed:
    """Seal a form and its files into `sink`, reading and writing every byte once."""
    if form.lot != context.lot:
        raise SealingError(Code.FORM, "the form is for another lot")
    sources = _sources(form, files)
    ctxh = context.digest
    suite = recipients.suite
    shares = {label: random(SHARE_BYTES) for label in LABELS}
    publics = {BIDDER: recipients.bidder, HOST: recipients.host}
    keys = suite.content_keys(
        bidder=shares[BIDDER], host=shares[HOST], ctxh=ctxh, parts=len(sources)
    )
    made = Header(
        suite=suite,
        context=context,
        commitment=keys.commitment,
        shares=tuple(
            BoxedShare(
                label=label,
                kid=suite.b64_kid(publics[label]),
                box=suite.box(shares[label], public=publics[label], label=label, ctxh=ctxh),
                commitment=suite.commit(shares[label], label=label, ctxh=ctxh),
            )
            for label in LABELS
        ),
        parts=tuple(
            Part(
                name=name,
                length=source.size,
                ciphertext=stream.ciphertext_length(source.size),
                commitment=suite.commit_part(keys.parts[index], index=index, ctxh=ctxh),
            )
            for index, (name, source) in enumerate(zip(PART_NAMES, sources, strict=True))
        ),
        recovery=()
        if recipients.recovery is None
        else split(
            shares[BIDDER], holders=recipients.recovery, suite=suite, ctxh=ctxh, random=random
        ),
    )
    # What was just made is read back as a stranger would: no refusable bid leaves this function.
    made = headers.parse(made.json)
    with ExitStack() as stack:
        out = stack.enter_context(RootedSink(sink))
        out.write(memoryview(made.prefix))
        for source, key in zip(sources, keys.parts, strict=True):
            stack.callback(source.close)
            stream.encrypt(source, out, key=key, aad=made.sha256, suite=suite, random=random)
        return Sealed(header=made, size=out.size, ct_root=out.ct_root())


def seal_file(
    context: Context,
    *,
    recipients: Recipients,
    form: Form,
    files: Sequence[PackedFile],
    path: Path,
    random: Random = secrets.token_bytes,
) -> Sealed:
    """Seal into a file that appears only when it is whole."""
    with published(path) as sink:
        return seal(
            context, recipients=recipients, form=form, files=files, sink=sink, random=random
        )


def open_part(
    file: BinaryIO, *, header: Header, shares: Sequence[Share], index: int, sink: Sink
) -> None:
    """Decrypt the content of one part into `sink`, which must publish nothing before this returns.

    Every commitment is checked before a byte is decrypted, and the length of the file too.
    """
    keys = keys_from(header, shares)
    headers.check_size(header, file.seek(0, SEEK_END))
    file.seek(header.offset(index))
    length = header.parts[index].length
    stream.decrypt(
        file,
        Unpadding(sink, length=length),
        key=keys[index],
        aad=header.sha256,
        length=length,
        suite=header.suite,
    )


def open_form(file: BinaryIO, *, header: Header, shares: Sequence[Share]) -> Form:
    """Open part 0."""
    content = Collecting()
    open_part(file, header=header, shares=shares, index=FORM, sink=content)
    form = forms.loads(content.data)
    if form.lot != header.context.lot:
        raise SealingError(Code.FORM, "the form is for another lot")
    return form


def open_package(
    file: BinaryIO, *, header: Header, shares: Sequence[Share], into: Path
) -> tuple[OpenedFile, ...]:
    """Open part 1 into a new folder, which appears only when the whole package is verified."""
    sink = packages.Unpacking(into)
    try:
        open_part(file, header=header, shares=shares, index=PACKAGE, sink=sink)
        return sink.publish()
    finally:
        sink.discard()


def form_evidence(file: BinaryIO, *, header: Header, shares: Sequence[Share]) -> FormEvidence:
    """Open part 0 and keep what proves it. The key opens the form alone, never the package."""
    form = open_form(file, header=header, shares=shares)
    file.seek(header.offset(FORM))
    return FormEvidence(
        form=form,
        ciphertext=file.read(header.parts[FORM].ciphertext),
        key=keys_from(header, shares)[FORM],
    )


def form_ct_sha256(file: BinaryIO, *, header: Header) -> bytes:
    """Digest the ciphertext of part 0, as the log keeps it."""
    file.seek(header.offset(FORM))
    return hashlib.sha256(file.read(header.parts[FORM].ciphertext)).digest()


def _sources(form: Form, files: Sequence[PackedFile]) -> tuple[Chain, Chain]:
    text = form.dumps()
    pieces = packages.pack(files)
    size = Chain(pieces).size
    return (
        Chain([_length(len(text)), text], size=padded_form(len(text))),
        Chain([_length(size), *pieces], size=padded_package(size)),
    )


def _length(size: int) -> Piece:
    return size.to_bytes(LENGTH_BYTES, "big")
