"""Prove or refute a published opening: no bid added, replaced or removed after the deadline.

Each check has a name and stands alone, so that a refusal says which promise was broken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import TypeVar

from sealing import canonical, receipts, shares, stream, suites
from sealing import checkpoint as checkpoints
from sealing import form as forms
from sealing.checkpoint import Checkpoint, LogKey
from sealing.encoding import b64u, unb64u
from sealing.entries import BidSuperseded, ShareRecovered
from sealing.errors import Code, SealingError
from sealing.header import FORM
from sealing.log import Logged, set_root
from sealing.opening.document import KIND, Opened, Opening
from sealing.opening.facts import Facts, Gone, Live, read
from sealing.padding import Unpadding
from sealing.pieces import chosen
from sealing.receipts import Receipt
from sealing.streams import Collecting
from sealing.suites import BIDDER, HOST, LABELS
from sealing.witness import WitnessKey, verify_cosignature

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One promise, kept or broken."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(slots=True, kw_only=True)
class Report:
    """All checks in order."""

    checks: list[Check] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether every promise was kept."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    def attempt(self, name: str, act: Callable[[], T]) -> T | None:
        """Record an act as one check; None if it failed."""
        made: list[T] = []
        with self.check(name):
            made.append(act())
        return made[0] if made else None

    @contextmanager
    def check(self, name: str) -> Iterator[None]:
        """Record what happens inside as one check."""
        try:
            yield
        except SealingError as error:
            self.checks.append(Check(name=name, passed=False, detail=str(error)))
        else:
            self.checks.append(Check(name=name, passed=True))


def verify_opening(
    document: bytes,
    *,
    checkpoint: str,
    log_key: LogKey,
    receipts: Sequence[str] = (),
    witnesses: Sequence[WitnessKey] = (),
) -> Report:
    """Check a published opening against the log's checkpoint, any receipts and any witnesses.

    Raises MALFORMED if the document is not an opening at all, and WRONG_CONTEXT for a genuine
    receipt of another lot: neither says anything about this opening.
    """
    body = canonical.loads_lenient(document)
    if not isinstance(body, dict) or body.get("kind") != KIND:
        raise SealingError(Code.MALFORMED, "not an opening document")
    report = Report()
    facts = report.attempt("document", lambda: read(Opening.from_body(body)))
    state = report.attempt("checkpoint", lambda: _state(facts, checkpoint, log_key=log_key))
    for witness in witnesses:
        with report.check(f"witness {witness.origin}"):
            verify_cosignature(checkpoint, witness=witness)
    if facts is None or state is None:
        return report
    _check_log(report, facts, state)
    for live in facts.live:
        _check_live(report, facts, live, state)
    with report.check("set"):
        _set(facts)
    for gone in facts.gone:
        with report.check(f"gone {gone.entry.bid}"):
            _gone(facts, gone, state)
    with report.check("releases"):
        _releases(facts, state)
    with report.check("result"):
        _result(facts, state)
    for number, token in enumerate(receipts, start=1):
        _check_receipt(report, facts, token, log_key=log_key, number=number)
    return report


def _state(facts: Facts | None, note: str, *, log_key: LogKey) -> Checkpoint:
    state = checkpoints.verify(note, log_key=log_key)
    if facts is not None and facts.opening.origin != state.origin:
        raise SealingError(Code.CHECKPOINT, "the document names another log")
    return state


def _check_log(report: Report, facts: Facts, state: Checkpoint) -> None:
    with report.check("key"):
        facts.opening.key.verify(state)
        suite = suites.of(facts.key.suite)
        if suite.b64_kid(unb64u(facts.key.public)) != facts.key.kid:
            raise SealingError(Code.WRONG_KEY, "kid and public key differ")
        for one in facts.received:
            if one.logged.proof.index < facts.opening.key.proof.index:
                raise SealingError(Code.PROOF, "a bid is older than the key")
        for live in facts.live:
            if live.header.suite is not suite or live.header.share(HOST).kid != facts.key.kid:
                raise SealingError(Code.WRONG_KEY, f"bid {live.entry.bid}")
    if facts.recovery is not None or any(live.header.recovery for live in facts.live):
        with report.check("recovery"):
            _recovery(facts, state)
    with report.check("close"):
        facts.opening.close.verify(state)


def _recovery(facts: Facts, state: Checkpoint) -> None:
    offered, logged = facts.recovery, facts.opening.recovery
    if offered is None or logged is None:
        raise SealingError(Code.ENTRY, "no holders were published")
    logged.verify(state)
    if any(one.logged.proof.index < logged.proof.index for one in facts.received):
        raise SealingError(Code.PROOF, "a bid is older than the holders' keys")
    suite = suites.of(offered.suite)
    if any(suite.b64_kid(unb64u(one.public)) != one.kid for one in offered.keys):
        raise SealingError(Code.WRONG_KEY, "kid and public key differ")
    wanted = chosen([one.kid for one in offered.keys], need=offered.need)
    for live in facts.live:
        found = [tuple(one.kid for one in pieces) for pieces in live.header.recovery]
        if found and (live.header.suite is not suite or found != wanted):
            raise SealingError(Code.WRONG_KEY, f"bid {live.entry.bid}")


def _check_live(report: Report, facts: Facts, live: Live, state: Checkpoint) -> None:
    name = f"bid {live.entry.bid}"
    with report.check(f"{name} included"):
        _in_time(facts, live.logged, at=live.entry.at, state=state)
    with report.check(f"{name} header"):
        _header(live)
    if live.bid.opened is not None:
        with report.check(f"{name} form"):
            _form(live, live.bid.opened)


def _in_time(facts: Facts, logged: Logged, *, at: str, state: Checkpoint) -> None:
    logged.verify(state)
    if logged.proof.index > facts.close_index:
        raise SealingError(Code.PROOF, "entered the log after the close")
    # Moments have one spelling, so their order is that of their text.
    if at >= facts.close.deadline_at:
        raise SealingError(Code.ENTRY, "at or after the deadline")


def _header(live: Live) -> None:
    entry, header, context = live.entry, live.header, live.header.context
    told = (entry.tender, entry.lot, entry.envelope, entry.party, entry.bid, entry.deadline_id)
    found = (
        context.tender,
        context.lot,
        context.envelope,
        context.bidder,
        context.bid,
        context.deadline_id,
    )
    if told != found:
        raise SealingError(Code.WRONG_CONTEXT, "the header belongs to another bid")
    if (entry.header_sha256, entry.kc, entry.size) != (
        b64u(header.sha256),
        b64u(header.commitment),
        header.size,
    ):
        raise SealingError(Code.COMMITMENT, "the header is not the one received")


def _form(live: Live, opened: Opened) -> None:
    header = live.header
    if b64u(hashlib.sha256(opened.form_ct).digest()) != live.entry.form_ct_sha256:
        raise SealingError(Code.COMMITMENT, "the form's ciphertext is not the one received")
    shares.check_part_key(header, opened.form_key, index=FORM)
    if opened.shares is not None and shares.keys_from(header, opened.shares)[FORM] != (
        opened.form_key
    ):
        raise SealingError(Code.COMMITMENT, "the shares yield another key")
    content = Collecting()
    length = header.parts[FORM].length
    if len(opened.form_ct) != header.parts[FORM].ciphertext:
        raise SealingError(Code.TRUNCATED, "form")
    stream.decrypt(
        BytesIO(opened.form_ct),
        Unpadding(content, length=length),
        key=opened.form_key,
        aad=header.sha256,
        length=length,
        suite=header.suite,
    )
    if content.data != opened.form.dumps():
        raise SealingError(Code.FORM, "the announced form is not the sealed one")
    form = forms.loads(content.data)
    if (form.lot, form.doc_version) != (live.entry.lot, live.entry.doc_version):
        raise SealingError(Code.FORM, "the form is for another lot or version")


def _set(facts: Facts) -> None:
    leaves = [live.leaf for live in facts.live]
    if len(leaves) != facts.close.count:
        raise SealingError(Code.COMMITMENT, f"{len(leaves)} bids shown, {facts.close.count} closed")
    if b64u(set_root(leaves)) != facts.close.set_root:
        raise SealingError(Code.COMMITMENT, "not the bids that were closed")
    everyone = [(one.entry.bid, one.leaf) for one in facts.received]
    for column in (
        [bid for bid, _ in everyone],
        [leaf for _, leaf in everyone],
        [live.entry.party for live in facts.live],
    ):
        if len(set(column)) != len(column):
            raise SealingError(Code.ENTRY, "a bid or a party stands twice")


def _gone(facts: Facts, gone: Gone, state: Checkpoint) -> None:
    _in_time(facts, gone.logged, at=gone.entry.at, state=state)
    _in_time(facts, gone.bid.end, at=gone.end.at, state=state)
    if gone.end.old != b64u(gone.leaf) or gone.end.party != gone.entry.party:
        raise SealingError(Code.ENTRY, "the end belongs to another bid")
    if isinstance(gone.end, BidSuperseded):
        heirs = {b64u(one.leaf): one.entry.party for one in facts.received if one.leaf != gone.leaf}
        if heirs.get(gone.end.new) != gone.entry.party:
            raise SealingError(Code.ENTRY, "the superseding bid is not shown")


def _releases(facts: Facts, state: Checkpoint) -> None:
    live = {one.entry.bid: one for one in facts.live}
    seen: set[tuple[str, str]] = set()
    ticks: dict[str, list[int]] = {label: [] for label in LABELS}
    for logged, entry in facts.releases:
        logged.verify(state)
        if logged.proof.index < facts.close_index:
            raise SealingError(Code.PROOF, f"bid {entry.bid}: released before the close")
        if entry.bid not in live:
            raise SealingError(Code.ENTRY, f"bid {entry.bid} is not live")
        if b64u(live[entry.bid].header.share(entry.role).commitment) != entry.com:
            raise SealingError(Code.COMMITMENT, f"bid {entry.bid}: {entry.role}")
        if isinstance(entry, ShareRecovered) and entry.holders not in {
            tuple(one.kid for one in pieces) for pieces in live[entry.bid].header.recovery
        }:
            raise SealingError(Code.ENTRY, f"bid {entry.bid}: not the holders it named")
        seen.add((entry.bid, entry.role))
        ticks[entry.role].append(logged.proof.index)
    for bid, one in live.items():
        if one.bid.opened is not None and not {(bid, label) for label in LABELS} <= seen:
            raise SealingError(Code.ENTRY, f"bid {bid} was opened without both releases")
    if all(ticks.values()) and max(ticks[BIDDER]) > min(ticks[HOST]):
        raise SealingError(Code.ENTRY, "the host released before a bidder did")


def _result(facts: Facts, state: Checkpoint) -> None:
    facts.opening.result.verify(state)
    if facts.opening.result.proof.index < facts.close_index:
        raise SealingError(Code.PROOF, "announced before the close")
    told = {one.leaf: (one.outcome, one.form_sha256) for one in facts.result.outcomes}
    shown = {
        b64u(live.leaf): (
            live.bid.outcome,
            None if live.bid.opened is None else b64u(live.bid.opened.form.sha256),
        )
        for live in facts.live
    }
    if told != shown:
        raise SealingError(Code.COMMITMENT, "not what was announced")


def _check_receipt(
    report: Report, facts: Facts, token: str, *, log_key: LogKey, number: int
) -> None:
    try:
        receipt = receipts.verify(token, log_key=log_key)
    except SealingError as error:
        report.checks.append(Check(name=f"receipt {number}", passed=False, detail=str(error)))
        return
    _same_lot(facts, receipt)
    with report.check(f"receipt {receipt.id}"):
        if receipt.leaf not in {one.leaf for one in facts.received}:
            raise SealingError(Code.PROOF, "this bid was removed")


def _same_lot(facts: Facts, receipt: Receipt) -> None:
    for name in ("tender", "lot", "envelope"):
        if getattr(receipt.entry, name) != getattr(facts.opening, name):
            raise SealingError(Code.WRONG_CONTEXT, f"a receipt of another {name}")
