"""One lot from key to opening, small and whole: two bids opened, one unreleased, two gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing import (
    batch,
    checkpoint,
    digests,
    entries,
    envelope,
    header,
    keys,
    merkle,
    receipts,
    shares,
)
from sealing.checkpoint import Checkpoint, LogKey
from sealing.encoding import b64u
from sealing.form import Form
from sealing.header import Context, Header
from sealing.log import Logged, entry_hash, prove, set_root
from sealing.opening import GoneBid, LiveBid, Opened, Opening
from sealing.package import PackedFile
from sealing.pieces import Holders
from sealing.receipts import Receipt
from sealing.suites import DEFAULT, Suite

ORIGIN = "ggzy.example/320500"
LOT = {"tender": "T-2026-0001", "lot": "L1", "envelope": "single"}
DEADLINE = "2026-11-23T06:00:00.000Z"


class Log:
    """A log as the platform keeps it: ticks, and where each entry stands."""

    def __init__(
        self,
        *,
        random,
        private: Ed25519PrivateKey,
        bend=lambda entry: entry,
        slow: bool = False,
    ) -> None:
        self.random = random
        self.bend = bend
        self.slow = slow
        self.waiting: list[bytes] = []
        self.private = private
        self.key = LogKey.of(private, origin=ORIGIN)
        self.tree = merkle.MemoryTree()
        self.where: dict[bytes, tuple[int, batch.Batch, int]] = {}
        self.salts: dict[bytes, bytes] = {}
        self.bodies: dict[bytes, dict] = {}

    def tick(self, *wanted: entries.Entry) -> list[bytes]:
        leaves = []
        for entry in map(self.bend, wanted):
            salt = self.random(32)
            leaf = entry_hash(entry.body(), salt=salt)
            self.salts[leaf], self.bodies[leaf] = salt, entry.body()
            leaves.append(leaf)
        self.waiting += leaves
        if not self.slow:
            self.place()
        return leaves

    def place(self) -> None:
        made = batch.build(self.waiting, random=self.random)
        for place, leaf in made.places.items():
            self.where[leaf] = (self.tree.size, made, place)
        self.tree.append(merkle.leaf_hash(made.root()))
        self.waiting = []

    def proof(self, leaf: bytes, *, size: int | None = None):
        index, made, place = self.where[leaf]
        return prove(
            made,
            place=place,
            nodes=self.tree.nodes,
            index=index,
            size=self.tree.size if size is None else size,
        )

    def logged(self, leaf: bytes) -> Logged:
        return Logged(entry=self.bodies[leaf], salt=self.salts[leaf], proof=self.proof(leaf))

    def checkpoint(self, *, size: int | None = None) -> str:
        size = self.tree.size if size is None else size
        state = Checkpoint(origin=ORIGIN, size=size, root=self.tree.root(size))
        return checkpoint.sign(state, private=self.private)


@dataclass(kw_only=True)
class Bid:
    """One sealed bid as its bidder and the platform know it."""

    key: keys.OpeningKey
    form: Form
    header: Header
    data: bytes = field(repr=False)
    leaf: bytes = b""
    receipt: str = ""


@dataclass(kw_only=True)
class Scene:
    """Everything there is after the opening."""

    log: Log
    host: keys.OpeningKey
    bids: dict[str, Bid]
    opening: Opening
    receipts: dict[str, str]

    @property
    def checkpoint(self) -> str:
        return self.log.checkpoint()


def form(price_fen: int) -> Form:
    return Form(
        lot=LOT["lot"],
        doc_version=0,
        price_fen=price_fen,
        duration_days=90,
        quality="合格",
        manager="王建国",
        claims={"small_business": True, "domestic": True},
    )


def seal_bid(
    *,
    random,
    host: keys.OpeningKey,
    party: str,
    bid: str,
    price_fen: int,
    recovery: Holders | None = None,
) -> Bid:
    key = keys.generate(suite=host.suite, random=random)
    context = Context(**LOT, bidder=party, bid=bid, deadline_id="D1")
    sink = BytesIO()
    made = envelope.seal(
        context,
        recipients=envelope.Recipients(
            bidder=key.public, host=host.public, suite=host.suite, recovery=recovery
        ),
        form=form(price_fen),
        files=[PackedFile(name="技术标.pdf", part="technical", content=b"%PDF-1.7 " * 9)],
        sink=sink,
        random=random,
    )
    return Bid(key=key, form=form(price_fen), header=made.header, data=sink.getvalue())


def receive(bid: Bid, *, at: str, random) -> entries.BidReceived:
    measured = digests.measure(BytesIO(bid.data), header=bid.header)
    context = bid.header.context
    return entries.BidReceived(
        at=at,
        tender=context.tender,
        lot=context.lot,
        envelope=context.envelope,
        party=context.bidder,
        bid=context.bid,
        deadline_id=context.deadline_id,
        doc_version=bid.form.doc_version,
        ct_root=b64u(measured.ct_root),
        ct_sha256=b64u(measured.ct_sha256),
        ct_sm3=b64u(measured.ct_sm3),
        size=measured.size,
        header_sha256=b64u(bid.header.sha256),
        form_ct_sha256=b64u(measured.form_ct_sha256),
        kc=b64u(bid.header.commitment),
        signature_sha256=b64u(random(32)),
    )


def play(
    *,
    random,
    publish_shares: bool = False,
    bend=lambda entry: entry,
    suite: Suite = DEFAULT,
    helpers: tuple[keys.OpeningKey, ...] = (),
    slow: bool = False,
) -> Scene:
    """Play the whole lot; a platform that lies passes every entry through `bend` first.

    Where there are `helpers`, any two of whom recover, all but li take them, and sun needs them.
    A `slow` log places everything in one tick.
    """
    private = Ed25519PrivateKey.from_private_bytes(random(32))
    log = Log(random=random, private=private, bend=bend, slow=slow)
    host = keys.generate(suite=suite, random=random)
    (key_leaf,) = log.tick(
        entries.KeyPublished(
            at="2026-11-01T01:00:00.000Z",
            tender=LOT["tender"],
            role="host",
            kid=host.kid,
            public=b64u(host.public),
            suite=host.suite.id.value,
        )
    )
    offered = recovery_leaf = None
    if helpers:
        offered = Holders(need=2, publics=tuple(one.public for one in helpers))
        named = tuple(entries.NamedKey(kid=one.kid, public=b64u(one.public)) for one in helpers)
        (recovery_leaf,) = log.tick(
            entries.RecoveryPublished(
                at="2026-11-01T01:00:00.000Z",
                tender=LOT["tender"],
                need=offered.need,
                keys=named,
                suite=suite.id.value,
            )
        )
    log.tick()
    wanted = {
        "sun": ("p-sun", "b-1", 9_800_000),
        "li-old": ("p-li", "b-2", 9_900_000),
        "li": ("p-li", "b-3", 9_700_000),
        "zhou": ("p-zhou", "b-4", 9_600_000),
        "chen": ("p-chen", "b-5", 9_500_000),
    }
    bids: dict[str, Bid] = {}
    tokens: dict[str, str] = {}
    for minute, (name, (party, number, price)) in enumerate(wanted.items()):
        bid = seal_bid(
            random=random,
            host=host,
            party=party,
            bid=number,
            price_fen=price,
            recovery=None if name == "li" else offered,
        )
        entry = receive(bid, at=f"2026-11-23T05:{minute:02d}:00.000Z", random=random)
        (bid.leaf,) = log.tick(entry)
        bids[name] = bid
        promise = slow or name == "sun"
        tokens[name] = receipts.sign(
            Receipt(
                issuer=ORIGIN,
                id=b64u(random(16)),
                issued_at=f"2026-11-23T05:{minute:02d}:01.000Z",
                entry=bend(entry),
                salt=log.salts[bid.leaf],
                checkpoint=None if promise else log.checkpoint(),
                proof=None if promise else log.proof(bid.leaf),
            ),
            private=log.private,
        )
    superseded, withdrawn = log.tick(
        entries.BidSuperseded(
            at="2026-11-23T05:30:00.000Z",
            **LOT,
            party="p-li",
            old=b64u(bids["li-old"].leaf),
            new=b64u(bids["li"].leaf),
        ),
        entries.BidWithdrawn(
            at="2026-11-23T05:40:00.000Z", **LOT, party="p-chen", old=b64u(bids["chen"].leaf)
        ),
    )
    live = ("sun", "li", "zhou")
    (close,) = log.tick(
        entries.TenderClosed(
            at="2026-11-23T06:00:02.000Z",
            tender=LOT["tender"],
            lot=LOT["lot"],
            envelope=LOT["envelope"],
            deadline_id="D1",
            deadline_at=DEADLINE,
            count=len(live),
            set_root=b64u(set_root(bids[name].leaf for name in live)),
        )
    )
    opened = ("sun", "li")
    releases = []
    for role in ("bidder", "host"):
        releases += log.tick(*(released(bids[name], role=role) for name in opened))
    (result,) = log.tick(
        entries.OpeningResult(
            at="2026-11-23T06:10:00.000Z",
            **LOT,
            outcomes=tuple(
                entries.Outcome(
                    leaf=b64u(bids[name].leaf),
                    outcome="opened" if name in opened else "unreleased",
                    form_sha256=b64u(bids[name].form.sha256) if name in opened else None,
                )
                for name in live
            ),
        )
    )
    log.slow = False
    log.tick()

    def show(name: str) -> LiveBid:
        bid = bids[name]
        if name not in opened:
            return LiveBid(
                receive=log.logged(bid.leaf), header=bid.header.json, outcome="unreleased"
            )
        given = both(bid, host=host)
        evidence = envelope.form_evidence(BytesIO(bid.data), header=bid.header, shares=given)
        return LiveBid(
            receive=log.logged(bid.leaf),
            header=bid.header.json,
            outcome="opened",
            opened=Opened(
                form=evidence.form,
                form_ct=evidence.ciphertext,
                form_key=evidence.key,
                shares=given if publish_shares else None,
            ),
        )

    return Scene(
        log=log,
        host=host,
        bids=bids,
        receipts=tokens,
        opening=Opening(
            origin=ORIGIN,
            **LOT,
            key=log.logged(key_leaf),
            close=log.logged(close),
            result=log.logged(result),
            bids=tuple(show(name) for name in live),
            gone=(
                GoneBid(receive=log.logged(bids["li-old"].leaf), end=log.logged(superseded)),
                GoneBid(receive=log.logged(bids["chen"].leaf), end=log.logged(withdrawn)),
            ),
            releases=tuple(log.logged(leaf) for leaf in releases),
            recovery=None if recovery_leaf is None else log.logged(recovery_leaf),
        ),
    )


def released(bid: Bid, *, role: str) -> entries.ShareReleased | entries.ShareRecovered:
    """Say how a share came: those of sun's bid's helpers, where there are any."""
    said = {
        "at": "2026-11-23T06:05:00.000Z",
        **LOT,
        "bid": bid.header.context.bid,
        "com": b64u(bid.header.share(role).commitment),
    }
    if role == "bidder" and bid.header.recovery:
        holders = tuple(one.kid for one in bid.header.recovery[0])
        return entries.ShareRecovered(**said, holders=holders)
    return entries.ShareReleased(**said, role=role)


def both(bid: Bid, *, host: keys.OpeningKey):
    return (
        shares.release(bid.header, label="bidder", key=bid.key),
        shares.release(bid.header, label="host", key=host),
    )


def open_all(file, *, shares, into):
    """Read and open a sealed file from its first byte to its last."""
    made = header.read(file)
    form = envelope.open_form(file, header=made, shares=shares)
    return form, envelope.open_package(file, header=made, shares=shares, into=into)
