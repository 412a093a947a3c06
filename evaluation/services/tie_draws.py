"""The order for bids that no rule parts: committed to before scoring, drawn after the last lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.draws import Draw, commitment, hold
from evaluation.domain.lifecycle import ACTIVE
from evaluation.models import Panel, Seat, TieDraw
from evaluation.services import entropy


def commit(panel: Panel, *, seed: bytes, now: datetime) -> TieDraw:
    """Promise the seed of the panel's one tie draw."""
    return TieDraw.objects.create(
        panel=panel,
        commitment=commitment(seed, context_of(panel)).hex(),
        committed_at=now,
        seed=seed.hex(),
    )


def draw(panel: Panel, bids: Sequence[str], *, now: datetime) -> list[str]:
    """Put all valid bids in a drawn order; S-012 until a checkpoint after the last lock is there.

    Waiting for it keeps those who score from knowing the order while they could still use it.
    """
    ties = TieDraw.objects.select_for_update().get(panel=panel)
    locks = Seat.objects.filter(panel=panel, state__in=ACTIVE).values_list(
        "locked_at", "locked_size"
    )
    last = max((at for at, _ in locks if at is not None), default=ties.committed_at)
    size = max((size for _, size in locks if size is not None), default=0)
    fresh = entropy.first_after(size, since=last)
    held = hold(
        context=context_of(panel),
        inputs=list(bids),
        seed=bytes.fromhex(ties.seed),
        entropy=fresh.root,
    )
    ties.entropy, ties.inputs = fresh.body(), list(held.inputs)
    ties.result, ties.drawn_at = list(held.result), now
    ties.save(update_fields=["entropy", "inputs", "result", "drawn_at"])
    return list(held.result)


def record_of(ties: TieDraw) -> Draw:
    """Return a held draw as the record that can be replayed."""
    return Draw.read(
        {
            "context": context_of(ties.panel),
            "inputs": ties.inputs,
            "take": len(ties.inputs),
            "commitment": ties.commitment,
            "entropy": (ties.entropy or {}).get("root"),
            "seed": ties.seed,
            "result": ties.result,
        }
    )


def context_of(panel: Panel) -> str:
    """Return what ties the seed to one panel."""
    return f"ties/{panel.pk}"
