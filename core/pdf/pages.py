"""Paging: put boxes on pages, tear what may be torn, keep together what belongs together."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from core.pdf.boxes import Box, GapBox, Placed, Sheet, StackBox

TOLERANCE = 0.01  # of a point: sums of line heights are floating


def paginate(boxes: Iterable[Box], *, first: float, room: float) -> list[Sheet]:
    """Fill pages of `room`; `first` of the first page is taken by the title."""
    waiting = deque(boxes)
    sheets = [Sheet(used=first)]
    while waiting:
        sheet, box = sheets[-1], waiting.popleft()
        if isinstance(box, GapBox) and box.breaks:
            if sheet.placed:
                sheets.append(Sheet())
            continue
        before = box.before if sheet.placed or sheet.used else 0
        left = room - sheet.used - before + TOLERANCE
        if isinstance(box, GapBox):
            sheet.used += min(box.height, max(left, 0)) if sheet.placed else 0
            continue
        if box.height + _following(box, waiting) <= left:
            _place(sheet, box, before)
            continue
        torn = box.tear(left)
        if torn is not None:
            _place(sheet, torn[0], before)
            waiting.appendleft(torn[1])
            sheets.append(Sheet())
        elif sheet.placed or sheet.used:
            waiting.appendleft(box)
            sheets.append(Sheet())
        elif isinstance(box, StackBox):
            waiting.extendleft(reversed(box.boxes))  # too tall for any page: let it fall apart
        else:
            _place(sheet, box, before)
    return sheets


def _place(sheet: Sheet, box: Box, before: float) -> None:
    sheet.placed.append(Placed(box=box, top=sheet.used + before))
    sheet.used += before + box.height


def _following(box: Box, waiting: Iterable[Box]) -> float:
    """Return the least room that what clings to `box` needs below it."""
    need = 0.0
    clings = box.clings
    for following in waiting:
        if not clings or isinstance(following, GapBox):
            break
        need += following.before + following.least
        clings = following.clings
    return need
