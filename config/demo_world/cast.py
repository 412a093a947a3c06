"""Who lives in the demo: two centres, twelve organisations, and a person for every role."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django_otp.oath import TOTP

from accounts.models import Centre, Organisation, Person, Role
from accounts.services import bootstrap, memberships, people, proofs, registration
from config.demo_world import shelf
from config.demo_world.hands import Hand, equip
from config.demo_world.shelf import PASSWORD, Shelf
from core.identifiers import make_firm_code
from evaluation.services import library
from venues.services import rooms

SUZHOU, WENZHOU = "320500", "330300"
ROADS, GOODS, DESIGN = "市政道路", "信息化设备", "勘察设计"


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """An invented organisation and the colleague who signs in for it."""

    username: str
    person: str
    name: str
    short: str
    number: int
    kind: str = "BIDDER"
    region: str = "320508"
    small: bool = False

    @property
    def credit_code(self) -> str:
        """The organisation's invented code, with right check characters."""
        return make_firm_code(region=self.region, number=self.number)

    @property
    def basic_account(self) -> str:
        """The account its bid securities must come from."""
        return f"62{self.number:014d}"


OFFICE = Firm(
    username="zhao", person="赵建国", name="苏州市市政工程建设处", short="市政建设处",
    number=1000, kind="TENDERER",
)  # fmt: skip
SCHOOL = Firm(
    username="tang", person="唐文", name="苏州市教育装备中心", short="教育装备中心",
    number=1001, kind="TENDERER",
)  # fmt: skip
AGENCY = Firm(
    username="qian", person="钱慧", name="苏州衡信招标代理有限公司", short="衡信代理",
    number=1002, kind="AGENCY",
)  # fmt: skip
BUILDERS = (
    Firm(username="sun", person="孙立", name="苏州恒筑建设有限公司", short="恒筑建设", number=2006),
    Firm(
        username="li", person="李敏", name="苏州园方市政有限公司", short="园方市政", number=2002,
        region="320594", small=True,
    ),
    Firm(
        username="zhou", person="周海", name="温州瓯越路桥有限公司", short="瓯越路桥", number=2003,
        region="330302",
    ),
    Firm(
        username="feng2", person="冯岩", name="昆山千灯路桥有限公司", short="千灯路桥",
        number=2004,
    ),
    Firm(username="chu", person="褚江", name="常熟虞山建工有限公司", short="虞山建工", number=2005),
)  # fmt: skip
SUPPLIERS = (
    Firm(
        username="han", person="韩雪", name="苏州云桥信息技术有限公司", short="云桥信息",
        number=3007,
    ),
    Firm(
        username="yan", person="严宁", name="苏州明光教学设备有限公司", short="明光设备",
        number=3002, small=True,
    ),
    Firm(username="shi", person="施远", name="南京石城数码有限公司", short="石城数码", number=3003),
    Firm(
        username="zhang", person="张帆", name="无锡梁溪电子有限公司", short="梁溪电子",
        number=3008,
    ),
)  # fmt: skip
FIRMS = (OFFICE, SCHOOL, AGENCY, *BUILDERS, *SUPPLIERS)

_CENTRES = (
    (SUZHOU, "苏州市公共资源交易中心", "Suzhou Public Resource Trading Centre"),
    (WENZHOU, "温州市公共资源交易中心", "Wenzhou Public Resource Trading Centre"),
)
ADMIN = "root"
STAFF: Sequence[tuple[str, str, str, str]] = (
    ("yang", "杨帆", Role.CENTRE_OPENING.value, SUZHOU),
    ("jiang", "蒋宁", Role.CENTRE_EVALUATION.value, SUZHOU),
    ("shen", "沈明", Role.WITNESS.value, SUZHOU),
    ("chen", "陈会", Role.FINANCE.value, SUZHOU),
    ("he", "何琳", Role.FINANCE.value, SUZHOU),
    ("feng", "冯正", Role.SUPERVISOR.value, SUZHOU),
    ("jiang-wz", "江汀", Role.CENTRE_EVALUATION.value, WENZHOU),
)
EXPERTS: Sequence[tuple[str, str, str, Sequence[str], str]] = (
    ("wu", "吴静", SUZHOU, (ROADS, DESIGN), "苏州市市政设计研究院"),
    ("zheng", "郑凯", SUZHOU, (ROADS,), "苏州科技大学"),
    ("wang", "王芳", SUZHOU, (ROADS, GOODS), "苏州市建设工程质量监督站"),
    ("jin", "金山", SUZHOU, (GOODS, DESIGN), "苏州大学"),
    ("lu", "陆平", SUZHOU, (ROADS, GOODS), "苏州市城乡规划研究中心"),
    ("gu", "顾盼", SUZHOU, (GOODS,), "苏州市信息化促进中心"),
    ("xu", "许诺", SUZHOU, (ROADS, GOODS), "苏州职业大学"),
    ("he2", "何田", SUZHOU, (GOODS, ROADS), "苏州市节能技术服务中心"),
    ("chen2", "陈瑶", WENZHOU, (ROADS, GOODS), "温州市交通规划设计研究院"),
    ("wei", "卫国", WENZHOU, (ROADS, GOODS), "温州大学"),
    ("lin", "林晓", WENZHOU, (ROADS, GOODS), "温州市工程造价管理处"),
    ("ye", "叶青", WENZHOU, (GOODS, ROADS), "温州理工学院"),
)
_ROOMS = (
    (SUZHOU, "OPENING", ("开标室 1", "开标室 2", "开标室 3", "开标室 4"), 0),
    (SUZHOU, "EVALUATION", ("评标室 1", "评标室 2"), 9),
    (WENZHOU, "OPENING", ("开标室 1",), 0),
    (WENZHOU, "REMOTE", ("远程评标室 1",), 5),
)
Clock = Callable[[], datetime]


class Cast:
    """Everybody by username, each with a hand that can sign."""

    def __init__(self, hands: dict[str, Hand]) -> None:
        self._hands = hands

    def __getitem__(self, username: str) -> Hand:
        return self._hands[username]

    def of(self, person_id: object) -> Hand:
        """Return the hand of a person that was drawn or named."""
        return next(hand for hand in self._hands.values() if hand.person.pk == person_id)


def assemble(*, kept: Shelf, clock: Clock) -> Cast:
    """Bring everybody in, in the order in which a city would."""
    for code, name, name_en in _CENTRES:
        bootstrap.add_centre(code=code, name=name, name_en=name_en)
    # The administrator's own authenticator comes with the account; it is set anew below.
    root, _ = bootstrap.add_admin(
        centre=Centre.objects.get(code=SUZHOU), username=ADMIN, password=PASSWORD, now=clock()
    )
    actor = str(root.pk)
    for number, firm in enumerate(FIRMS):
        _register(firm, number=number, now=clock())
        _join(firm, number=number, now=clock())
    _hire(actor=actor, now=clock())
    _build_rooms(actor=actor, now=clock())
    hands = {username: _settle(username, clock=clock, kept=kept) for username in _usernames()}
    return Cast(hands)


def organisation(firm: Firm) -> Organisation:
    """Return a firm's row."""
    return Organisation.objects.get(credit_code=firm.credit_code)


def _usernames() -> list[str]:
    staff = [row[0] for row in STAFF]
    return [ADMIN, *(firm.username for firm in FIRMS), *staff, *(row[0] for row in EXPERTS)]


def _register(firm: Firm, *, number: int, now: datetime) -> None:
    registration.register_firm(
        firm=registration.Firm(
            name=firm.name,
            short_name=firm.short,
            credit_code=firm.credit_code,
            kinds=(firm.kind,),
            legal_representative="王建",
            address=f"苏州市姑苏区人民路 {100 + number} 号",
            basic_bank="中国工商银行苏州分行营业部",
            basic_account=firm.basic_account,
            small_business=firm.small,
        ),
        applicant=registration.Applicant(
            name=f"{firm.short}办公室",
            phone=f"139{number:08d}",
            email=f"office{number}@example.test",
            password=PASSWORD,
        ),
        now=now,
    )


def _join(firm: Firm, *, number: int, now: datetime) -> None:
    """Let the firm's own manager add the colleague, under the short name of the demo's table."""
    its = organisation(firm)
    actor = str(its.memberships.get(manager=True).person_id)
    person = people.create(
        username=firm.username,
        name=firm.person,
        phone=f"138{number:08d}",
        email=f"{firm.username}@example.test",
        password=PASSWORD,
        actor=actor,
        now=now,
    )
    memberships.give(
        person=person, role=firm.kind, organisation=its, manager=True, actor=actor, now=now
    )


def _hire(*, actor: str, now: datetime) -> None:
    rows = [
        people.Row(username=username, name=name, role=role, place=place, password=PASSWORD)
        for username, name, role, place in STAFF
    ]
    people.import_people(rows=rows, actor=actor, now=now)
    entries = [
        library.Entry(
            username=username,
            name=name,
            site=site,
            specialties=specialties,
            employer=employer,
            email=f"{username}@example.test",
            password=PASSWORD,
        )
        for username, name, site, specialties, employer in EXPERTS
    ]
    library.import_experts(entries=entries, actor=actor, now=now)


def _build_rooms(*, actor: str, now: datetime) -> None:
    for code, kind, names, seats in _ROOMS:
        for name in names:
            rooms.add_room(
                centre=Centre.objects.get(code=code),
                kind=kind,
                name=name,
                seats=seats,
                has_codec=kind == "REMOTE",
                actor=actor,
                now=now,
            )


def _settle(username: str, *, clock: Clock, kept: Shelf) -> Hand:
    """Set up authenticator and certificate, and lay the certificate's file on the shelf."""
    person = Person.objects.get(username=username)
    key = proofs.new_key()
    code = f"{TOTP(bytes.fromhex(key)).token():06d}"
    proofs.set_second_factor(person=person, key=key, code=code, now=clock())
    shelf.lay(kept.authenticator(username), proofs.address(key, person=person).encode("utf-8"))
    held = person.memberships.filter(organisation__isnull=False).select_related("organisation")
    membership = held.first()
    hand = equip(person, organisation=membership.organisation if membership else None, clock=clock)
    shelf.lay(kept.certificate(username), hand.bundle)
    return hand
