"""What a bidder's pages show of its own part; nothing here reads another firm's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.http import Http404

from accounts.models import Organisation
from accounts.web import SignedIn
from bank_escrow import selectors as escrow
from trading.domain.bidding import Facts, Step, done, next_step
from trading.models import Bid, DocumentSet, Lot, Party
from trading.policies.bids import is_open
from trading.selectors.access import own_party
from trading.services import downloads, parties

_GONE = frozenset({"WITHDRAWN", "SUPERSEDED"})
_BEFORE_THE_LIST = frozenset({"SUBMISSION", "SUSPENDED", "CLOSED", "OPENING"})
_DECIDED = frozenset({"CANDIDATES_PUBLISHED", "AWARDED", "NOTICE_SENT", "CONTRACTED", "ARCHIVED"})
_SETTLED = frozenset({"MATCHED", "LOCKED", "GUARANTEE", "WAIVED"})
RECENT = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class OwnPart:
    """One firm's part in one lot, as its own pages show it."""

    party: Party
    organisation: Organisation
    now: datetime

    @property
    def lot(self) -> Lot:
        """The lot."""
        return self.party.lot

    @cached_property
    def bids(self) -> list[Bid]:
        """Every bid this firm delivered, newest first."""
        return list(Bid.objects.filter(party=self.party).order_by("-received_at"))

    @property
    def live(self) -> Bid | None:
        """The bid that counts."""
        return next((bid for bid in self.bids if bid.state not in _GONE), None)

    @cached_property
    def deposit(self) -> escrow.DepositState | None:
        """The bid security; None where the lot asks for none."""
        return escrow.deposit_state(reference=self.party.lot_id, party=self.party.pk)

    @cached_property
    def document_sets(self) -> list[DocumentSet]:
        """Every issued version, newest first."""
        sets = self.lot.tender.document_sets.filter(issued_at__isnull=False)
        return list(sets.order_by("-version").prefetch_related("documents"))

    @cached_property
    def taken(self) -> set[UUID]:
        """The files this firm has downloaded."""
        files = [file.pk for one in self.document_sets for file in one.documents.all()]
        return downloads.taken(documents=files, organisation_id=self.organisation.pk)

    @property
    def unread(self) -> list[DocumentSet]:
        """Versions with a file this firm has not downloaded yet."""
        return [
            one
            for one in self.document_sets
            if any(file.pk not in self.taken for file in one.documents.all())
        ]

    @property
    def is_open(self) -> bool:
        """Whether bids are taken at this instant."""
        return bool(is_open(lot=self.lot, now=self.now))

    def is_within(self, left: timedelta) -> bool:
        """Whether bids are taken still, and not much longer."""
        deadline = self.lot.deadline_at
        return self.is_open and deadline is not None and deadline - self.now < left

    @cached_property
    def facts(self) -> Facts:
        """What the course of steps is worked out from."""
        deposit = self.deposit
        return Facts(
            open=self.is_open,
            documents_taken=not self.unread,
            deposit_needed=deposit is not None and deposit.state != "WAIVED",
            deposit_asked=deposit is not None and bool(deposit.account_number),
            deposit_settled=deposit is not None and deposit.state in _SETTLED,
            delivered=self.live is not None,
            ever_delivered=bool(self.bids),
            opened=self.lot.state not in _BEFORE_THE_LIST,
            decided=self.lot.state in _DECIDED,
            over=self.lot.state in {"FAILED", "TERMINATED"},
        )

    @property
    def unpaid_until(self) -> datetime | None:
        """Until when the bid security must still come; None when it is settled or not asked."""
        facts, deposit = self.facts, self.deposit
        if deposit is None or not self.is_open:
            return None
        return deposit.cutoff_at if facts.deposit_needed and not facts.deposit_settled else None

    @property
    def next_step(self) -> Step | None:
        """The one thing to do next."""
        return next_step(self.facts)

    @property
    def steps_done(self) -> frozenset[Step]:
        """The steps that lie behind."""
        return done(self.facts)

    @property
    def chip(self) -> str:
        """The chip of the firm's bid, or of there being none."""
        if self.live is not None:
            return f"bid.{self.live.state}"
        if self.bids:
            return "bid.WITHDRAWN"
        return "bid.NONE" if self.is_open or self.lot.state == "SUSPENDED" else "bid.MISSED"


def own_part(who: SignedIn, lot_id: UUID, *, now: datetime) -> OwnPart:
    """Return the person's firm's part in a lot; `B-040` when it has not joined."""
    party = own_party(who, lot_id)
    assert who.organisation is not None  # own_party found one
    return OwnPart(party=party, organisation=who.organisation, now=now)


def own_parts(who: SignedIn, *, now: datetime, since: datetime | None) -> list[OwnPart]:
    """Return the firm's parts in every lot, open ones first; `since` leaves out older deadlines."""
    return [] if who.organisation is None else parts_of(who.organisation, now=now, since=since)


def parts_of(firm: Organisation, *, now: datetime, since: datetime | None) -> list[OwnPart]:
    """Return a firm's own parts, as `own_parts` does, where the firm is known already."""
    lots = Lot.objects.exclude(state__in=["DRAFT", "DISCARDED"])
    if since is not None:
        lots = lots.filter(deadline_at__gte=since)
    own = parties.find_all(lot_ids=list(lots.values_list("pk", flat=True)), organisation_id=firm.pk)
    parts = []
    for lot in lots.filter(pk__in=own).select_related("tender"):
        party = own[lot.pk]
        party.lot = lot
        parts.append(OwnPart(party=party, organisation=firm, now=now))
    return sorted(parts, key=_by_urgency)


def _by_urgency(part: OwnPart) -> tuple[bool, float]:
    deadline = part.lot.deadline_at
    at = deadline.timestamp() if deadline else 0.0
    return (not part.is_open, at if part.is_open else -at)


def own_receipt(who: SignedIn, receipt_id: str) -> Bid:
    """Return the bid of a receipt if the person's firm submitted it; 404 otherwise."""
    bid = (
        Bid.objects.select_related("lot__tender", "party", "submission")
        .filter(receipt_id=receipt_id)
        .first()
    )
    firm = who.organisation
    if bid is None or firm is None:
        raise Http404
    own = parties.find(lot_id=bid.lot_id, organisation_id=firm.pk)
    if own is None or own.pk != bid.party_id:
        raise Http404
    return bid
