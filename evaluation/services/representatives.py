"""The tenderer's own members of the panel, at most a third (TBL Art. 37; MOF87 Art. 47)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import Person
from core.verdicts import Refusal
from evaluation.models import Panel, Representative, Seat
from evaluation.policies.panel import list_is_out
from evaluation.services import panels, tasks
from evaluation.services.interests import bids_for_one
from evaluation.services.invitations import form_if_whole, give_seat
from trading.models import Lot

_TOO_EARLY_OR_LATE = ("DRAFT", "DISCARDED", "FAILED", "TERMINATED")


def name(
    *, lot_id: UUID, username: str, specialty: str, site: str, person: Person, now: datetime
) -> Representative:
    """Name a representative; while the panel is being invited the seat is given at once.

    Somebody of the agency may not sit (MOF87 Art. 47), nor somebody of a bidder. The latter is
    asked only once the list is out, of those named before it when their seats are given: until
    then everybody gets the same answer, or names could be tried to learn who bids.
    """
    lots = Lot.objects.select_for_update(of=("self",)).select_related("tender", "opening")
    lot = lots.get(pk=lot_id)
    if lot.state in _TOO_EARLY_OR_LATE:
        raise Refusal("S-014")
    named = Person.objects.filter(username=username.strip().lower(), is_active=True).first()
    if named is None or _is_of_agency(named, lot):
        raise Refusal("S-015")
    if list_is_out(lot=lot) and (_was_barred(named, lot) or bids_for_one(named, lot)):
        raise Refusal("S-015")
    panel = Panel.objects.filter(lot=lot).first()
    if panel is not None and panel.state != "INVITING":
        raise Refusal("S-014")
    if panel is not None and panel.seats.filter(person=named).exists():
        raise Refusal("S-015")
    row, made = Representative.objects.get_or_create(
        lot=lot,
        person=named,
        defaults={"specialty": specialty, "site": site, "by": person, "at": now},
    )
    if panel is not None and made:
        panel = panels.locked(panel.pk)
        give_seat(
            panel=panel,
            person=named,
            role=Seat.Role.REPRESENTATIVE.value,
            specialty=row.specialty,
            site=row.site,
            actor=str(person.pk),
            now=now,
        )
        form_if_whole(panel=panel, actor=str(person.pk), now=now)
        tasks.settle(panel, now=now)
    return row


def _was_barred(person: Person, lot: Lot) -> bool:
    barred = Representative.objects.filter(lot=lot, person=person, barred_at__isnull=False)
    return barred.exists()


def _is_of_agency(person: Person, lot: Lot) -> bool:
    agency = lot.tender.agency_id
    return (
        agency is not None
        and person.memberships.filter(organisation_id=agency, ended_at__isnull=True).exists()
    )
