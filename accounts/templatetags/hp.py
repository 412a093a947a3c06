"""Filters and tags every page uses: money, moments, icons, chips, countdowns, refusals."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import chips
from accounts.web import citations
from core import clock, money
from core.verdicts import Reason
from core.verdicts import explain as explain_reason

register = template.Library()
SHANGHAI = ZoneInfo("Asia/Shanghai")


@register.filter
def yuan(fen: int | None) -> str:
    """`¥33,663,580.16`; nothing for an amount that is not known."""
    return "" if fen is None else f"¥{money.yuan(fen)}"


@register.filter
def wan(fen: int | None) -> str:
    """`3,366.36 万元`, an addition to the exact amount, never instead of it."""
    return "" if fen is None else _("%(amount)s 万元") % {"amount": money.wan(fen)}


@register.filter
def uppercase(fen: int | None) -> str:
    """大写."""
    return "" if fen is None else money.uppercase(fen)


@register.filter
def moment(at: datetime | None) -> str:
    """`2026-11-23 14:00:00` in Beijing time."""
    return "" if at is None else f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


@register.filter
def day(at: date | datetime | None) -> str:
    """`2026-11-23` in Beijing time."""
    if isinstance(at, datetime):
        at = at.astimezone(SHANGHAI).date()
    return "" if at is None else f"{at:%Y-%m-%d}"


@register.filter
def weekday(at: date | datetime | None) -> str:
    """`周一`, beside a day in lists."""
    if isinstance(at, datetime):
        at = at.astimezone(SHANGHAI).date()
    if at is None:
        return ""
    words = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return words[at.weekday()]


@register.filter
def iso(at: datetime) -> str:
    """Give a machine the moment, for `datetime` attributes."""
    return at.astimezone(SHANGHAI).isoformat()


@register.filter
def joined(values: Iterable[object]) -> str:
    """List names in one line with the reader's own comma."""
    return _("、").join(str(value) for value in values)


@register.filter
def bracketed(value: object) -> str:
    """Add a word in the reader's own brackets, which bring their own space; nothing for none."""
    text = "" if value is None else str(value)
    return _("（%(text)s）") % {"text": text} if text else ""


@register.filter
def cited(text: object) -> str:
    """Cite the law by its name in the reader's language; nothing for none."""
    return str(citations.cited(str(text))) if text else ""


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is decoration."""
    classes = f"icon icon-{size}" if size else "icon"
    href = f"{static('build/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            classes,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        classes,
        href,
    )


@register.inclusion_tag("parts/chip.html")
def chip(value: object, label: str = "", kind: str = "") -> dict[str, Any]:
    """Show a state's chip; `label` overrides its word, `kind` its look."""
    found = chips.find(str(value))
    look = chips.Kind[kind.upper()] if kind else found.kind
    return {"style": look.style, "icon_name": look.icon, "label": label or found.label}


@register.inclusion_tag("parts/countdown.html")
def countdown(to: datetime, near: int = 3600) -> dict[str, Any]:
    """Count down to a moment by the server's clock; `near` seconds before, it turns amber."""
    left = int((to - clock.now()).total_seconds())
    hours, seconds = divmod(max(left, 0), 3600)
    days, hours = divmod(hours, 24)
    facts = {"days": days, "time": f"{hours:02}:{seconds // 60:02}:{seconds % 60:02}"}
    words = _("还有 %(days)s 天 %(time)s") if days else _("还有 %(time)s")
    return {"to": to, "near": near, "left": left, "words": words % facts}


@register.simple_tag
def command_id() -> SafeString:
    """Name the command this form will give, so that a repeated press is done once."""
    return format_html('<input type="hidden" name="command_id" value="{}">', uuid4())


@register.inclusion_tag("parts/refusal.html")
def explain(reason: Reason) -> dict[str, Any]:
    """Say what happened, why, what to do, and the code."""
    return {"explained": explain_reason(reason)}


@register.inclusion_tag("parts/clock.html")
def server_clock() -> dict[str, Any]:
    """Beijing time by the server; scripts keep it running, at the story clock's speed in a demo."""
    story = os.environ.get(clock.VARIABLE)
    speed = clock.read_story(Path(story)).speed if story else 1.0
    return {"now": clock.now(), "speed": f"{speed:g}"}
