"""Pages of `docs/` that are drawn from the code, so that they cannot say anything else."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import fields
from itertools import groupby
from pathlib import Path

from django.conf import settings

from bank_escrow.domain.lifecycle import DEPOSIT, INSTRUCTION
from core.events import DomainEvent, known_events
from core.states import Machine
from evaluation.domain.lifecycle import PANEL, SEAT
from trading.domain.lifecycle import BID, ENQUIRY, LOT, SUBMISSION, TENDER
from trading.domain.opening_stages import STAGES

_APPS = ("accounts", "audit", "venues", "bank_escrow", "trading", "evaluation", "realtime")
_MACHINES: Mapping[str, tuple[Machine, ...]] = {
    "trading": (TENDER, LOT, BID, SUBMISSION, ENQUIRY),
    "bank_escrow": (DEPOSIT, INSTRUCTION),
    "evaluation": (PANEL, SEAT),
}
_DRAWN = "<!-- Drawn by `manage.py document`; change the code, not this page. -->"


def lifecycles() -> str:
    """Draw every state table, and the stages of an opening."""
    parts = [
        "# Lifecycles",
        _DRAWN,
        """A state changes by one compare-and-set under its table and one event beside it; no other
code writes a state. An act that a table does not list in a state cannot happen there.""",
    ]
    for app, machines in _MACHINES.items():
        for machine in machines:
            parts.append(f"## {machine.name}\n\n`{app}/domain/lifecycle.py`")
            parts.append(f"```mermaid\n{machine.mermaid()}```")
    parts.append(
        "## opening\n\n`trading/domain/opening_stages.py`; who ends a stage, and its timer."
    )
    rows = ["| | stage | 阶段 | ended by | timer |", "|---|---|---|---|---|"]
    rows += [
        f"| {stage.number} | {stage.code}{' (optional)' if stage.optional else ''} | {stage.name}"
        f" | {stage.leaves_by} | {stage.timer or ''} |"
        for stage in STAGES
    ]
    parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def events() -> str:
    """List every event of the product by its app, with its words and its fields."""
    parts = [
        "# Events",
        _DRAWN,
        """Every change is an event in a stream; a stream is one aggregate for one audience
(`docs/architecture.md`). The words are the classes' own docstrings.""",
    ]
    _load_all()
    ours = sorted(
        (event for event in known_events().values() if event.__module__.split(".")[0] in _APPS),
        key=lambda event: (_APPS.index(event.__module__.split(".")[0]), event.name),
    )
    for app, group in groupby(ours, key=lambda event: event.__module__.split(".")[0]):
        parts.append(f"## {app}")
        parts.append(
            "\n".join(["| event | what happened | fields |", "|---|---|---|", *map(_row, group)])
        )
    return "\n\n".join(parts) + "\n"


def _load_all() -> None:
    """Import every module of events: one that nobody has asked for yet is unknown."""
    for app in _APPS:
        try:
            home = importlib.import_module(f"{app}.events")
        except ModuleNotFoundError:
            continue  # an app that only listens has none
        for inner in pkgutil.iter_modules(getattr(home, "__path__", ()), f"{home.__name__}."):
            importlib.import_module(inner.name)


def _row(event: type[DomainEvent]) -> str:
    said = " ".join(inspect.cleandoc(event.__doc__ or "").split()).replace("|", "\\|")
    named = ", ".join(f"`{item.name}`" for item in fields(event))
    return f"| `{event.name}` | {said} | {named or '—'} |"


PAGES: Mapping[str, Callable[[], str]] = {"lifecycles.md": lifecycles, "events.md": events}


def folder() -> Path:
    """Return where the pages lie."""
    return Path(settings.BASE_DIR) / "docs"
