"""One tender on its way: what its sides hold while its course runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from config.demo_world.cast import Cast
from config.demo_world.hands import Hand
from config.demo_world.plans import Plan
from config.demo_world.shelf import Shelf
from sealing import keys, suites
from trading.models import Lot, Opening, Party, Tender


@dataclass(kw_only=True)
class Job:
    """A tender, the host's key, and its bidders' parties and keys by username."""

    plan: Plan
    cast: Cast
    shelf: Shelf
    tender_id: UUID
    lot_id: UUID
    host_key: keys.OpeningKey = field(init=False)
    parties: dict[str, UUID] = field(default_factory=dict)
    opening_keys: dict[str, keys.OpeningKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the host key of the suite that the tender is to have."""
        self.host_key = keys.generate(suite=suites.of(self.plan.suite))

    @property
    def tender(self) -> Tender:
        """The tender as it stands."""
        return Tender.objects.get(pk=self.tender_id)

    @property
    def lot(self) -> Lot:
        """The lot as it stands, with its tender."""
        return Lot.objects.select_related("tender").get(pk=self.lot_id)

    @property
    def opening(self) -> Opening:
        """The lot's opening as it stands."""
        return Opening.objects.get(pk=self.lot_id)

    @property
    def buyer(self) -> Hand:
        """The tenderer's person."""
        return self.cast[self.plan.tenderer.username]

    @property
    def host(self) -> Hand:
        """Who works the desk."""
        return self.cast[self.plan.host.username]

    def party(self, username: str) -> Party:
        """Return a bidder's party with its lot."""
        return Party.objects.select_related("lot__tender__host_key").get(pk=self.parties[username])
