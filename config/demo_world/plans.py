"""What there is in the demo: each tender's facts, bidders and times, and where it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from config.demo_world.cast import (
    AGENCY,
    BUILDERS,
    GOODS,
    OFFICE,
    ROADS,
    SCHOOL,
    SUPPLIERS,
    Firm,
)
from core.zone import at
from sealing.suites import SuiteId

#: Monday 2026-11-23, 13:15 in Suzhou: what a visitor of the demo finds on the clock.
NOW = at(date(2026, 11, 23), 13, 15)
#: The city opens its platform.
FOUNDED = at(date(2026, 9, 18), 9)


class Stage(IntEnum):
    """How far a tender has come; a course passes every stage up to its own."""

    DRAFT = 0
    TAKING_BIDS = 1
    ABOUT_TO_OPEN = 2
    DECRYPTING = 3
    OPENED = 4
    EVALUATING = 5
    REPORTED = 6
    CANDIDATES = 7
    AWARDED = 8
    NOTIFIED = 9
    CONTRACTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One tender as a row of the table."""

    key: str
    title: str
    lot: str
    track: str
    stage: Stage
    published_at: datetime
    deadline_at: datetime
    estimate_fen: int
    # By username of the bidder; in the order in which the bids come in.
    prices_fen: Sequence[tuple[Firm, int]] = ()
    security_fen: int = 0
    silent: Sequence[str] = ()  # who is not to release yet
    meets_at: datetime | None = None
    suspended_at: datetime | None = None
    asked: bool = False
    suite: SuiteId = SuiteId.X25519

    @property
    def tenderer(self) -> Firm:
        """Who buys."""
        return OFFICE if self.track == "T" else SCHOOL

    @property
    def agency(self) -> Firm | None:
        """Who runs it: government procurement goes through the agency here."""
        return AGENCY if self.track == "G" else None

    @property
    def host(self) -> Firm:
        """Who works the desk."""
        return self.agency or self.tenderer

    @property
    def specialty(self) -> str:
        """What its experts know."""
        return ROADS if self.track == "T" else GOODS

    @property
    def drafted_at(self) -> datetime:
        """When its author begins: two days before the notice."""
        return self.published_at - timedelta(days=2)

    @property
    def keeps_keys(self) -> bool:
        """Say whether somebody at the demo's screen will still need the key files."""
        return self.stage <= Stage.DECRYPTING or self.suspended_at is not None


def _works(*shares: int, of: int) -> tuple[tuple[Firm, int], ...]:
    """Give the builders their prices, as hundredths of a per cent of the estimate."""
    return tuple(
        (firm, of * share // 10_000) for firm, share in zip(BUILDERS, shares, strict=False)
    )


def _goods(*shares: int, of: int) -> tuple[tuple[Firm, int], ...]:
    return tuple(
        (firm, of * share // 10_000) for firm, share in zip(SUPPLIERS, shares, strict=False)
    )


def _day(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return at(date(2026, month, day), hour, minute)


_MILLION = 100_000_000  # yuan, in fen
PLANS: Sequence[Plan] = (
    Plan(
        key="contracted", title="姑苏区西园路积水点改造工程", lot="积水点改造", track="T",
        stage=Stage.CONTRACTED, published_at=_day(9, 23, 10), deadline_at=_day(10, 22, 9, 30),
        estimate_fen=8 * _MILLION, security_fen=16_000_000, meets_at=_day(10, 22, 13, 30),
        prices_fen=_works(9512, 9440, 9386, 9601, of=8 * _MILLION),
    ),
    Plan(
        key="notified", title="苏州市中小学智慧黑板采购项目", lot="智慧黑板", track="G",
        stage=Stage.NOTIFIED, published_at=_day(10, 12, 10), deadline_at=_day(11, 9, 9),
        estimate_fen=3 * _MILLION, security_fen=5_000_000, meets_at=_day(11, 9, 13, 30),
        prices_fen=_goods(9470, 9120, 9385, 9655, of=3 * _MILLION),
    ),
    Plan(
        key="awarded", title="桐泾路人行天桥维修加固工程", lot="天桥加固", track="T",
        stage=Stage.AWARDED, published_at=_day(10, 15, 10), deadline_at=_day(11, 10, 9),
        estimate_fen=6 * _MILLION, security_fen=12_000_000, meets_at=_day(11, 10, 13, 30),
        prices_fen=_works(9421, 9367, 9290, 9518, of=6 * _MILLION),
    ),
    Plan(
        key="failed", title="苏州市青少年科技馆展项采购项目", lot="展项设备", track="G",
        stage=Stage.OPENED, published_at=_day(10, 21, 10), deadline_at=_day(11, 16, 10),
        estimate_fen=2 * _MILLION, security_fen=3_000_000,
        prices_fen=_goods(9610, 9480, of=2 * _MILLION),
    ),
    Plan(
        key="candidates", title="白塔东路雨污分流改造工程", lot="雨污分流", track="T",
        stage=Stage.CANDIDATES, published_at=_day(10, 22, 10), deadline_at=_day(11, 18, 9, 30),
        estimate_fen=12 * _MILLION, security_fen=20_000_000, meets_at=_day(11, 18, 13, 30),
        prices_fen=_works(9533, 9471, 9402, 9610, 9355, of=12 * _MILLION), asked=True,
    ),
    Plan(
        key="evaluating", title="干将东路人行道提升工程", lot="人行道提升", track="T",
        stage=Stage.EVALUATING, published_at=_day(10, 27, 10), deadline_at=_day(11, 20, 14),
        estimate_fen=9 * _MILLION, security_fen=18_000_000, meets_at=_day(11, 23, 9),
        prices_fen=_works(9488, 9402, 9333, 9570, of=9 * _MILLION),
    ),
    Plan(
        key="opened", title="苏州市普通高中计算机教室设备采购项目", lot="计算机教室", track="G",
        stage=Stage.OPENED, published_at=_day(10, 28, 10), deadline_at=_day(11, 23, 9, 30),
        estimate_fen=5 * _MILLION, security_fen=8_000_000, meets_at=_day(11, 24, 9),
        prices_fen=_goods(9390, 9205, 9477, 9580, of=5 * _MILLION),
    ),
    Plan(
        key="hall", title="姑苏区平江片区市政道路改造工程", lot="一标段", track="T",
        stage=Stage.DECRYPTING, published_at=_day(10, 29, 10), deadline_at=_day(11, 23, 13),
        estimate_fen=10 * _MILLION, security_fen=20_000_000, silent=("sun", "zhou"),
        prices_fen=_works(9511, 9436, 9372, 9588, 9299, of=10 * _MILLION),
    ),
    Plan(
        key="lobby", title="胥江沿线慢行步道工程", lot="慢行步道", track="T",
        stage=Stage.ABOUT_TO_OPEN, published_at=_day(10, 30, 10),
        deadline_at=_day(11, 23, 13, 30), estimate_fen=7 * _MILLION, security_fen=14_000_000,
        prices_fen=_works(9450, 9381, 9320, 9544, of=7 * _MILLION),
    ),
    Plan(
        key="bidding", title="阊门片区路灯照明提升工程", lot="路灯照明", track="T",
        stage=Stage.TAKING_BIDS, published_at=_day(11, 2, 10), deadline_at=_day(11, 23, 14, 30),
        estimate_fen=4 * _MILLION, security_fen=8_000_000,
        prices_fen=_works(9466, 9391, 9305, 9522, of=4 * _MILLION)[1:], asked=True,
    ),
    Plan(
        key="supplies", title="苏州市中小学图书馆自助借还设备采购项目", lot="自助借还", track="G",
        stage=Stage.TAKING_BIDS, published_at=_day(11, 6, 10), deadline_at=_day(11, 30, 9, 30),
        estimate_fen=2 * _MILLION, security_fen=4_000_000,
        prices_fen=_goods(9300, of=2 * _MILLION), asked=True, suite=SuiteId.XWING,
    ),
    Plan(
        key="suspended", title="盘门路景观桥新建工程", lot="景观桥", track="T",
        stage=Stage.TAKING_BIDS, published_at=_day(11, 9, 10), deadline_at=_day(12, 4, 9, 30),
        estimate_fen=15 * _MILLION, security_fen=30_000_000,
        prices_fen=_works(9555, of=15 * _MILLION), suspended_at=_day(11, 19, 15),
    ),
    Plan(
        key="draft-works", title="葑门路道路大修工程", lot="道路大修", track="T", stage=Stage.DRAFT,
        published_at=_day(11, 25, 10), deadline_at=_day(12, 17, 9, 30),
        estimate_fen=11 * _MILLION, security_fen=20_000_000,
    ),
    Plan(
        key="draft-goods", title="苏州市职业院校实训设备采购项目", lot="实训设备", track="G",
        stage=Stage.DRAFT, published_at=_day(11, 25, 9), deadline_at=_day(12, 18, 9),
        estimate_fen=6 * _MILLION, security_fen=10_000_000,
    ),
)  # fmt: skip
