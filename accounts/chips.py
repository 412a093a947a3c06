"""The one dictionary of status chips: a state's code gives its word, icon and colour.

Templates, exports and tests all ask here. An app registers the states it owns when it is ready:

    chips.register({"LOCKED": Chip(Kind.DONE, _("已锁定"))})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(Enum):
    """What a state means to the person looking; the value is its style, then its icon."""

    DRAFT = ("draft", "pencil")
    TODO = ("todo", "point-filled")
    RUNNING = ("running", "circle-dot")
    DONE = ("done", "check")
    FAILED = ("failed", "x")
    PAUSED = ("paused", "player-pause")
    ENDED = ("ended", "square-filled")
    WITHDRAWN = ("withdrawn", "arrow-back-up")

    @property
    def style(self) -> str:
        """Name of the style, as in `chip--done`."""
        return self.value[0]

    @property
    def icon(self) -> str:
        """Name of the icon in the sprite."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Chip:
    """One state's look: never colour alone, always word and icon too."""

    kind: Kind
    label: str | Promise


_CHIPS: dict[str, Chip] = {
    "draft": Chip(Kind.DRAFT, _("草稿")),
    "todo": Chip(Kind.TODO, _("待办")),
    "running": Chip(Kind.RUNNING, _("进行中")),
    "done": Chip(Kind.DONE, _("已完成")),
    "failed": Chip(Kind.FAILED, _("未通过")),
    "paused": Chip(Kind.PAUSED, _("已暂停")),
    "ended": Chip(Kind.ENDED, _("已结束")),
    "withdrawn": Chip(Kind.WITHDRAWN, _("已撤回")),
}


def register(chips: Mapping[str, Chip]) -> None:
    """Add an app's states; the same code may not mean two things."""
    for code, chip in chips.items():
        if _CHIPS.get(code, chip) != chip:
            raise ValueError(f"chip {code!r} already means something else")
        _CHIPS[code] = chip


def find(code: str) -> Chip:
    """Give a state's chip; an unregistered state shows its own code, quietly."""
    return _CHIPS.get(code) or Chip(Kind.ENDED, code)


def named(prefix: str) -> Callable[[str], str | Promise]:
    """Give the words of a family of states, for a sentence that names one."""
    return lambda code: find(f"{prefix}{code}").label


def known() -> Mapping[str, Chip]:
    """All registered chips, for tests and the style guide."""
    return dict(_CHIPS)
