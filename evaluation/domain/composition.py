"""How a panel must be made up: odd, large enough, two thirds drawn experts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.law import least_experts, least_members


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that is not met; `blocks` is false where the tender documents may decide."""

    code: str
    blocks: bool
    article: str
    facts: Mapping[str, int] = field(default_factory=dict)


def findings(
    *, track: str, procedure: str, budget_fen: int, experts: int, representatives: int, on: date
) -> list[Finding]:
    """Return what stands against a panel of so many drawn experts and representatives."""
    total = experts + representatives
    least = least_members(track=track, procedure=procedure, budget_fen=budget_fen, on=on)
    ordinary = least_members(track=track, procedure=procedure, budget_fen=0, on=on)
    article = str(least.article)
    found = []
    if total % 2 == 0:
        found.append(Finding(code="EVEN", blocks=True, article=article, facts={"total": total}))
    if total < least.value:
        # MOF87 Art. 47 asks for seven only of large budgets. Documents already published fix
        # the panel's size, so the desk is warned and the panel is not stopped.
        found.append(
            Finding(
                code="TOO_FEW",
                blocks=total < ordinary.value,
                article=article,
                facts={"total": total, "least": int(least.value)},
            )
        )
    if experts < least_experts(total):
        found.append(
            Finding(
                code="TOO_FEW_EXPERTS",
                blocks=True,
                article=article,
                facts={"experts": experts, "least": least_experts(total), "total": total},
            )
        )
    return found
