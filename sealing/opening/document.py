"""`opening-LOT.json`: its parts, written and read. Whether it is true is `verify`'s question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sealing import canonical
from sealing.encoding import b64u, unb64u
from sealing.entries import OPENED, OUTCOMES
from sealing.errors import Code, SealingError
from sealing.form import Form
from sealing.form import from_body as form_from_body
from sealing.log import Logged
from sealing.shapes import among, exact, is_id, is_list, is_object, nullable, octets, same
from sealing.shares import Share
from sealing.suites import LABELS, SHARE_BYTES

KIND = "ggzy-opening"

_MEMBERS = {
    "v": same(1),
    "kind": same(KIND),
    "origin": lambda value: isinstance(value, str),
    "tender": is_id,
    "lot": is_id,
    "envelope": is_id,
    "key": is_object,
    "close": is_object,
    "result": is_object,
    "bids": is_list,
    "gone": is_list,
    "releases": is_list,
}
_BID = {
    "receive": is_object,
    "header": lambda value: isinstance(value, str),
    "outcome": among(*OUTCOMES),
    "opened": nullable(is_object),
}
_OPENED = {
    "form": is_object,
    "form_ct": lambda value: isinstance(value, str),
    "form_key": octets(32),
    "shares": nullable(is_object),
}
_GONE = {"receive": is_object, "end": is_object}
_SHARES = dict.fromkeys(LABELS, octets(SHARE_BYTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What an opened bid said, and what proves it.

    `form_key` opens the form alone. Shares would open the package too for whoever has its
    ciphertext: publish them only where the packages are public anyway.
    """

    form: Form
    form_ct: bytes = field(repr=False)
    form_key: bytes = field(repr=False)
    shares: tuple[Share, ...] | None = field(default=None, repr=False)

    def body(self) -> dict[str, Any]:
        """Return the JSON object."""
        shares = None
        if self.shares is not None:
            shares = {share.label: b64u(share.secret) for share in self.shares}
        return {
            "form": self.form.body(),
            "form_ct": b64u(self.form_ct),
            "form_key": b64u(self.form_key),
            "shares": shares,
        }

    @classmethod
    def from_body(cls, body: object) -> Opened:
        """Read the JSON object."""
        members = exact(body, _OPENED, what="opened bid")
        shares = None
        if members["shares"] is not None:
            secrets = exact(members["shares"], _SHARES, what="shares")
            shares = tuple(Share(label=one, secret=unb64u(secrets[one])) for one in LABELS)
        return cls(
            form=form_from_body(members["form"]),
            form_ct=unb64u(members["form_ct"]),
            form_key=unb64u(members["form_key"]),
            shares=shares,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBid:
    """A bid that was in at the deadline; `header` is the canonical JSON of its file."""

    receive: Logged
    header: bytes
    outcome: str
    opened: Opened | None = None

    def body(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {
            "receive": self.receive.body(),
            "header": b64u(self.header),
            "outcome": self.outcome,
            "opened": None if self.opened is None else self.opened.body(),
        }

    @classmethod
    def from_body(cls, body: object) -> LiveBid:
        """Read the JSON object."""
        members = exact(body, _BID, what="bid")
        if (members["outcome"] == OPENED) != (members["opened"] is not None):
            raise SealingError(Code.MALFORMED, "bid: opened or not")
        opened = members["opened"]
        return cls(
            receive=Logged.from_body(members["receive"]),
            header=unb64u(members["header"]),
            outcome=members["outcome"],
            opened=None if opened is None else Opened.from_body(opened),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneBid:
    """A bid that was withdrawn or replaced before the deadline."""

    receive: Logged
    end: Logged

    def body(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {"receive": self.receive.body(), "end": self.end.body()}

    @classmethod
    def from_body(cls, body: object) -> GoneBid:
        """Read the JSON object."""
        members = exact(body, _GONE, what="gone bid")
        return cls(
            receive=Logged.from_body(members["receive"]), end=Logged.from_body(members["end"])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Everything that is published of the opening of one lot."""

    origin: str
    tender: str
    lot: str
    envelope: str
    key: Logged
    close: Logged
    result: Logged
    bids: tuple[LiveBid, ...]
    gone: tuple[GoneBid, ...] = ()
    releases: tuple[Logged, ...] = ()
    recovery: Logged | None = None

    def dumps(self) -> bytes:
        """Write the document."""
        return canonical.dumps(
            {
                "v": 1,
                "kind": KIND,
                "origin": self.origin,
                "tender": self.tender,
                "lot": self.lot,
                "envelope": self.envelope,
                "key": self.key.body(),
                "close": self.close.body(),
                "result": self.result.body(),
                "bids": [one.body() for one in self.bids],
                "gone": [one.body() for one in self.gone],
                "releases": [one.body() for one in self.releases],
                **({} if self.recovery is None else {"recovery": self.recovery.body()}),
            }
        )

    @classmethod
    def from_body(cls, body: object) -> Opening:
        """Read the JSON object."""
        offered = isinstance(body, dict) and "recovery" in body
        shape = {**_MEMBERS, "recovery": is_object} if offered else _MEMBERS
        members = exact(body, shape, what="opening")
        return cls(
            origin=members["origin"],
            tender=members["tender"],
            lot=members["lot"],
            envelope=members["envelope"],
            key=Logged.from_body(members["key"]),
            close=Logged.from_body(members["close"]),
            result=Logged.from_body(members["result"]),
            bids=tuple(LiveBid.from_body(one) for one in members["bids"]),
            gone=tuple(GoneBid.from_body(one) for one in members["gone"]),
            releases=tuple(Logged.from_body(one) for one in members["releases"]),
            recovery=Logged.from_body(members["recovery"]) if offered else None,
        )
