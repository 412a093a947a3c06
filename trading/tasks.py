"""Work that takes long; each is idempotent and is asked for again by `due.tick` until done."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from core import clock
from trading.services.opening import opening_forms


@task()
def open_forms(lot_id: str) -> None:
    """Open the forms of a lot, then its packages."""
    opening_forms.open_lot(lot_id=UUID(lot_id), now=clock.now())
    open_packages.enqueue(lot_id)


@task()
def open_packages(lot_id: str) -> None:
    """Unpack the opened bids of a lot for the panel."""
    opening_forms.open_packages(lot_id=UUID(lot_id), now=clock.now())
