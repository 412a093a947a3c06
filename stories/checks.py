"""What a schema cannot say: references, order of time, law of arithmetic, what is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from core.decimals import read as decimal
from core.door import BadInput
from core.formulas import (
    Criteria,
    Criterion,
    Kind,
    OutlierRule,
    authoring_faults,
    check_tie_rule,
    read_formula,
)
from core.identifiers import is_credit_code
from core.zone import local_day
from stories.story import Bid, Lot, Story, Tender
from stories.troubles import BadStory

_TRACKS = ("T", "G")
_PROCEDURES = ("open_tender",)
_METHODS = {"T": ("m1", "m2", "gov_lowest"), "G": ("gov_lowest",)}
_CLAIMS = ("small_business", "domestic")
_REGION_DIGITS = 6


def built(body: Mapping[str, Any]) -> None:
    """Refuse by name what a later version plays."""
    tender = body["tender"]
    if tender["legal_track"] not in _TRACKS:
        _not_built("/tender/legal_track", tender["legal_track"])
    if tender["procedure"] not in _PROCEDURES:
        _not_built("/tender/procedure", tender["procedure"])
    for number, lot in enumerate(body["lots"]):
        _lot_is_built(lot, f"/lots/{number}", tender=tender, lots=len(body["lots"]))
    for number, bid in enumerate(body["bids"]):
        for name in bid.get("claims", {}):
            if name not in _CLAIMS:
                _not_built(f"/bids/{number}/claims/{name}", name)
    for number, member in enumerate(body["panel"]["members"]):
        if member.get("presence", "present") != "present":
            _not_built(f"/panel/members/{number}/presence", member["presence"])


def consistent(story: Story, body: Mapping[str, Any]) -> None:
    """Refuse what contradicts itself."""
    for name, rows in (
        ("/organisations", body["organisations"]),
        ("/lots", body["lots"]),
        ("/bids", body["bids"]),
        ("/panel/members", body["panel"]["members"]),
    ):
        _unique(rows, "key", name)
    _unique(body["organisations"], "credit_code", "/organisations")
    _unique(body["lots"], "number", "/lots")
    for number, row in enumerate(body["organisations"]):
        if not is_credit_code(row["credit_code"]):
            raise BadStory(f"/organisations/{number}/credit_code", "the check character is wrong")
    _places(story)
    _times(story)
    _firms_named(story)
    for number, lot in enumerate(story.lots):
        _lot(lot, f"/lots/{number}", story.tender)
    for number, bid in enumerate(story.bids):
        _bid(bid, f"/bids/{number}", story)
    _once_a_lot(story)
    _panel(story, body)
    for key, choice in story.awards.items():
        _known(key, [lot.key for lot in story.lots], f"/award/{key}")
        _known(choice.bid, [bid.key for bid in story.bids_of(key)], f"/award/{key}/bid")


def _lot_is_built(
    lot: Mapping[str, Any], pointer: str, *, tender: Mapping[str, Any], lots: int
) -> None:
    formula = lot["price_formula"]
    if formula["method"] not in _METHODS[tender["legal_track"]]:
        _not_built(f"{pointer}/price_formula/method", formula["method"])
    try:
        read_formula(formula["method"], formula["params"], pointer=f"{pointer}/price_formula")
    except BadInput as error:
        raise BadStory(error.pointer, error.message) from error
    for number, rule in enumerate(lot.get("tie_rule", ())):
        if rule == "vote":
            _not_built(f"{pointer}/tie_rule/{number}", rule)
    most = lot.get("max_lots_won")
    if most is not None and most < lots:
        _not_built(f"{pointer}/max_lots_won", f"a limit of {most} of {lots} lots")


def _places(story: Story) -> None:
    codes = [("/centre", story.centre), ("/tender/host_site", story.tender.host_site)]
    codes += [(f"/tender/guest_sites/{n}", c) for n, c in enumerate(story.tender.guest_sites)]
    codes += [(f"/panel/members/{n}/site", one.site) for n, one in enumerate(story.members)]
    for pointer, code in codes:
        if not (code.isascii() and code.isdigit() and len(code) == _REGION_DIGITS):
            raise BadStory(pointer, "a region code has six digits")


def _times(story: Story) -> None:
    tender = story.tender
    if tender.published_at < story.starts_at:
        raise BadStory("/tender/published_at", "before the clock starts")
    if tender.documents_issued_at < tender.published_at:
        raise BadStory("/tender/documents_issued_at", "before the notice")
    if tender.deadline_at <= tender.documents_issued_at:
        raise BadStory("/tender/deadline_at", "not after the documents were issued")
    for number, one in enumerate(tender.enquiries):
        pointer = f"/tender/enquiries/{number}"
        if not tender.published_at <= one.at < tender.last_deadline:
            raise BadStory(f"{pointer}/at", "not between notice and deadline")
        if not one.at <= one.answered_at < tender.last_deadline:
            raise BadStory(f"{pointer}/answered_at", "not between question and deadline")
    deadline, before = tender.deadline_at, tender.documents_issued_at
    for number, change in enumerate(tender.amendments):
        if not before <= change.at < deadline:
            raise BadStory(f"/tender/amendments/{number}/at", "not between its neighbours")
        before, deadline = change.at, change.new_deadline_at or deadline


def _firms_named(story: Story) -> None:
    tender = story.tender
    _known(tender.procuring_entity, story.firms, "/tender/procuring_entity")
    if tender.agency is not None:
        _known(tender.agency, story.firms, "/tender/agency")
        if tender.agency == tender.procuring_entity:
            raise BadStory("/tender/agency", "the procuring entity is not its own agency")
    for number, one in enumerate(tender.enquiries):
        pointer = f"/tender/enquiries/{number}/by"
        _known(one.by, story.firms, pointer)
        if one.by in {tender.procuring_entity, tender.agency}:
            raise BadStory(pointer, "the tenderer's side does not ask itself")


def _lot(lot: Lot, pointer: str, tender: Tender) -> None:
    rows = [row["key"] for row in lot.criteria]
    for number, row in enumerate(lot.criteria):
        here = f"{pointer}/criteria/{number}"
        if rows.index(row["key"]) != number:
            raise BadStory(f"{here}/key", f"{row['key']!r} stands twice")
        if row.get("part_of") is not None and row["part_of"] not in rows[:number]:
            raise BadStory(f"{here}/part_of", "names no criterion before it")
    try:
        criteria = Criteria(tuple(_criterion(row) for row in lot.criteria))
        check_tie_rule(tuple(lot.tie_rule))
        weight = decimal(lot.price_formula["weight"])
        outliers = OutlierRule(**lot.outlier_rule) if lot.outlier_rule else None
    except BadInput as error:
        raise BadStory(f"{pointer}/criteria", error.message) from error
    _sums(criteria, weight, pointer)
    faults = authoring_faults(
        track=tender.legal_track,
        category=tender.category,
        procedure=tender.procedure,
        on=local_day(tender.published_at),
        method=str(lot.price_formula["method"]),
        weight=weight,
        params=lot.price_formula["params"],
        criteria=criteria,
        outlier_rule=outliers,
    )
    for fault in faults:
        place = fault.pointer.replace("/formula", "/price_formula", 1).removeprefix("/rules")
        article = f" ({fault.article})" if fault.article else ""
        raise BadStory(f"{pointer}{place}", f"{fault.code}{article}")


def _criterion(row: Mapping[str, Any]) -> Criterion:
    return Criterion(
        key=row["key"],
        title=row["title"],
        maximum=decimal(row["max"]),
        kind=Kind(row["kind"]),
        step=decimal(row["step"]) if row.get("step") else None,
        part_of=row.get("part_of"),
    )


def _sums(criteria: Criteria, weight: Decimal, pointer: str) -> None:
    whole = sum((one.maximum for one in criteria.items if one.part_of is None), Decimal(0))
    if whole != 100:  # noqa: PLR2004 - points are out of a hundred by law
        raise BadStory(f"{pointer}/criteria", f"the criteria make {whole} points, not 100")
    prices = [one for one in criteria.items if one.kind is Kind.PRICE]
    if len(prices) != 1 or prices[0].maximum != weight:
        raise BadStory(f"{pointer}/price_formula/weight", "one price criterion has this weight")


def _bid(bid: Bid, pointer: str, story: Story) -> None:
    tender = story.tender
    _known(bid.lot, [lot.key for lot in story.lots], f"{pointer}/lot")
    _known(bid.bidder, story.firms, f"{pointer}/bidder")
    if bid.bidder in {tender.procuring_entity, tender.agency}:
        raise BadStory(f"{pointer}/bidder", "the tenderer's side does not bid")
    if bid.consortium and not tender.consortium_allowed:
        raise BadStory(f"{pointer}/consortium", "the tender takes no consortium")
    for number, key in enumerate(bid.consortium):
        _known(key, story.firms, f"{pointer}/consortium/{number}")
        if key == bid.bidder:
            raise BadStory(f"{pointer}/consortium/{number}", "the lead is no further member")
    if not bid.files:
        raise BadStory(f"{pointer}/files", "a bid has at least one file")
    if bid.answer_to_record == "object" and not bid.objection:
        raise BadStory(f"{pointer}/objection", "an objection needs its text")
    _bid_times(bid, pointer, tender)


def _bid_times(bid: Bid, pointer: str, tender: Tender) -> None:
    deadline, issued = tender.last_deadline, tender.documents_issued_at
    if (bid.submitted_at >= deadline) != (bid.fault == "late"):
        why = "before" if bid.fault == "late" else "at or after"
        raise BadStory(f"{pointer}/submitted_at", f"{why} the deadline, but the fault says not")
    if bid.submitted_at < issued:
        raise BadStory(f"{pointer}/submitted_at", "before the documents were issued")
    for number, one in enumerate(bid.earlier):
        if not issued <= one.at < deadline:
            raise BadStory(f"{pointer}/earlier/{number}/at", "not between documents and deadline")
    if bid.security.booked_at is not None and bid.security.booked_at < issued:
        raise BadStory(f"{pointer}/security/booked_at", "before there was an account to pay into")


def _once_a_lot(story: Story) -> None:
    for lot in story.lots:
        seen: set[str] = set()
        for number, bid in enumerate(story.bids):
            if bid.lot != lot.key:
                continue
            if bid.bidder in seen:
                raise BadStory(f"/bids/{number}/bidder", "bids twice for one lot")
            seen.add(bid.bidder)


def _panel(story: Story, body: Mapping[str, Any]) -> None:
    members = {member.key for member in story.members}
    bids = {bid.key: bid for bid in story.bids}
    lots = {lot.key: lot for lot in story.lots}
    _known(story.leader, members, "/panel/leader")
    for number, row in enumerate(body.get("reviews", ())):
        _known(row["bid"], bids, f"/reviews/{number}/bid")
        for place, key in enumerate(row.get("against", ())):
            _known(key, members, f"/reviews/{number}/against/{place}")
    _unique(body.get("reviews", ()), "bid", "/reviews")
    for number, row in enumerate(body.get("dissents", ())):
        _known(row["member"], members, f"/dissents/{number}/member")
    told = Counter((row["member"], row["bid"], row["criterion"]) for row in body["scores"])
    for number, row in enumerate(body["scores"]):
        here = f"/scores/{number}"
        _known(row["member"], members, f"{here}/member")
        _known(row["bid"], bids, f"{here}/bid")
        lot = lots[bids[row["bid"]].lot]
        _known(row["criterion"], lot.scored, f"{here}/criterion")
        if told[row["member"], row["bid"], row["criterion"]] > 1:
            raise BadStory(here, "the same score twice")
        _in_range(lot, row, f"{here}/score")


def _in_range(lot: Lot, row: Mapping[str, Any], pointer: str) -> None:
    criterion = next(one for one in lot.criteria if one["key"] == row["criterion"])
    value, most = decimal(row["score"]), decimal(criterion["max"])
    if not 0 <= value <= most:
        raise BadStory(pointer, f"{value} is not between 0 and {most}")
    if criterion.get("step") and value % decimal(criterion["step"]):
        raise BadStory(pointer, f"{value} is no multiple of {criterion['step']}")


def _unique(rows: Sequence[Mapping[str, Any]], name: str, pointer: str) -> None:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row[name] in seen:
            raise BadStory(f"{pointer}/{number}/{name}", f"{row[name]!r} stands twice")
        seen.add(row[name])


def _known(key: str, among: Iterable[str], pointer: str) -> None:
    if key not in among:
        raise BadStory(pointer, f"nothing is called {key!r}")


def _not_built(pointer: str, what: object) -> NoReturn:
    raise BadStory(pointer, f"{what} is not built yet")
