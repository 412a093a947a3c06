"""Who plays: every firm, member and official of a story with a session of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from core.identifiers import region
from stories.door import Act, Attached, Session, uuid
from stories.story import Firm, Member, Story
from stories.system import System
from stories.troubles import CannotRun

_PASSWORD = "yi-fan-feng-shun-2026"  # noqa: S105 - of invented people on a database that ends
_PASSPHRASE = "shui-luo-shi-chu"  # noqa: S105 - likewise

_REGISTER = Act("accounts:register-last", "/register")
_PEOPLE = Act("accounts:people", "/admin/people")
_ROOMS = Act("venues:rooms", "/admin/rooms")
_EXPERTS = Act("evaluation:library", "/desk/experts/import")
_COLLEAGUE = Act("accounts:users", "/org/users")

_BANK_NAMES = ("中国工商银行", "中国农业银行", "中国建设银行", "苏州银行")


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Somebody of a centre's staff."""

    username: str
    name: str
    role: str


_STAFF = (
    Official(username="yang", name="杨帆", role="CENTRE_OPENING"),
    Official(username="jiang", name="蒋宁", role="CENTRE_EVALUATION"),
    Official(username="shen", name="沈明", role="WITNESS"),
    Official(username="feng", name="冯正", role="SUPERVISOR"),
    Official(username="chen", name="陈会", role="FINANCE"),
    Official(username="he", name="何琳", role="FINANCE"),
)


@dataclass(kw_only=True)
class Cast:
    """The sessions, each opened when its person is first needed."""

    system: System
    story: Story
    _sessions: dict[str, Session] = field(default_factory=dict)
    _admin_secret: str = ""

    def assemble(self) -> None:
        """Make the centres, register the firms, bring in staff and experts."""
        for code in self.story.sites:
            made = self.system.bootstrap(
                centre=code, name=f"{_region_name(code)}公共资源交易中心", password=_PASSWORD
            )
            self._admin_secret = made["totp_secret"]
        self._build_rooms()
        with Session(self.system.url) as visitor:
            for number, firm in enumerate(self.story.firms.values()):
                self._register(visitor, firm, number)
        self._hire()
        self._fill_library()

    def firm(self, key: str) -> Session:
        """Return the session of a firm's own person."""
        firm = self.story.firms[key]
        return self._session(f"firm/{key}", firm.credit_code.lower())

    @property
    def host(self) -> Session:
        """The session of the tenderer's side."""
        return self.firm(self.story.tender.host)

    def staff(self, username: str, site: str = "") -> Session:
        """Return an official's session, at the story's centre unless a site is named."""
        name = _at_site(username, site or self.story.centre, self.story)
        return self._session(f"staff/{name}", name)

    def member(self, key: str) -> Session:
        """Return a panel member's session."""
        return self._session(f"member/{key}", self.username(key))

    def username(self, key: str) -> str:
        """Return a member's username."""
        member = self._member(key)
        if member.role == "representative":
            code = self.story.firms[self.story.tender.procuring_entity].credit_code
            return f"{code}-{_suffix(key)}".lower()
        return f"expert-{key}"

    @cached_property
    def admin(self) -> Session:
        """The administrator's session."""
        session = self._sessions["root"] = Session(self.system.url, name="root")
        session.sign_in(username="root", password=_PASSWORD, secret=self._admin_secret)
        return session

    def close(self) -> None:
        """Close all sessions."""
        for session in self._sessions.values():
            session.close()

    def _session(self, key: str, username: str) -> Session:
        if key not in self._sessions:
            session = self._sessions[key] = Session(self.system.url, name=username)
            session.sign_in(username=username, password=_PASSWORD)
            session.get_certificate(passphrase=_PASSPHRASE)
        return self._sessions[key]

    def _member(self, key: str) -> Member:
        return next(member for member in self.story.members if member.key == key)

    def _build_rooms(self) -> None:
        for code in self.story.sites:
            for kind, name, codec in (
                ("OPENING", "开标室 1", False),
                ("EVALUATION", "评标室 1", False),
                ("REMOTE", "远程评标室 1", True),
            ):
                self.admin.act(
                    _ROOMS,
                    {
                        "centre": code,
                        "name": name,
                        "kind": kind,
                        "seats": 0 if kind == "OPENING" else 9,
                        "has_codec": codec,
                    },
                )

    def _register(self, visitor: Session, firm: Firm, number: int) -> None:
        visitor.act(
            _REGISTER,
            {
                "credit_code": firm.credit_code,
                "name": firm.name,
                "kinds": self._kind(firm.key),
                "legal_representative": "王建",
                "address": f"{_region_name(self.story.centre)}人民路 {number + 1} 号",
                "small_business": firm.small_business,
                "basic_bank": f"{_BANK_NAMES[number % len(_BANK_NAMES)]}苏州分行营业部",
                "basic_account": firm.basic_account,
                "person_name": f"经办{number + 1:02d}",
                "phone": f"139{number:08d}",
                "email": f"{firm.key}@example.test",
                "password": _PASSWORD,
                "password_again": _PASSWORD,
            },
        )

    def _kind(self, key: str) -> str:
        tender = self.story.tender
        return {tender.procuring_entity: "TENDERER", tender.agency: "AGENCY"}.get(key, "BIDDER")

    def _hire(self) -> None:
        people = [
            {
                "username": _at_site(official.username, site, self.story),
                "name": official.name,
                "role": official.role,
                "place": site,
                "phone": "0512-65000000",
                "password": _PASSWORD,
            }
            for site in self.story.sites
            for official in _STAFF
        ]
        self.admin.act(_PEOPLE, files={"file": _json({"people": people})})
        for member in self.story.members:
            if member.role == "representative":
                self._add_colleague(member)

    def _add_colleague(self, member: Member) -> None:
        self.firm(self.story.tender.procuring_entity).act(
            _COLLEAGUE,
            {
                "suffix": _suffix(member.key),
                "person_name": member.name,
                "phone": "13800000000",
                "email": "",
                "password": _PASSWORD,
                "password_again": _PASSWORD,
            },
        )

    def _fill_library(self) -> None:
        experts = [
            {
                "username": self.username(member.key),
                "name": member.name,
                "site": member.site,
                "specialties": [member.specialty],
                "employer": member.employer,
                "ties": list(self._employers_of(member.name)),
                "password": _PASSWORD,
            }
            for member in self.story.members
            if member.role == "expert"
        ]
        made = self.staff("jiang").act(_EXPERTS, files={"file": _json({"experts": experts})})
        if len(made["experts"]) != len(experts):
            raise CannotRun("the expert library did not take every member")
        for person in made["experts"].values():
            uuid(person)

    def _employers_of(self, name: str) -> Iterator[str]:
        """Name the firms that say they employ somebody of this name."""
        for firm in self.story.firms.values():
            if name in firm.employs:
                yield firm.credit_code


def _at_site(username: str, site: str, story: Story) -> str:
    return username if site == story.centre else f"{username}-{site}"


def _suffix(key: str) -> str:
    return "".join(sign for sign in key if sign.isalnum())[:20].ljust(2, "x")


def _region_name(code: str) -> str:
    known = region(code)
    return known.zh if known else code


def _json(body: object) -> Attached:
    content = json.dumps(body, ensure_ascii=False).encode("utf-8")
    return Attached(name="people.json", content=content, type="application/json")
