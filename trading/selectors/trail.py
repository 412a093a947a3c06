"""What trading tells the audit trail: numbers, bidders' names, and whose hand a veiled word is.

A bidder is named once the list was published, a hand once the opening's result is in the log.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.services import veil
from audit.models import Event
from audit.selectors.sources import Said, Source
from audit.selectors.trail import lots_with_result
from bank_escrow.models import Deposit, Instruction
from bank_escrow.selectors import trail as money
from trading.models import Bid, Lot, Notice, OpeningSeat, Party, Tender

_VEIL = "veiled:"


def numbered(number: str) -> Collection[str]:
    """Return the streams of a tender with its lots, or of one lot."""
    wanted = number.strip()
    tenders = list(Tender.objects.filter(code__iexact=wanted).values_list("pk", flat=True))
    lots = Lot.objects.filter(Q(code__iexact=wanted) | Q(tender__in=tenders))
    keys = list(lots.values_list("pk", flat=True))
    parties = Party.objects.filter(lot__in=_told(keys)).values_list("lot_id", "pk")
    return [
        *(f"tender/{key}/{audience}" for key in tenders for audience in ("public", "staff")),
        *(f"lot/{key}/{audience}" for key in keys for audience in ("public", "staff")),
        *(f"lot/{lot}/party/{party}" for lot, party in parties),
        *money.streams_of(keys),
    ]


def titles(streams: Collection[str]) -> Said:
    """Name streams by the number people see and by whom they are for."""
    asked = {stream: stream.split("/") for stream in streams}
    tenders = _pairs(Tender, _keys(asked, "tender"), "code")
    lots = _pairs(Lot, _keys(asked, "lot"), "code")
    told: dict[str, Any] = {}
    codes = {str(key): code for key, code in [*tenders, *lots]}
    for stream, parts in asked.items():
        words = _AUDIENCES.get((parts[0], "".join(parts[2:3])))
        if words is not None and parts[1] in codes:
            told[stream] = format_lazy(words, number=codes[parts[1]])
    return {**told, **_titles_of_parties(asked)}


def names(ids: Collection[str]) -> Said:
    """Name tenders, lots and notices; bids and parties only after the list."""
    wanted = [key for word in ids if (key := _uuid(word))]
    if not wanted:
        return {}
    told: dict[str, Any] = {}
    for model in (Tender, Lot):
        told |= {str(key): code for key, code in _pairs(model, wanted, "code")}
    for key, kind in _pairs(Notice, wanted, "kind"):
        told[str(key)] = Notice.Kind(kind).label
    seats = OpeningSeat.objects.select_related("organisation")
    for seat in seats.filter(Q(party__in=wanted) | Q(bid__in=wanted)):
        told[str(seat.party_id)] = seat.organisation.name
        told[str(seat.bid_id)] = f"{seat.number} · {seat.organisation.name}"
    earlier = Bid.objects.filter(pk__in=wanted, party__seat__isnull=False)
    for bid in earlier.select_related("party__seat__organisation"):
        told.setdefault(str(bid.pk), bid.party.seat.organisation.name)
    return told


def unveiled(events: Sequence[Event]) -> Mapping[UUID, str]:
    """Return the persons behind the veiled words of lots whose result is out."""
    veiled = [event for event in events if event.actor.startswith(_VEIL)]
    if not veiled:
        return {}
    lots = {event.pk: _lot_of(event) for event in veiled}
    told = set(_told([lot for lot in lots.values() if lot]))
    parties: dict[UUID, list[UUID]] = {}
    for lot, party in Party.objects.filter(lot__in=told).values_list("lot_id", "pk"):
        parties.setdefault(lot, []).append(party)
    found = {}
    for event in veiled:
        for party in parties.get(lots[event.pk] or UUID(int=0), ()):
            person = veil.unmask(event.actor, within=party)
            if person != event.actor:
                found[event.pk] = person
    return found


def hands(people: Collection[str]) -> Collection[str]:
    """Return the words under which these persons acted in lots whose result is out."""
    acting = Membership.objects.filter(
        person__in=[UUID(person) for person in people], organisation__isnull=False
    )
    firms = acting.values_list("person_id", "organisation_id")
    seats = OpeningSeat.objects.filter(party__lot__in=_told(None))
    of_firm: dict[UUID, list[UUID]] = {}
    for firm, party in seats.values_list("organisation_id", "party_id"):
        of_firm.setdefault(firm, []).append(party)
    return [
        veil.mask(person, within=party) for person, firm in firms for party in of_firm.get(firm, ())
    ]


_AUDIENCES: Mapping[tuple[str, str], Any] = {
    ("tender", "public"): _("{number} 项目公开记录"),
    ("tender", "staff"): _("{number} 项目工作人员记录"),
    ("lot", "public"): _("{number} 标段公开记录"),
    ("lot", "staff"): _("{number} 标段工作人员记录"),
    ("lot", "party"): _("{number} 投标人记录"),
}


def _titles_of_parties(asked: Mapping[str, Sequence[str]]) -> Said:
    """Name the streams of one bidder by the bidder, where the list was published."""
    deposits = dict(_pairs(Deposit, _keys(asked, "deposit"), "party"))
    orders = Instruction.objects.filter(pk__in=_keys(asked, "instruction"))
    payees = dict(orders.values_list("pk", "deposit__party"))
    parties = {
        stream: _uuid(parts[3]) for stream, parts in asked.items() if parts[2:3] == ["party"]
    }
    parties |= {f"deposit/{key}": party for key, party in deposits.items()}
    parties |= {f"instruction/{key}": party for key, party in payees.items()}
    seats = OpeningSeat.objects.filter(party__in=[key for key in parties.values() if key])
    known = {seat.party_id: seat for seat in seats.select_related("organisation", "party__lot")}
    told: dict[str, Any] = {}
    for stream, party in parties.items():
        if party is not None and (seat := known.get(party)) is not None:
            facts = {"number": seat.party.lot.code, "name": seat.organisation.name}
            told[stream] = format_lazy(_OF_PARTY[stream.split("/")[0]], **facts)
    return told


_OF_PARTY = {
    "lot": _("{number} 投标人记录 · {name}"),
    "deposit": _("{number} 保证金记录 · {name}"),
    "instruction": _("{number} 付款指令记录 · {name}"),
}


def _lot_of(event: Event) -> UUID | None:
    """Return the lot an event is of, through its deposit where it is about money."""
    head, _slash, rest = event.stream.partition("/")
    key = _uuid(rest.partition("/")[0])
    if head == "deposit" and key is not None:
        found = Deposit.objects.filter(pk=key).select_related("requirement").first()
        return found.requirement.reference if found else None
    return key if head == "lot" else None


def _told(lots: Collection[UUID] | None) -> list[UUID]:
    """Return those of these lots (of all) whose result is out."""
    found = {UUID(lot) for lot in lots_with_result() if _uuid(lot)}
    return sorted(found if lots is None else found & set(lots))


def _pairs(model: Any, wanted: Collection[UUID], column: str) -> Any:
    return model.objects.filter(pk__in=wanted).values_list("pk", column)


def _keys(asked: Mapping[str, Sequence[str]], head: str) -> list[UUID]:
    own = (parts[1] for parts in asked.values() if parts[0] == head and len(parts) > 1)
    return [key for text in own if (key := _uuid(text))]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


SOURCE = Source(numbered=numbered, titles=titles, names=names, unveiled=unveiled, hands=hands)
