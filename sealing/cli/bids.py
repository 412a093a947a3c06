"""`seal`, `inspect`, `release` and `open`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sealing import (
    canonical,
    digests,
    envelope,
    form,
    header,
    keys,
    pieces,
    recovery,
    shares,
    splitting,
)
from sealing.cli.files import (
    BadInput,
    existing,
    fresh,
    passphrase,
    read_bytes,
    read_json,
    told,
    write_new,
)
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.header import Context, Header
from sealing.keys import OpeningKey
from sealing.package import PARTS, PackedFile
from sealing.pieces import LEAST, MOST
from sealing.shapes import exact, is_kid, is_list, is_object, octets, same, text, whole
from sealing.shares import Share
from sealing.suites import BIDDER, HOST, Suite

RECOVERY = "recovery"

# The tender facts that the delivery page hands out; a file written by hand may lack the others.
_FACTS = {"ctx": is_object, "host": is_object}
_MORE_FACTS = {"doc_version": whole(low=1), "log_key": text(400), RECOVERY: is_object}
_RECOVERY = {"need": whole(LEAST, MOST), "keys": is_list}


def register(commands: Any) -> None:
    """Add the commands of this file."""
    one = commands.add_parser("seal", help="seal a form and files")
    one.add_argument(
        "--context",
        type=Path,
        required=True,
        help='tender facts of the delivery page: JSON {"ctx": {tender, lot, envelope, bidder, '
        'bid, deadline_id}, "host": {kid, public, suite}, "doc_version", "log_key", "recovery": '
        "{need, keys: [{kid, public}]}}; no suite means 1, the last three may be absent; compare "
        "kid with the signed notice",
    )
    one.add_argument(
        "--recovery",
        action="store_true",
        help="let those whom the tender names recover your share if you lose your key",
    )
    one.add_argument("--key", type=Path, required=True, help="your key file")
    one.add_argument("--form", type=Path, required=True, help="JSON of the opening form")
    one.add_argument(
        "--file", action="append", default=[], metavar="PART=PATH", help="|".join(PARTS)
    )
    one.add_argument("--out", type=Path, required=True)
    one.set_defaults(run=seal)

    two = commands.add_parser("inspect", help="show what a sealed file says without opening it")
    two.add_argument("sealed", type=Path)
    two.set_defaults(run=inspect)

    three = commands.add_parser("release", help="unbox your share of sealed bids")
    three.add_argument("sealed", type=Path, nargs="+", help="sealed files, or their beginnings")
    three.add_argument("--label", choices=[BIDDER, HOST, RECOVERY], default=BIDDER)
    three.add_argument("--key", type=Path, help="key file")
    three.add_argument("--holder", type=Path, action="append", default=[], help="twice")
    three.add_argument("--passphrase-file", type=Path, action="append", default=[])
    three.add_argument("--out", type=Path, required=True, help="file for the released shares")
    three.set_defaults(run=release)

    four = commands.add_parser("open", help="open a sealed file with both shares")
    four.add_argument("sealed", type=Path)
    four.add_argument("--shares", type=Path, action="append", default=[], required=True)
    four.add_argument("--out", type=Path, required=True, help="new folder for the files")
    four.set_defaults(run=open_bid)


def seal(chosen: argparse.Namespace) -> dict[str, Any]:
    """Seal, and say what the bidder signs when submitting."""
    body = _facts(read_json(chosen.context))
    suite = keys.suite_of(body["host"])
    members = {"kid": is_kid, "public": octets(suite.kem.public_bytes)}
    if "suite" in body["host"]:
        members["suite"] = same(suite.id.value)
    host = exact(body["host"], members, what="host")
    public = unb64u(host["public"])
    if suite.b64_kid(public) != host["kid"]:
        raise SealingError(Code.WRONG_KEY, "the host key is not the one of this kid")
    mine = keys.read_public(read_bytes(chosen.key))
    if mine.suite is not suite:
        raise SealingError(Code.WRONG_KEY, f"your key is of suite {mine.suite.id}")
    try:
        context = Context(**body["ctx"])
    except TypeError as error:
        raise BadInput(f"{chosen.context}: ctx") from error
    made = envelope.seal_file(
        context,
        recipients=envelope.Recipients(
            bidder=mine.public,
            host=public,
            suite=suite,
            recovery=_holders(body.get(RECOVERY), suite) if chosen.recovery else None,
        ),
        form=form.from_body(_form_body(read_json(chosen.form), context=context, facts=body)),
        files=[_packed(given) for given in chosen.file],
        path=fresh(chosen.out),
    )
    return {
        **told(suite),
        "file": str(chosen.out),
        "size": made.size,
        "ct_root": b64u(made.ct_root),
        "header_sha256": b64u(made.header.sha256),
        "kc": b64u(made.header.commitment),
    }


def inspect(chosen: argparse.Namespace) -> dict[str, Any]:
    """Read a sealed file once: header, lengths and digests."""
    with existing(chosen.sealed).open("rb", buffering=0) as file:
        made = header.read(file)
        header.check_size(made, chosen.sealed.stat().st_size)
        measured = digests.measure(file, header=made)
    return {
        **told(made.suite),
        "header": canonical.loads(made.json),
        "header_sha256": b64u(made.sha256),
        "size": measured.size,
        "ct_root": b64u(measured.ct_root),
        "ct_sha256": b64u(measured.ct_sha256),
        "ct_sm3": b64u(measured.ct_sm3),
        "form_ct_sha256": b64u(measured.form_ct_sha256),
    }


def release(chosen: argparse.Namespace) -> dict[str, Any]:
    """Unbox one share of each file; nothing is written unless all meet their commitments."""
    fresh(chosen.out)
    headers = [_header(path) for path in chosen.sealed]
    key = _key(chosen)
    released = [canonical.loads(_released(one, label=chosen.label, key=key)) for one in headers]
    write_new(chosen.out, canonical.dumps(released))
    return {
        "label": chosen.label,
        "kid": key.kid,
        "bids": [one.context.bid for one in headers],
        "file": str(chosen.out),
    }


def open_bid(chosen: argparse.Namespace) -> dict[str, Any]:
    """Open form and package into a new folder that appears only when everything is verified."""
    fresh(chosen.out)
    with existing(chosen.sealed).open("rb", buffering=0) as file:
        made = header.read(file)
        released = _shares(chosen.shares, made)
        opened = envelope.open_form(file, header=made, shares=released)
        files = envelope.open_package(file, header=made, shares=released, into=chosen.out)
    return {
        "form": opened.body(),
        "form_sha256": b64u(opened.sha256),
        "files": [
            {"name": one.name, "part": one.part, "size": one.size, "sha256": b64u(one.sha256)}
            for one in files
        ],
        "folder": str(chosen.out),
    }


def _holders(body: Any, suite: Suite) -> pieces.Holders:
    if body is None:
        raise BadInput("--recovery: the context file offers no recovery")
    body = exact(body, _RECOVERY, what="recovery")
    members = {"kid": is_kid, "public": octets(suite.kem.public_bytes)}
    named = [exact(one, members, what="recovery key") for one in body["keys"]]
    for one in named:
        if suite.b64_kid(unb64u(one["public"])) != one["kid"]:
            raise SealingError(Code.WRONG_KEY, "a recovery key is not the one of its kid")
    return pieces.Holders(need=body["need"], publics=tuple(unb64u(one["public"]) for one in named))


def _released(made: Header, *, label: str, key: OpeningKey) -> bytes:
    if label == RECOVERY:
        return recovery.dumps(recovery.release(made, key=key), header=made, kid=key.kid)
    return shares.dumps(shares.release(made, label=label, key=key), header=made)


def _facts(body: Any) -> dict[str, Any]:
    """Read the tender facts."""
    named = body if isinstance(body, dict) else {}
    more = {name: check for name, check in _MORE_FACTS.items() if name in named}
    return exact(body, {**_FACTS, **more}, what="context file")


def _form_body(body: Any, *, context: Context, facts: Mapping[str, Any]) -> object:
    """Fill in what the tender facts or an empty form already say."""
    if not isinstance(body, dict):
        raise BadInput("the form is not a JSON object")
    version = facts.get("doc_version", 1)
    return {"v": 1, "lot": context.lot, "doc_version": version, "claims": {}, "extra": [], **body}


def _packed(given: str) -> PackedFile:
    part, separator, path = given.partition("=")
    if not separator or part not in PARTS:
        raise BadInput(f"--file {given}: PART=PATH, PART is {', '.join(PARTS)}")
    return PackedFile.from_path(existing(Path(path)), part=part)


def _header(path: Path) -> Header:
    with existing(path).open("rb") as file:
        return header.read(file)


def _key(chosen: argparse.Namespace) -> OpeningKey:
    files = [*chosen.passphrase_file, None, None]
    if chosen.label != HOST:
        if chosen.key is None or chosen.holder:
            raise BadInput(f"--label {chosen.label} needs --key")
        return keys.unwrap(
            read_bytes(chosen.key), passphrase=passphrase(files[0], prompt="Passphrase")
        )
    if chosen.key is not None or len(chosen.holder) != splitting.NEED:
        raise BadInput("the host's share needs --holder twice")
    one, other = (
        splitting.unwrap(
            read_bytes(path), passphrase=passphrase(file, prompt=f"Passphrase of {path.name}")
        )
        for path, file in zip(chosen.holder, files[: splitting.NEED], strict=True)
    )
    return splitting.combine(one, other)


def _shares(paths: list[Path], made: Header) -> list[Share]:
    """Pick what belongs to this bid from files that may hold the shares of many."""
    bodies = [
        one
        for path in paths
        for one in _as_list(read_json(path))
        if isinstance(one, dict) and one.get("header_sha256") == b64u(made.sha256)
    ]
    given = [
        piece
        for one in bodies
        if one.get("kind") == recovery.KIND
        for piece in recovery.from_body(one, header=made)
    ]
    rest = [one for one in bodies if one.get("kind") != recovery.KIND]
    found = [shares.from_body(one, header=made) for one in rest]
    if given and BIDDER not in {share.label for share in found}:
        found.append(recovery.recover(made, given))
    return found


def _as_list(body: Any) -> list[Any]:
    return body if isinstance(body, list) else [body]
