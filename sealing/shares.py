"""Releasing a share and checking it: SPEC.md §2.2 and §5."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from sealing import canonical
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.header import Header
from sealing.keys import OpeningKey
from sealing.shapes import among, exact, is_hash, octets, same
from sealing.suites import BIDDER, HOST, LABELS, SHARE_BYTES

KIND = "ggzy-share"

_MEMBERS = {
    "v": same(1),
    "kind": same(KIND),
    "header_sha256": is_hash,
    "label": among(*LABELS),
    "share": octets(SHARE_BYTES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A released share of one sealed bid. Its repr shows the label only."""

    label: str
    secret: bytes = field(repr=False)


def release(header: Header, *, label: str, key: OpeningKey) -> Share:
    """Unbox the share that is addressed to this key and check it against its commitment."""
    boxed = header.share(label)
    if key.suite is not header.suite or boxed.kid != key.kid:
        raise SealingError(Code.WRONG_KEY, f"sealed to another {label} key")
    secret = key.unbox(boxed.box, label=label, ctxh=header.context.digest)
    share = Share(label=label, secret=secret)
    check_share(header, share)
    return share


def check_share(header: Header, share: Share) -> None:
    """Refuse a share that does not meet the header's commitment."""
    boxed = header.share(share.label)
    made = header.suite.commit(share.secret, label=share.label, ctxh=header.context.digest)
    if not hmac.compare_digest(made, boxed.commitment):
        raise SealingError(Code.COMMITMENT, f"{share.label} share")


def verify_share(header: Header, share: Share) -> bool:
    """Tell whether a share meets the header's commitment."""
    try:
        check_share(header, share)
    except SealingError:
        return False
    return True


def keys_from(header: Header, shares: Sequence[Share]) -> tuple[bytes, ...]:
    """Derive the part keys; every commitment is checked, and no one share is enough."""
    by_label = {share.label: share for share in shares}
    if by_label.keys() != set(LABELS):
        raise SealingError(Code.COMMITMENT, "the bidder's and the host's share are both needed")
    for share in by_label.values():
        check_share(header, share)
    ctxh = header.context.digest
    keys = header.suite.content_keys(
        bidder=by_label[BIDDER].secret,
        host=by_label[HOST].secret,
        ctxh=ctxh,
        parts=len(header.parts),
    )
    if not hmac.compare_digest(keys.commitment, header.commitment):
        raise SealingError(Code.COMMITMENT, "content key")
    for index in range(len(header.parts)):
        check_part_key(header, keys.parts[index], index=index)
    return keys.parts


def check_part_key(header: Header, key: bytes, *, index: int) -> None:
    """Refuse a part key that does not meet the header's commitment."""
    made = header.suite.commit_part(key, index=index, ctxh=header.context.digest)
    if not hmac.compare_digest(made, header.parts[index].commitment):
        raise SealingError(Code.COMMITMENT, f"key of part {index}")


def dumps(share: Share, *, header: Header) -> bytes:
    """Write a released share for the way to the server."""
    return canonical.dumps(
        {
            "v": 1,
            "kind": KIND,
            "header_sha256": b64u(header.sha256),
            "label": share.label,
            "share": b64u(share.secret),
        }
    )


def from_body(body: object, *, header: Header) -> Share:
    """Read a released share that must belong to this header, and check it."""
    members = exact(body, _MEMBERS, what="share")
    if members["header_sha256"] != b64u(header.sha256):
        raise SealingError(Code.WRONG_CONTEXT, "the share belongs to another sealed bid")
    share = Share(label=members["label"], secret=unb64u(members["share"]))
    check_share(header, share)
    return share
