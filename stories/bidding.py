"""A bidder's part before the deadline: join, seal, upload, submit, withdraw."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sealing import keys
from sealing.encoding import b64u, unb64u
from sealing.envelope import Recipients, Sealed, seal_file
from sealing.form import Form
from sealing.header import Context
from sealing.package import PackedFile
from stories import papers, securing
from stories.door import Act, Refused, Session
from stories.play import Part, Play, Step, Submitted
from stories.story import Bid
from stories.troubles import BadStory, CannotRun

if TYPE_CHECKING:
    from stories.browser import Browser

_JOIN = Act("trading:join", "/notices/{tender}/join")
_BEGIN = Act("trading:bid-begin", "/bids/{lot}/begin")
_FINALISE = Act("trading:bid-finalise", "/bids/{lot}/finalise", "submit")
_WITHDRAW = Act("trading:bid-withdraw", "/bids/{lot}/withdraw", "withdraw")

PIECE = 2 * 1_048_576
_TO_PREPARE = timedelta(minutes=5)  # a late bidder's upload begins before the deadline
# What the platform's refusals are called in a summary.
_LATE = frozenset({"B-010", "B-020", "B-032"})
_NOT_ENCRYPTED = "B-021"


def steps(play: Play) -> Iterator[Step]:
    """Everything bidders do up to the deadline, and what comes too late."""
    story = play.story
    for bid in story.bids:
        play.parts[bid.key] = Part(key=keys.generate())
        yield Step(
            name=f"join/{bid.key}",
            do=partial(_join, play, bid),
            at=story.tender.documents_issued_at,
        )
        yield from securing.steps(play, bid)
        for number, one in enumerate(bid.earlier):
            act = (
                partial(_withdraw, play, bid)
                if one.act == "withdraw"
                else partial(_submit, play, bid, one.price_fen or bid.price_fen)
            )
            yield Step(name=f"{one.act}/{bid.key}/{number}", do=act, at=one.at)
        if bid.fault == "late":
            before = story.tender.last_deadline - _TO_PREPARE
            yield Step(
                name=f"upload/{bid.key}", do=partial(_upload_all_but_one, play, bid), at=before
            )
            yield Step(
                name=f"submit/{bid.key}", do=partial(_come_late, play, bid), at=bid.submitted_at
            )
        else:
            yield Step(
                name=f"submit/{bid.key}",
                do=partial(_submit, play, bid, bid.price_fen),
                at=bid.submitted_at,
            )


def _join(play: Play, bid: Bid) -> None:
    session, firms = play.cast.firm(bid.bidder), play.story.firms
    share = 100 // (len(bid.consortium) + 1)
    members = [
        {"name": firms[key].name, "credit_code": firms[key].credit_code, "share_pct": share}
        for key in bid.consortium
    ]
    lot = play.lot_of(bid).id
    fields = {
        "lots": [lot],
        "contact": bid.manager,
        "phone": "13900000000",
        "members": members or "",
    }
    try:
        reply = session.act(_JOIN, fields, tender=play.tender)
    except Refused as refused:
        raise BadStory(f"/bids/{play.story.bids.index(bid)}", str(refused)) from refused
    play.parts[bid.key].party = reply["parties"][lot]
    for document in session.read(f"/notices/{play.tender}.json")["documents"]:
        session.fetch(f"/documents/{document['id']}")
    securing.ask_for_account(play, bid)


def _submit(play: Play, bid: Bid, price_fen: int) -> None:
    session, part, lot = play.cast.firm(bid.bidder), play.parts[bid.key], play.lot_of(bid).id
    if play.browser is not None and bid.key == play.at_browser:
        _submit_by_hand(play, bid, play.browser)
        return
    if bid.fault == "malformed":
        claim = _plain(play, bid, session)
    else:
        claim = _sealed(play, bid, price_fen, session)
    where = _create(session, lot, claim.path.stat().st_size)
    with claim.path.open("rb") as file:
        _send(session, where, file, upto=claim.path.stat().st_size)
    try:
        reply = _finalise(session, lot, where, claim)
    except Refused as refused:
        part.refused = _name_of(refused)
        return
    made = Submitted(
        bid=reply["bid"],
        receipt_id=reply["receipt_id"],
        receipt=reply["receipt"],
        received_at=reply["received_at"],
    )
    part.live, part.sealed, part.withdrawn = made, claim.path, False
    part.receipts.append(made)


def _submit_by_hand(play: Play, bid: Bid, browser: Browser) -> None:
    """Deliver through the pages, and look up what the platform then has."""
    session, part, lot = play.cast.firm(bid.bidder), play.parts[bid.key], play.lot_of(bid).id
    part.key = browser.make_key(lot)
    browser.submit(lot, bid, _laid_out(play, bid))
    taken = session.read(f"/bids/{lot}.json")["bid"]
    token = session.fetch(f"/receipts/{taken['receipt_id']}.jws").decode("ascii")
    part.live = Submitted(
        bid=taken["id"],
        receipt_id=taken["receipt_id"],
        receipt=token,
        received_at=taken["received_at"],
    )
    part.receipts.append(part.live)


def _withdraw(play: Play, bid: Bid) -> None:
    part = play.parts[bid.key]
    play.cast.firm(bid.bidder).act(_WITHDRAW, lot=play.lot_of(bid).id)
    part.live, part.withdrawn = None, True


def _upload_all_but_one(play: Play, bid: Bid) -> None:
    """Bring a bid up to its last byte, which comes too late."""
    session, part, lot = play.cast.firm(bid.bidder), play.parts[bid.key], play.lot_of(bid).id
    claim = _sealed(play, bid, bid.price_fen, session)
    size = claim.path.stat().st_size
    part.sealed, part.upload = claim.path, _create(session, lot, size)
    with claim.path.open("rb") as file:
        _send(session, part.upload, file, upto=size - 1)


def _come_late(play: Play, bid: Bid) -> None:
    session, part = play.cast.firm(bid.bidder), play.parts[bid.key]
    if part.sealed is None:
        raise CannotRun(f"{bid.key} was never sealed")
    size = part.sealed.stat().st_size
    with part.sealed.open("rb") as file:
        file.seek(size - 1)
        answer = _patch(session, part.upload, file.read(), offset=size - 1)
    if answer != HTTPStatus.GONE:
        raise CannotRun(f"a byte after the deadline was answered with {answer}")
    part.refused = "LATE"


class _Claim:
    """A file ready to be sent, and what the bidder says and signs of it."""

    def __init__(
        self, path: Path, *, bid: str, ct_root: str, header_sha256: str, doc_version: int
    ) -> None:
        self.path, self.bid, self.doc_version = path, bid, doc_version
        self.ct_root, self.header_sha256 = ct_root, header_sha256


def _sealed(play: Play, bid: Bid, price_fen: int, session: Session) -> _Claim:
    lot = play.lot_of(bid).id
    mine = session.read(f"/bids/{lot}.json")
    context = session.act(_BEGIN, lot=lot)["context"]
    path = play.work / f"{bid.key}-{context['bid']}.ggzy"
    made: Sealed = seal_file(
        Context(**context),
        recipients=Recipients(
            bidder=play.parts[bid.key].key.public,
            host=unb64u(mine["sealing"]["host"]["public_key"]),
        ),
        form=Form(
            lot=lot,
            doc_version=mine["document_version"],
            price_fen=price_fen,
            duration_days=bid.duration_days,
            quality=bid.quality,
            manager=bid.manager,
            claims=dict(bid.claims),
            extra=(),
        ),
        files=_packed(play, bid),
        path=path,
    )
    return _Claim(
        path,
        bid=context["bid"],
        ct_root=b64u(made.ct_root),
        header_sha256=b64u(made.header.sha256),
        doc_version=mine["document_version"],
    )


def _plain(play: Play, bid: Bid, session: Session) -> _Claim:
    """Send a file as it is, unsealed, with claims that look right."""
    lot = play.lot_of(bid).id
    version = session.read(f"/bids/{lot}.json")["document_version"]
    context = session.act(_BEGIN, lot=lot)["context"]
    path = papers.make(
        bid.files[0],
        title=bid.files[0].name,
        firm=play.story.firms[bid.bidder].name,
        into=play.work / bid.key,
    )
    nothing = "A" * 43
    return _Claim(
        path, bid=context["bid"], ct_root=nothing, header_sha256=nothing, doc_version=version
    )


def _packed(play: Play, bid: Bid) -> list[PackedFile]:
    return [
        PackedFile.from_path(path, part=part, name=path.name) for part, path in _laid_out(play, bid)
    ]


def _laid_out(play: Play, bid: Bid) -> list[tuple[str, Path]]:
    """Return the bid's files by part, drawn where the story does not bring them."""
    firm = play.story.firms[bid.bidder].name
    made = []
    for number, file in enumerate(bid.files):
        path = play.work / bid.key / str(number) / file.name
        if not path.exists():
            found = papers.make(file, title=file.name, firm=firm, into=path.parent)
            if found != path:  # one the story brings, under the name it gives it
                path.parent.mkdir(parents=True, exist_ok=True)
                path.symlink_to(found)
        made.append((file.part, path))
    return made


def _create(session: Session, lot: str, size: int) -> str:
    metadata = f"lot {base64.b64encode(lot.encode('ascii')).decode('ascii')}"
    answer = session.upload(
        "POST", "/uploads", headers={"Upload-Length": str(size), "Upload-Metadata": metadata}
    )
    if answer.status_code != HTTPStatus.CREATED:
        raise CannotRun(f"no upload was opened: {answer.status_code}")
    return answer.headers["Location"]


def _send(session: Session, where: str, file: BinaryIO, *, upto: int) -> None:
    """Send the file up to a byte, going on from what the server has."""
    offset = int(session.upload("HEAD", where).headers["Upload-Offset"])
    while offset < upto:
        file.seek(offset)
        status = _patch(session, where, file.read(min(PIECE, upto - offset)), offset=offset)
        if status not in {HTTPStatus.NO_CONTENT, HTTPStatus.CONFLICT}:
            raise CannotRun(f"a piece was answered with {status}")
        offset = int(session.upload("HEAD", where).headers["Upload-Offset"])


def _patch(session: Session, where: str, piece: bytes, *, offset: int) -> int:
    headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return session.upload("PATCH", where, headers=headers, content=piece).status_code


def _finalise(session: Session, lot: str, where: str, claim: _Claim) -> dict[str, str]:
    return session.act(
        _FINALISE,
        {
            "bid": claim.bid,
            "upload": where.rsplit("/", 1)[-1],
            "ct_root": claim.ct_root,
            "size": claim.path.stat().st_size,
            "header_sha256": claim.header_sha256,
            "doc_version": claim.doc_version,
        },
        lot=lot,
    )


def _name_of(refused: Refused) -> str:
    if refused.code in _LATE:
        return "LATE"
    if refused.code == _NOT_ENCRYPTED:
        return "NOT_ENCRYPTED"
    raise refused
