"""Amounts and shares the law fixes: thresholds, caps of securities, price weights, preferences.

Categories are `works`, `goods`, `services`, `design`. In track T, `services` means supervision
and the like of a works project.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.law.rules import Evidence, Rule, Table, Unit, tables
from core.law.statutes import Article, Statute

_WAN = 10_000 * 100
_READ, _KNOWN, _SECONDARY = Evidence.READ, Evidence.KNOWN, Evidence.SECONDARY


def _fen(wan: int, statute: Statute, number: int, tag: Evidence, **where: str) -> Rule:
    return Rule(
        value=wan * _WAN,
        unit=Unit.FEN,
        article=Article(statute, number),
        tag=tag,
        valid_from=statute.since,
        where=where,
    )


def _share(
    value: str,
    statute: Statute,
    number: int,
    tag: Evidence,
    *,
    until: date | None = None,
    **where: str,
) -> Rule:
    return Rule(
        value=Decimal(value),
        unit=Unit.FRACTION,
        article=Article(statute, number),
        tag=tag,
        valid_from=statute.since,
        valid_to=until,
        where=where,
    )


_FROM_19 = Statute.SME19.since
_FROM_46 = Statute.SME46.since

AMOUNTS = tables(
    # Estimates at or above these must be tendered; a single contract counts.
    Table(
        "must_tender",
        (
            _fen(400, Statute.O16, 5, _KNOWN, track="T", category="works"),
            _fen(200, Statute.O16, 5, _KNOWN, track="T", category="goods"),
            _fen(100, Statute.O16, 5, _KNOWN, track="T", category="services"),
            _fen(100, Statute.O16, 5, _KNOWN, track="T", category="design"),
        ),
    ),
    # Base: the lot's estimate in T, the budget in G.
    Table(
        "security_share",
        (
            _share("0.02", Statute.TBR, 26, _READ, track="T"),
            _share("0.02", Statute.GPR, 33, _READ, track="G"),
        ),
    ),
    Table(
        "security_ceiling",
        (
            _fen(80, Statute.O30, 37, _KNOWN, track="T", category="works"),
            _fen(80, Statute.O27, 27, _KNOWN, track="T", category="goods"),
            _fen(10, Statute.O2, 24, _KNOWN, track="T", category="design"),
        ),
    ),
    Table(
        "performance_share",
        (
            _share("0.10", Statute.TBR, 58, _READ, track="T"),
            _share("0.10", Statute.GPR, 48, _READ, track="G"),
        ),
    ),
    # Track G only; a tender of track T weighs price as its documents say.
    Table(
        "price_weight_least",
        (
            _share(
                "0.30",
                Statute.CK214,
                24,
                _SECONDARY,
                track="G",
                category="goods",
                procedure="consultation",
            ),
            _share(
                "0.10",
                Statute.CK214,
                24,
                _SECONDARY,
                track="G",
                category="services",
                procedure="consultation",
            ),
            _share("0.30", Statute.MOF87, 55, _SECONDARY, track="G", category="goods"),
            _share("0.10", Statute.MOF87, 55, _SECONDARY, track="G", category="services"),
        ),
    ),
    Table(
        "price_weight_most",
        (
            _share(
                "0.60",
                Statute.CK214,
                24,
                _SECONDARY,
                track="G",
                category="goods",
                procedure="consultation",
            ),
            _share(
                "0.30",
                Statute.CK214,
                24,
                _SECONDARY,
                track="G",
                category="services",
                procedure="consultation",
            ),
        ),
    ),
    # Price deduction for small and micro firms: the documents fix a rate inside the range.
    Table(
        "small_deduction_least",
        (
            _share("0.10", Statute.SME19, 0, _SECONDARY, track="G", category="goods"),
            _share("0.10", Statute.SME19, 0, _SECONDARY, track="G", category="services"),
            _share("0.03", Statute.SME46, 9, _KNOWN, track="G", category="works"),
            _share("0.06", Statute.SME46, 9, _KNOWN, until=_FROM_19, track="G", category="goods"),
            _share(
                "0.06", Statute.SME46, 9, _KNOWN, until=_FROM_19, track="G", category="services"
            ),
            _share("0.06", Statute.SME181, 5, _KNOWN, until=_FROM_46, track="G"),
        ),
    ),
    Table(
        "small_deduction_most",
        (
            _share("0.20", Statute.SME19, 0, _SECONDARY, track="G", category="goods"),
            _share("0.20", Statute.SME19, 0, _SECONDARY, track="G", category="services"),
            _share("0.05", Statute.SME46, 9, _KNOWN, track="G", category="works"),
            _share("0.10", Statute.SME46, 9, _KNOWN, until=_FROM_19, track="G", category="goods"),
            _share(
                "0.10", Statute.SME46, 9, _KNOWN, until=_FROM_19, track="G", category="services"
            ),
            _share("0.10", Statute.SME181, 5, _KNOWN, until=_FROM_46, track="G"),
        ),
    ),
    Table(
        "domestic_deduction",
        (
            _share("0.20", Statute.DOM34, 0, _SECONDARY, track="G", category="goods"),
            _share("0.20", Statute.DOM34, 0, _SECONDARY, track="G", category="services"),
        ),
    ),
    # Added to the central bank's loan base rate when a G security is returned late.
    Table("late_refund_surcharge", (_share("0.20", Statute.MOF87, 38, _KNOWN, track="G"),)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most that may be asked, and the rules it comes from; the deciding rule is first."""

    fen: int
    rules: tuple[Rule, ...]


def must_tender(estimate_fen: int, *, category: str, on: date) -> Rule | None:
    """Return the rule by which a works project of track T must be tendered, if it must."""
    rule = AMOUNTS["must_tender"].find(on=on, track="T", category=category)
    return rule if rule is not None and estimate_fen >= rule.value else None


def security_cap(base_fen: int, *, track: str, category: str, on: date) -> Cap | None:
    """Return the most a bid security may be; nothing where no law caps it."""
    share = AMOUNTS["security_share"].find(on=on, track=track)
    if share is None:
        return None
    # A cap is never rounded up.
    part = int(Fraction(share.value) * base_fen)
    ceiling = AMOUNTS["security_ceiling"].find(on=on, track=track, category=category)
    if ceiling is None:
        return Cap(fen=part, rules=(share,))
    top = int(ceiling.value)
    return Cap(fen=min(part, top), rules=(ceiling, share) if top < part else (share, ceiling))
