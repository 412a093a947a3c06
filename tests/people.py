"""The people of every test: plain functions, each makes its person once and returns it.

Zhao is the tenderer, Qian the agency, Sun, Li and Zhou bid, Wu to Jin are experts, Feng
supervises, Chen and He are finance, Yang opens, Jiang runs evaluations, Shen witnesses, Root
administers, and Lu Ren is the stranger who may do nothing. They have no password unless a test
gives one: argon2 is slow on purpose.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from accounts.models import Centre, Membership, Organisation, Person, Role
from accounts.web import strength

LONG_AGO = datetime(2019, 1, 2, 1, 0, tzinfo=UTC)
SUZHOU = "320500"
WENZHOU = "330300"
PASSWORD = "peng-cheng-wan-li"

_CENTRES = {
    SUZHOU: ("苏州市公共资源交易中心", "Suzhou Public Resource Trading Centre"),
    WENZHOU: ("温州市公共资源交易中心", "Wenzhou Public Resource Trading Centre"),
}


def centre(code: str = SUZHOU) -> Centre:
    """A trading centre by its region code."""
    name, name_en = _CENTRES[code]
    return Centre.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en})[0]


def organisation(credit_code: str, name: str, *kinds: str, **facts: object) -> Organisation:
    """An organisation by its credit code."""
    defaults = {
        "name": name,
        "short_name": name[:4],
        "kinds": list(kinds),
        "basic_account": f"1102{credit_code[-15:]}",
        "basic_bank": "中国工商银行苏州分行营业部",
        "contact_name": "办公室",
        "contact_phone": "0512-65000000",
        "registered_at": LONG_AGO,
    } | facts
    return Organisation.objects.get_or_create(credit_code=credit_code, defaults=defaults)[0]


def person(username: str, name: str, *, password: str | None = None) -> Person:
    """Somebody with no role yet."""
    found = Person.objects.filter(username=username).first()
    if found is None:
        found = Person.objects.create_user(
            username,
            None,
            name=name,
            email=f"{username}@example.test",
            phone="13900000000",
            created_at=LONG_AGO,
        )
    if password:
        found.set_password(password)
        found.save(update_fields=["password"])
    return found


def member(who: Person, role: Role, *, of: Organisation | Centre, manager: bool = False) -> Person:
    """Give a role for an organisation or at a centre."""
    place = {"organisation": of} if isinstance(of, Organisation) else {"centre": of}
    Membership.objects.get_or_create(
        person=who, role=role, **place, defaults={"since": LONG_AGO, "manager": manager}
    )
    return who


def organisation_of(who: Person) -> Organisation:
    """The one organisation somebody acts for."""
    found = who.memberships.get(organisation__isnull=False).organisation
    assert found is not None
    return found


def zhao() -> Person:
    """The tenderer: a municipal works office of Suzhou."""
    office = organisation("123205004669510003", "苏州市市政工程建设处", "TENDERER")
    return member(person("zhao", "赵建国"), Role.TENDERER, of=office, manager=True)


def qian() -> Person:
    """The agency."""
    agency = organisation("91320508MA1W0QA106", "苏州衡信招标代理有限公司", "AGENCY")
    return member(person("qian", "钱慧"), Role.AGENCY, of=agency, manager=True)


def sun() -> Person:
    """A bidder."""
    firm = organisation("91320508MA1W1QU21J", "苏州恒筑建设有限公司", "BIDDER")
    return member(person("sun", "孙立"), Role.BIDDER, of=firm, manager=True)


def li() -> Person:
    """A bidder, small."""
    firm = organisation("91320594MA1W2LB302", "苏州园方市政有限公司", "BIDDER", small_business=True)
    return member(person("li", "李敏"), Role.BIDDER, of=firm, manager=True)


def zhou() -> Person:
    """A bidder from another province."""
    firm = organisation("91330300MA2A3XH470", "温州瓯越路桥有限公司", "BIDDER")
    return member(person("zhou", "周海"), Role.BIDDER, of=firm, manager=True)


def wu() -> Person:
    """An expert at Suzhou."""
    return member(person("wu", "吴静"), Role.EXPERT, of=centre())


def zheng() -> Person:
    """An expert at Suzhou."""
    return member(person("zheng", "郑凯"), Role.EXPERT, of=centre())


def wang() -> Person:
    """An expert at Suzhou."""
    return member(person("wang", "王芳"), Role.EXPERT, of=centre())


def chen2() -> Person:
    """An expert at Wenzhou."""
    return member(person("chen2", "陈瑶"), Role.EXPERT, of=centre(WENZHOU))


def wei() -> Person:
    """An expert at Wenzhou."""
    return member(person("wei", "卫国"), Role.EXPERT, of=centre(WENZHOU))


def jin() -> Person:
    """An expert at Suzhou, held in reserve."""
    return member(person("jin", "金山"), Role.EXPERT, of=centre())


def feng() -> Person:
    """The supervisor."""
    return member(person("feng", "冯正"), Role.SUPERVISOR, of=centre())


def chen() -> Person:
    """Finance, the first of two."""
    return member(person("chen", "陈会"), Role.FINANCE, of=centre())


def he() -> Person:
    """Finance, the second of two."""
    return member(person("he", "何琳"), Role.FINANCE, of=centre())


def yang() -> Person:
    """Centre staff of the opening desk."""
    return member(person("yang", "杨帆"), Role.CENTRE_OPENING, of=centre())


def jiang() -> Person:
    """Centre staff of the evaluation desk."""
    return member(person("jiang", "蒋宁"), Role.CENTRE_EVALUATION, of=centre())


def shen() -> Person:
    """The witness."""
    return member(person("shen", "沈明"), Role.WITNESS, of=centre())


def admin() -> Person:
    """The administrator of the installation."""
    return member(person("root", "管理员"), Role.ADMIN, of=centre())


def stranger() -> Person:
    """Somebody signed in who may do nothing in particular."""
    return person("luren", "路人")


def everyone() -> dict[str, Person]:
    """One person of every role and the stranger, for permission matrices."""
    return {
        Role.BIDDER: sun(),
        Role.TENDERER: zhao(),
        Role.AGENCY: qian(),
        Role.EXPERT: wu(),
        Role.CENTRE_OPENING: yang(),
        Role.CENTRE_EVALUATION: jiang(),
        Role.WITNESS: shen(),
        Role.FINANCE: chen(),
        Role.SUPERVISOR: feng(),
        Role.ADMIN: admin(),
        "stranger": stranger(),
    }


def sign_in(client: Client, who: Person, *, strong: bool = True) -> Client:
    """Sign in without the page; `strong` as if a second factor had been shown."""
    client.force_login(who, backend="accounts.backends.PasswordBackend")
    session = client.session
    session[strength.KEY] = strength.TOTP if strong else strength.PASSWORD
    session.save()
    return client
