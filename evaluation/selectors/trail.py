"""What evaluation tells the audit trail: its rooms, and that who sits there is not told yet.

The members of a panel are secret until the result is determined (TBL Art. 37). An act of a member
is shown by the seat, in the room and on the lot's own streams, and is not found by name or id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from audit.selectors.sources import Said, Source
from evaluation.models import Panel, Seat
from evaluation.selectors.streams import room

# From here on everybody may know who sat on the panel.
_TOLD = ("NOTICE_SENT", "CONTRACTED", "ARCHIVED", "FAILED", "TERMINATED")
# What a member's act does to the lot itself, as it stands on the lot's own streams.
_BY_MEMBERS = frozenset({"lot.reported", "lot.failed"})


def numbered(number: str) -> Collection[str]:
    """Return the rooms of a tender's or a lot's panels."""
    wanted = number.strip()
    panels = Panel.objects.filter(Q(lot__code__iexact=wanted) | Q(lot__tender__code__iexact=wanted))
    return [room(key) for key in panels.values_list("pk", flat=True)]


def unnamed() -> Q:
    """Return the acts of members whose lot has no result yet."""
    place = Func(
        OuterRef("stream"), Value("/"), Value(2), function="split_part", output_field=TextField()
    )
    own = _silent().annotate(
        hand=Cast("person_id", TextField()),
        in_room=Cast("panel_id", TextField()),
        of_lot=Cast("panel__lot_id", TextField()),
    )
    own = own.filter(hand=OuterRef("actor"))
    return Q(Exists(own.filter(in_room=place))) | Q(
        Exists(own.filter(of_lot=place)), name__in=_BY_MEMBERS
    )


def masked(events: Sequence[Event]) -> Mapping[UUID, str]:
    """Return the seat in whose place a member acted, by event."""
    acted = {event.pk: (_place(event), event.actor) for event in events}
    places = {place for place, _actor in acted.values() if place}
    seats = _silent().filter(Q(panel__in=places) | Q(panel__lot__in=places))
    codes: dict[tuple[UUID, str], str] = {}
    for panel, lot, person, code in seats.values_list(
        "panel_id", "panel__lot_id", "person_id", "code"
    ):
        codes[panel, str(person)] = codes[lot, str(person)] = code
    return {
        key: gettext("评委 %(seat)s（结果确定前不公开姓名）") % {"seat": codes[place, actor]}
        for key, (place, actor) in acted.items()
        if place and (place, actor) in codes
    }


def titles(streams: Collection[str]) -> Said:
    """Name the rooms by their lot."""
    parts = [stream.split("/") for stream in streams]
    wanted = [key for head, *rest in parts if head == "panel" and (key := _uuid(rest[0]))]
    panels = Panel.objects.filter(pk__in=wanted).values_list("pk", "lot__code")
    return {room(key): format_lazy(_("{number} 评标室记录"), number=code) for key, code in panels}


def names(ids: Collection[str]) -> Said:
    """Name panels by their lot."""
    wanted = [key for word in ids if (key := _uuid(word))]
    panels = Panel.objects.filter(pk__in=wanted).values_list("pk", "lot__code")
    return {str(key): code for key, code in panels}


def _silent() -> QuerySet[Seat]:
    return Seat.objects.exclude(panel__lot__state__in=_TOLD)


def _place(event: Event) -> UUID | None:
    """Return the panel or the lot in which a member may have acted."""
    head, _slash, rest = event.stream.partition("/")
    acted = head == "panel" or (head == "lot" and event.name in _BY_MEMBERS)
    return _uuid(rest.partition("/")[0]) if acted else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


SOURCE = Source(numbered=numbered, unnamed=unnamed, masked=masked, titles=titles, names=names)
