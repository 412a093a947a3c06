"""Read a story: JSON, its schema, its inner references, and what this version plays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema

from stories import checks
from stories.story import (
    Amendment,
    Bid,
    BidFile,
    Choice,
    Earlier,
    Enquiry,
    Firm,
    Lot,
    Member,
    Review,
    Security,
    Story,
    Tender,
)
from stories.troubles import BadStory

SCHEMAS = Path(__file__).with_name("schema")
_FIRST_CATEGORY = {"T": "works", "G": "goods"}
_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or (
        "T" in value and datetime.fromisoformat(value).tzinfo is not None
    )


def read(path: Path, *, files: Path | None) -> Story:
    """Read a story from a file; `BadStory` names the place of the first fault."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (OSError, ValueError, RecursionError) as error:
        raise BadStory("", f"{path.name} is not a readable JSON file: {error}") from error
    return from_body(body, files=files)


def from_body(body: Any, *, files: Path | None) -> Story:
    """Read a story from parsed JSON."""
    conforms(body, "story")
    checks.built(body)
    story = _story(body, files)
    checks.consistent(story, body)
    return story


def conforms(body: object, schema: str) -> None:
    """Hold a value to one of our schemas; the deepest fault is the one to name."""
    rules = json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(rules, format_checker=_FORMATS)
    worst = jsonschema.exceptions.best_match(validator.iter_errors(body))
    if worst is not None:
        raise BadStory(_pointer(worst.absolute_path), worst.message)


def _pointer(path: Iterable[object]) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a member twice: which one counts would be a guess."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise ValueError(f"the member {name!r} stands twice in one object")
        made[name] = value
    return made


def _story(body: Mapping[str, Any], files: Path | None) -> Story:
    return Story(
        seed=body["seed"],
        title=body["title"],
        centre=body["centre"],
        starts_at=_at(body["clock_start"]),
        tender=_tender(body["tender"]),
        firms={row["key"]: _firm(row) for row in body["organisations"]},
        lots=tuple(_lot(row) for row in body["lots"]),
        bids=tuple(_bid(row, number, files) for number, row in enumerate(body["bids"])),
        members=tuple(
            Member(
                key=row["key"],
                name=row["name"],
                site=row["site"],
                specialty=row["specialty"],
                employer=row["employer"],
                role=row["role"],
            )
            for row in body["panel"]["members"]
        ),
        leader=body["panel"]["leader"],
        reviews={
            row["bid"]: Review(
                bid=row["bid"],
                code=row["code"],
                clause=row["clause"],
                fact=row["fact"],
                against=tuple(row.get("against", ())),
            )
            for row in body.get("reviews", ())
        },
        scores={
            (row["member"], row["bid"], row["criterion"]): row["score"] for row in body["scores"]
        },
        dissents={row["member"]: row["text"] for row in body.get("dissents", ())},
        awards={
            lot: Choice(bid=row["bid"], reason=row["reason"])
            for lot, row in body.get("award", {}).items()
        },
    )


def _tender(row: Mapping[str, Any]) -> Tender:
    return Tender(
        legal_track=row["legal_track"],
        procedure=row["procedure"],
        category=row.get("category") or _FIRST_CATEGORY[row["legal_track"]],
        title=row["title"],
        host_site=row["host_site"],
        guest_sites=tuple(row["guest_sites"]),
        procuring_entity=row["procuring_entity"],
        agency=row["agency"],
        published_at=_at(row["published_at"]),
        documents_issued_at=_at(row["documents_issued_at"]),
        deadline_at=_at(row["deadline_at"]),
        decrypt_minutes=row["decrypt_minutes"],
        consortium_allowed=row.get("consortium_allowed", False),
        opening_order=row.get("opening_order", "no_draw"),
        enquiries=tuple(
            Enquiry(
                by=one["by"],
                at=_at(one["at"]),
                text=one["text"],
                answer=one["answer"],
                answered_at=_at(one["answered_at"]),
            )
            for one in row.get("enquiries", ())
        ),
        amendments=tuple(
            Amendment(
                at=_at(one["at"]),
                summary=one["summary"],
                new_deadline_at=_maybe(one.get("new_deadline_at")),
            )
            for one in row.get("amendments", ())
        ),
    )


def _firm(row: Mapping[str, Any]) -> Firm:
    return Firm(
        key=row["key"],
        name=row["name"],
        credit_code=row["credit_code"],
        basic_account=row["basic_account"],
        small_business=row.get("small_business", False),
        employs=tuple(row.get("employs", ())),
    )


def _lot(row: Mapping[str, Any]) -> Lot:
    return Lot(
        key=row["key"],
        number=row["number"],
        title=row["title"],
        estimate_fen=row["estimate_fen"],
        ceiling_fen=row["ceiling_fen"],
        bid_security_fen=row["bid_security_fen"],
        price_formula=row["price_formula"],
        criteria=tuple(row["criteria"]),
        outlier_rule=row.get("outlier_rule"),
        tie_rule=tuple(row.get("tie_rule", ("lower_price", "draw"))),
        candidates=row.get("candidates", 3),
        max_lots_won=row.get("max_lots_won"),
    )


def _bid(row: Mapping[str, Any], number: int, files: Path | None) -> Bid:
    security = row["security"]
    return Bid(
        key=row["key"],
        lot=row["lot"],
        bidder=row["bidder"],
        consortium=tuple(row.get("consortium", ())),
        price_fen=row["price_fen"],
        duration_days=row["duration_days"],
        quality=row["quality"],
        manager=row["manager"],
        claims=row.get("claims", {}),
        files=tuple(
            _file(one, f"/bids/{number}/files/{place}", files)
            for place, one in enumerate(row["files"])
        ),
        security=Security(
            form=security["form"],
            amount_fen=security.get("amount_fen"),
            payer_name=security.get("payer_name"),
            payer_account=security.get("payer_account"),
            booked_at=_maybe(security.get("booked_at")),
        ),
        submitted_at=_at(row["submitted_at"]),
        earlier=tuple(
            Earlier(act=one["act"], at=_at(one["at"]), price_fen=one.get("price_fen"))
            for one in row.get("earlier", ())
        ),
        fault=row["fault"],
        answer_to_record=row.get("answer_to_record", "confirm"),
        objection=row.get("objection", ""),
    )


def _file(row: Mapping[str, Any], pointer: str, files: Path | None) -> BidFile:
    generate = row.get("generate")
    if (generate is None) == ("path" not in row):
        raise BadStory(pointer, "a file is either on disk (path) or generated")
    path = _inside(files, row["path"], f"{pointer}/path") if generate is None else None
    generate = generate or {"pages": 0, "seed": 0}
    if path is None and generate["pages"] < 1:
        raise BadStory(f"{pointer}/generate/pages", "at least one page is wanted")
    return BidFile(
        part=row["part"],
        name=row["name"],
        path=path,
        pages=generate["pages"],
        seed=generate["seed"],
        megabytes=generate.get("megabytes", 0),
    )


def _inside(files: Path | None, name: str, pointer: str) -> Path:
    """Find a file of the story, and never one outside the folder it may use."""
    if files is None:
        raise BadStory(pointer, "the story names files: say where they are with --files")
    found = (files / name).resolve()
    if not found.is_relative_to(files.resolve()) or not found.is_file():
        raise BadStory(pointer, f"there is no file {name!r} under --files")
    return found


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return _at(text) if text else None
