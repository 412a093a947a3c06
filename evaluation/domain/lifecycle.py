"""The moves a panel and a seat may make (domain handbook §8, §9.1)."""

from __future__ import annotations

from core.states import Machine

PANEL = Machine(
    "panel",
    {
        "INVITING": {"form": "FORMED", "dissolve": "DISSOLVED"},
        # A member who must step aside sends the panel back for the next in the drawn order.
        "FORMED": {"sit": "SITTING", "vacate": "INVITING", "dissolve": "DISSOLVED"},
        "SITTING": {"review": "REVIEW", "vacate": "INVITING", "dissolve": "DISSOLVED"},
        # With no bid left to compare there is nothing to score.
        "REVIEW": {"score": "SCORING", "summarise": "SUMMARISED", "dissolve": "DISSOLVED"},
        "SCORING": {"summarise": "SUMMARISED", "dissolve": "DISSOLVED"},
        "SUMMARISED": {"draft": "SIGNING", "dissolve": "DISSOLVED"},
        "SIGNING": {"report": "REPORTED", "dissolve": "DISSOLVED"},
        "REPORTED": {},
        "DISSOLVED": {},
    },
)

SEAT = Machine(
    "seat",
    {
        "NOTIFIED": {"accept": "ACCEPTED", "decline": "DECLINED", "cancel": "CANCELLED"},
        "ACCEPTED": {"check_in": "CHECKED_IN", "cancel": "CANCELLED"},
        "CHECKED_IN": {"recuse": "RECUSED", "cancel": "CANCELLED"},
        "DECLINED": {},
        "RECUSED": {},
        "CANCELLED": {},
    },
)

# Seats that count as members, now or when they answer.
ACTIVE = ("NOTIFIED", "ACCEPTED", "CHECKED_IN")
# From here on everybody has seen the bidders' names and works on the bids.
AT_WORK = ("SITTING", "REVIEW", "SCORING", "SUMMARISED", "SIGNING", "REPORTED")
SUMMED_UP = ("SUMMARISED", "SIGNING", "REPORTED")
