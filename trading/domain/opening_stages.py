"""The sixteen stages of a no-meet opening as one table (domain handbook §7.1).

`Stage.leaves_by` says who may end the stage: `host` by the one button, `system` by the clock or
by facts. `skipped` stages do not occur in a lot whose documents leave them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage: its code, its Chinese name, who ends it and how long it may last."""

    number: int
    code: str
    name: str
    name_en: str
    leaves_by: str  # "host" or "system"
    timer: str | None = None  # the timer that bounds it
    optional: bool = False


STAGES: Sequence[Stage] = (
    Stage(number=0, code="LOBBY", name="候场", name_en="Lobby", leaves_by="system"),
    Stage(number=1, code="SIGN_IN", name="签到", name_en="Check-in", leaves_by="host"),
    Stage(number=2, code="START", name="宣布开标", name_en="Start", leaves_by="host"),
    Stage(number=3, code="COUNT_CHECK", name="投标人数检查", name_en="Count", leaves_by="host"),
    Stage(number=4, code="LIST", name="公布投标人名单", name_en="Bidders", leaves_by="host"),
    Stage(number=5, code="DEPOSIT", name="保证金查验", name_en="Bid security", leaves_by="host"),
    Stage(
        number=6,
        code="IDENTITY",
        name="身份检查",
        name_en="Identity",
        leaves_by="host",
        optional=True,
    ),
    Stage(
        number=7,
        code="PARAM_DRAW",
        name="抽取评标参数",
        name_en="Parameter draw",
        leaves_by="host",
        optional=True,
    ),
    Stage(
        number=8,
        code="DECRYPT_BIDDER",
        name="投标人解密",
        name_en="Bidders decrypt",
        leaves_by="host",
        timer="decrypt",
    ),
    Stage(
        number=9,
        code="DECRYPT_TENDERER",
        name="招标人解密",
        name_en="Tenderer decrypts",
        leaves_by="system",
    ),
    Stage(number=10, code="RECOUNT", name="解密后数量检查", name_en="Recount", leaves_by="host"),
    Stage(number=11, code="READ_OUT", name="唱标", name_en="Read-out", leaves_by="host"),
    Stage(
        number=12,
        code="OBJECTION",
        name="开标异议",
        name_en="Objections",
        leaves_by="host",
        timer="objection",
    ),
    Stage(
        number=13,
        code="CONFIRM",
        name="确认开标记录",
        name_en="Confirmation",
        leaves_by="host",
        timer="confirm",
    ),
    Stage(number=14, code="SIGN", name="签章", name_en="Signatures", leaves_by="host"),
    Stage(number=15, code="END", name="开标结束", name_en="End", leaves_by="system"),
)
BY_CODE = {stage.code: stage for stage in STAGES}


# Fewer than three at the deadline: nothing is decrypted (TBR Art. 44). Fewer than three decrypted:
# by track and documents (domain handbook §7.1 row 10).
MAY_FAIL = frozenset({"COUNT_CHECK", "RECOUNT"})


def order(*, with_identity: bool, draw: str | None) -> tuple[str, ...]:
    """Give the stage codes of one lot in order; `draw` is None, `before` or `after` decryption."""
    codes = [s.code for s in STAGES if s.code not in {"IDENTITY", "PARAM_DRAW"}]
    if draw is not None:
        anchor = "DECRYPT_BIDDER" if draw == "before" else "READ_OUT"
        codes.insert(codes.index(anchor), "PARAM_DRAW")
    if with_identity:
        codes.insert(codes.index("DEPOSIT") + 1, "IDENTITY")
    return tuple(codes)


def following(stages: Sequence[str], code: str) -> str:
    """Name the stage after `code`; ValueError at the end or for a code not in the order."""
    place = stages.index(code)
    if place + 1 == len(stages):
        raise ValueError(code)
    return stages[place + 1]
