"""What the escrow tells the audit trail: its streams, once their lot has been unsealed.

Until then a deposit, its orders and what concerns them look as if they were not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.selectors.sources import Said, Source
from bank_escrow.event_words import bank_name
from bank_escrow.models import Deposit, DepositRequirement, Proposal
from bank_escrow.selectors.breaks import visible_breaks
from bank_escrow.selectors.finance import visible_orders
from bank_escrow.words_desk import BREAKS, DEEDS


def readable() -> Sequence[QuerySet[Any, Any]]:
    """Return the queries for the streams that may be read now.

    A proposal is only ever about what its first person could see.
    """
    return [
        _streams("deposit", _deposits()),
        _streams("instruction", visible_orders().select_related(None)),
        _streams("account", _requirements()),
        _streams("account", visible_breaks()),
        _streams("account", Proposal.objects.all()),
    ]


def streams_of(references: Iterable[UUID]) -> list[str]:
    """Return the streams of lots' money; none for a lot that is sealed."""
    lots = list(references)
    found = [
        _streams("account", _requirements().filter(reference__in=lots)),
        _streams("deposit", _deposits().filter(requirement__reference__in=lots)),
        _streams(
            "instruction",
            visible_orders().select_related(None).filter(deposit__requirement__reference__in=lots),
        ),
    ]
    return [stream for query in found for (stream,) in query]


def titles(streams: Collection[str]) -> Said:
    """Name streams by what they are about; the lot's number and name are the notice's own."""
    told: dict[str, Any] = {}
    lots = _deposits().filter(pk__in=_ids("deposit", streams))
    for key, title in lots.values_list("pk", "requirement__title"):
        told[f"deposit/{key}"] = format_lazy(_("保证金记录 · {title}"), title=title)
    orders = visible_orders().select_related(None).filter(pk__in=_ids("instruction", streams))
    for key, serial in orders.values_list("pk", "serial"):
        told[f"instruction/{key}"] = format_lazy(_("付款指令记录 · {serial}"), serial=serial)
    return {**told, **_titles_of_accounts(_ids("account", streams))}


def names(ids: Collection[str]) -> Said:
    """Name banks as actors, and orders by their serial."""
    banks = {word: bank_name(word[5:]) for word in ids if word.startswith("bank:")}
    wanted = {key for word in ids if (key := _id(word)) is not None}
    orders = visible_orders().select_related(None).filter(pk__in=wanted)
    return banks | {str(key): serial for key, serial in orders.values_list("pk", "serial")}


def _titles_of_accounts(wanted: Collection[UUID]) -> Said:
    told: dict[str, Any] = {}
    for key, title in _requirements().filter(pk__in=wanted).values_list("pk", "title"):
        told[f"account/{key}"] = format_lazy(_("保证金要求记录 · {title}"), title=title)
    for key, kind in visible_breaks().filter(pk__in=wanted).values_list("pk", "kind"):
        told[f"account/{key}"] = format_lazy(_("差错记录 · {what}"), what=BREAKS[kind].what)
    for key, kind in Proposal.objects.filter(pk__in=wanted).values_list("pk", "kind"):
        told[f"account/{key}"] = format_lazy(_("两人事项记录 · {what}"), what=DEEDS[kind].name)
    return told


def _deposits() -> QuerySet[Deposit]:
    return Deposit.objects.filter(requirement__unsealed_at__isnull=False)


def _requirements() -> QuerySet[DepositRequirement]:
    return DepositRequirement.objects.filter(unsealed_at__isnull=False)


def _streams(prefix: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    name = Concat(Value(f"{prefix}/"), Cast("pk", TextField()), output_field=TextField())
    named: QuerySet[Any, Any] = rows.annotate(stream=name).order_by().values_list("stream")
    return named


def _ids(prefix: str, streams: Collection[str]) -> list[UUID]:
    parts = (stream.partition("/") for stream in streams)
    return [key for head, _slash, rest in parts if head == prefix and (key := _id(rest))]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


SOURCE = Source(readable=readable, titles=titles, names=names)
