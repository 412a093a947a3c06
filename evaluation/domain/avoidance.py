"""Who may not sit: experts tied to a bidder, a consortium member, the tenderer or the agency.

GPR Art. 9, O12 Art. 12; MOF87 Art. 47: experts of the purchaser's own unit sit only as its
representative. The answer is only yes or no: a reason would tell the drawer who bids.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """An organisation with an interest in the lot."""

    name: str
    credit_code: str


def names(firms: Iterable[Firm]) -> frozenset[str]:
    """Return everything by which an expert's employer could name one of these firms."""
    told = (name for firm in firms for name in (firm.name, firm.credit_code))
    return frozenset(plain(name) for name in told if name.strip())


def tied(employers: Iterable[str], *, firms: frozenset[str]) -> bool:
    """Tell whether one of an expert's employers is one of the firms."""
    return any(plain(employer) in firms for employer in employers if employer.strip())


def plain(name: str) -> str:
    """Return a name without the differences of spelling: widths, spaces, letter case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
