"""The tender side up to the deadline: draft, notice, answers, addenda."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from sealing import keys, splitting, suites
from sealing.encoding import b64u, unb64u
from stories import papers
from stories.door import Act, Attached, Refused
from stories.play import LotPart, Play, Step
from stories.story import Amendment, Enquiry, Lot
from stories.troubles import BadStory, CannotRun

_NEW = Act("trading:tender-new", "/tenders/new")
_SAVE_LOT = Act("trading:lot-save", "/tenders/{tender}/lots/save")
_ADD_DOCUMENT = Act("trading:document-add", "/tenders/{tender}/documents/add")
_TIMELINE = Act("trading:timeline", "/tenders/{tender}/timeline")
_HOST_KEY = Act("trading:host-key", "/tenders/{tender}/host-key")
_TEST_KEY = Act("trading:host-key-test", "/tenders/{tender}/host-key/test")
_ROOM = Act("trading:room", "/tenders/{tender}/room")
_PUBLISH = Act("trading:publish", "/tenders/{tender}/publish", "publish")
_ASK = Act("trading:ask", "/tenders/{tender}/ask")
_ANSWER = Act("trading:answer-enquiry", "/tenders/{tender}/enquiries/{enquiry}/answer")
_AMEND = Act("trading:amend", "/tenders/{tender}/amend", "publish")

_HOLDERS = ("甲", "乙", "丙")


def steps(play: Play) -> Iterator[Step]:
    """Everything the tender side does before the deadline, each at its moment."""
    tender = play.story.tender
    yield Step(name="draft", do=partial(_draft, play), at=play.story.starts_at)
    for number, lot in enumerate(play.story.lots):
        yield Step(
            name=f"lot/{lot.key}",
            do=partial(_save_lot, play, lot, number),
            at=play.story.starts_at,
        )
    yield Step(name="documents", do=partial(_add_document, play), at=play.story.starts_at)
    yield Step(name="host-key", do=partial(_make_host_key, play), at=play.story.starts_at)
    yield Step(name="timeline", do=partial(_set_times, play), at=play.story.starts_at)
    yield Step(name="publish", do=partial(_publish, play), at=tender.published_at)
    for number, enquiry in enumerate(tender.enquiries):
        asked: list[str] = []
        yield Step(name=f"ask/{number}", do=partial(_ask, play, enquiry, asked), at=enquiry.at)
        yield Step(
            name=f"answer/{number}",
            do=partial(_answer, play, enquiry, asked),
            at=enquiry.answered_at,
        )
    for number, change in enumerate(tender.amendments):
        yield Step(name=f"amend/{number}", do=partial(_amend, play, change, number), at=change.at)


def host_key_of(play: Play) -> keys.OpeningKey:
    """Rebuild the host key from the files of two holders, as at the opening."""
    one, two = (
        splitting.unwrap(play.holders[number], passphrase=_passphrase(number)) for number in (0, 2)
    )
    return splitting.combine(one, two)


def _draft(play: Play) -> None:
    tender, firms = play.story.tender, play.story.firms
    reply = _bound(
        "/tender",
        play,
        _NEW,
        {
            "legal_track": tender.legal_track,
            "procedure": tender.procedure,
            "category": tender.category,
            "title": tender.title,
            "procuring_entity": firms[tender.procuring_entity].credit_code,
            "host_site": tender.host_site,
            "guest_sites": list(tender.guest_sites),
            "consortium_allowed": tender.consortium_allowed,
            "must_tender": True,
            "state_funded": True,
            "decrypt_minutes": tender.decrypt_minutes,
            "opening_order": tender.opening_order,
            "description": f"{tender.title}，详见招标文件。",
            "qualification": "具备招标文件要求的资格条件。",
        },
    )
    play.tender, play.tender_code = reply["tender"], reply["code"]


def _save_lot(play: Play, lot: Lot, number: int) -> None:
    reply = _bound(
        f"/lots/{number}",
        play,
        _SAVE_LOT,
        {
            "number": lot.number,
            "title": lot.title,
            "estimate_fen": lot.estimate_fen,
            "ceiling_fen": lot.ceiling_fen,
            "bid_security_fen": lot.bid_security_fen,
            "price_formula": dict(lot.price_formula),
            "outlier_rule": dict(lot.outlier_rule) if lot.outlier_rule else "",
            "tie_rule": list(lot.tie_rule),
            "candidates_count": lot.candidates,
            "max_lots_won": lot.max_lots_won,
            "criteria": [dict(row) for row in lot.criteria],
        },
        tender=play.tender,
    )
    play.lots[lot.key] = LotPart(id=reply["lot"], code=reply["code"])


def _add_document(play: Play) -> None:
    tender = play.story.tender
    lines = [f"{tender.title}招标文件。", *(f"{lot.number} {lot.title}" for lot in play.story.lots)]
    file = Attached(name="招标文件.pdf", content=papers.plain(title="招标文件", lines=lines))
    play.cast.host.act(_ADD_DOCUMENT, files={"file": file}, tender=play.tender)


def _make_host_key(play: Play) -> None:
    """Make the key, split it among three, and prove that two of the files re-load."""
    made = keys.generate()
    play.holders = splitting.split(made, passphrases=[_passphrase(n) for n in range(3)])
    play.host_key = {"kid": made.kid, "public": b64u(made.public)}
    firm = play.story.firms[play.story.tender.host].name
    holders = [
        {
            "name": name,
            "title": "密钥保管人",
            "organisation": firm,
            "file_sha256": hashlib.sha256(file).hexdigest(),
        }
        for name, file in zip(_HOLDERS, play.holders, strict=True)
    ]
    fields = {"kid": made.kid, "public_key": b64u(made.public), "holders": holders}
    challenge = play.cast.host.act(_HOST_KEY, fields, tender=play.tender)["challenge"]
    secret = host_key_of(play).unbox(
        unb64u(challenge["box"]), label=suites.HOST, ctxh=unb64u(challenge["context"])
    )
    play.cast.host.act(_TEST_KEY, {"answer": b64u(secret)}, tender=play.tender)


def _set_times(play: Play) -> None:
    tender = play.story.tender
    reply = _bound(
        "/tender/deadline_at",
        play,
        _TIMELINE,
        {
            "published_at": tender.published_at.isoformat(),
            "documents_issued_at": tender.documents_issued_at.isoformat(),
            "deadline_at": tender.deadline_at.isoformat(),
        },
        tender=play.tender,
    )
    for finding in reply["findings"]:
        if not finding["ok"] and finding["code"] != "ISSUE_AFTER_NOTICE":
            why = f"{finding['code']} {finding['article']}, earliest {finding['earliest']}"
            raise BadStory("/tender/deadline_at", why)
    _bound("/tender/deadline_at", play, _ROOM, {}, tender=play.tender)


def _publish(play: Play) -> None:
    tender = play.cast.host.read(f"/tenders/{play.tender}.json")
    if tender["missing"]:
        raise BadStory("/tender", f"cannot be published: {tender['missing']}")
    play.cast.host.act(_PUBLISH, tender["browser_code"] or {}, tender=play.tender)
    notice = play.cast.host.read(f"/notices/{play.tender}.json")
    if notice["host_key"]["kid"] != play.host_key["kid"]:
        raise CannotRun("the notice names another host key")


def _ask(play: Play, enquiry: Enquiry, asked: list[str]) -> None:
    fields = {"text": enquiry.text, "is_objection": False}
    reply = play.cast.firm(enquiry.by).act(_ASK, fields, tender=play.tender)
    asked.append(reply["enquiry"])


def _answer(play: Play, enquiry: Enquiry, asked: list[str]) -> None:
    fields = {"answer": enquiry.answer}
    play.cast.host.act(_ANSWER, fields, tender=play.tender, enquiry=asked[0])


def _amend(play: Play, change: Amendment, number: int) -> None:
    moved = change.new_deadline_at
    _bound(
        f"/tender/amendments/{number}",
        play,
        _AMEND,
        {
            "summary": change.summary,
            "content": {f"变更 {number + 1}": change.summary},
            "new_deadline_at": moved.isoformat() if moved else "",
        },
        tender=play.tender,
    )


def _bound(
    pointer: str, play: Play, act: Act, fields: dict[str, Any], *, tender: str = ""
) -> dict[str, Any]:
    """Act for the tender side; what the platform refuses here, the story said wrongly."""
    try:
        where = {"tender": tender} if tender else {}
        return play.cast.host.act(act, fields, files=None, **where)
    except Refused as refused:
        raise BadStory(pointer, str(refused)) from refused


def _passphrase(number: int) -> str:
    return f"bao-guan-ren-{number + 1}"
