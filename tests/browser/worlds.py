"""The city of the walk: the demo's world, everybody's session, and every page each may open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from accounts.forms.registration import TOPICS
from accounts.models import Person
from accounts.selectors import inbox
from accounts.services import proofs
from accounts.views.help import TOPICS as HELP
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import Bank, Break, Deposit, Proposal
from bank_escrow.services.breaks import open_break
from bank_escrow.services.proposals import propose
from config.demo_world import plans, world
from config.demo_world.schedule import StoryTime
from evaluation.models import Panel, Seat
from tests import demo_world, people
from tests.secrecy import doors
from trading.models import Bid, Lot, Tender

VISITOR = "visitor"
#: Everybody has it, and it differs with the role.
HOME = "accounts/desk.html"
SCORING, LOCKED = "scoring", "locked"
#: Everybody whose pages differ, by the name they sign in with; two experts are whom the draw chose.
PEOPLE = (
    *(VISITOR, "zhao", "qian", "sun", SCORING, LOCKED),
    *("yang", "jiang", "shen", "chen", "feng", "root"),
)
_NAMES = re.compile(r"<(?:\w+:)?(\w+)>")
_CLASSES = re.compile(r'class="([^"]*)"')
_NO_PAGE = re.compile(r"\.(pdf|json|jws|txt)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A page of the walk: who opens what, and the templates that draw it, its own first."""

    who: str
    path: str
    templates: tuple[str, ...]
    number: int

    @property
    def name(self) -> str:
        """A name for its pictures."""
        own = self.templates[0].removesuffix(".html").replace("/", "-")
        return f"{own}-{self.number}-{self.who}"


@contextmanager
def city(folder: Path) -> Iterator[None]:
    """Load the demo's world into the test database, its files into a folder."""
    stores = {
        name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder / place)},
        }
        for name, place in (("default", "files"), ("sealed", "sealed"))
    }
    with (
        override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            PARTY_KEY_FILE=str(folder / "party.key"),
            STORAGES={**settings.STORAGES, **stores},
        ),
        demo_world.stage(folder),
    ):
        time = StoryTime.of_environment()
        assert time is not None
        world.load(run=folder, time=time)
        _trouble_at_a_bank()
        try:
            yield
        finally:
            call_command("flush", verbosity=0, interactive=False)


def _trouble_at_a_bank() -> None:
    """Leave what the demo's banks never do: breaks, shown and veiled, and a word to confirm."""
    bank = Bank.objects.order_by("number")[0].code
    for kind in (Break.Kind.LEDGER, Break.Kind.UNKNOWN_DEBIT):
        open_break(bank=bank, kind=kind, source_id=uuid4(), critical=False, now=plans.NOW)
    propose(
        kind=Kind.STOP_BANK,
        subject=bank,
        reason="银行来电称系统维护",
        actor=str(person("he").pk),
        signature_id=None,
        now=plans.NOW,
    )


def clients() -> dict[str, Client]:
    """Everybody signed in, and the visitor who is not."""
    return {
        name: Client() if name == VISITOR else people.sign_in(Client(), person(name))
        for name in PEOPLE
    }


def person(name: str) -> Person:
    """Somebody of the walk."""
    if name not in {SCORING, LOCKED}:
        return Person.objects.get(username=name)
    # Both sit in the room that is at work: one half-way through the scores, one done with them.
    seats = Seat.objects.filter(panel__state="SCORING", locked_at__isnull=name == SCORING)
    found = seats.select_related("person").order_by("number")[0].person
    assert found is not None
    return found


class Seen:
    """What was seen of each template, so that only a page that shows something new is opened."""

    def __init__(self) -> None:
        self._of: dict[str, set[str]] = {}
        self.count = 0

    def is_new(self, own: str, made_of: set[str]) -> bool:
        """Say whether a page shows a part that this template did not show before."""
        known = self._of.setdefault(own, set())
        new = bool(made_of - known)
        known |= made_of
        self.count += new
        return new


def stops(who: str, client: Client, *, seen: Seen) -> Iterator[Stop]:
    """Every page somebody may open, once for each thing it may show."""
    known = _known(who)
    roles = _roles(who)
    for route, pattern in doors.patterns():
        guard = getattr(pattern.callback, "hp_guard", "public")
        if _NO_PAGE.search(route) or not (guard == "public" or (roles and _may(roles, guard))):
            continue
        bindings = _bindings(_NAMES.findall(route), known)
        if guard == "public" and who != VISITOR:
            bindings = islice(bindings, 1)  # the visitor sees them all; the rest is one's own head
        for values in bindings:
            path = "/" + _written(route, values)
            reply = client.get(path)
            if reply.status_code == 405 or not _is_html(reply):
                break
            drawn = tuple(dict.fromkeys(t.name for t in reply.templates if t.name))
            # A part that htmx fetches is seen within its page.
            if reply.status_code == 200 and "base.html" in drawn:
                made_of = {who} if drawn[0] == HOME else _made_of(reply)
                if seen.is_new(drawn[0], made_of | set(drawn)):
                    yield Stop(who=who, path=path, templates=drawn, number=seen.count)


def _written(route: str, values: Mapping[str, str]) -> str:
    return _NAMES.sub(lambda match: values[match[1]], route)


def _is_html(reply: Any) -> bool:
    return bool(reply["Content-Type"].startswith("text/html"))


def _made_of(reply: Any) -> set[str]:
    found = _CLASSES.findall(reply.content.decode())
    return {one for classes in found for one in classes.split()}


def _roles(who: str) -> set[str]:
    if who == VISITOR:
        return set()
    return set(person(who).memberships.values_list("role", flat=True))


def _may(roles: set[str], guard: Any) -> bool:
    return not guard or bool(roles & guard)


def _known(who: str) -> Mapping[str, Sequence[str]]:
    """The ids that may stand in an address."""

    def ids(found: Any) -> list[str]:
        return [str(one) for one in found]

    someone = person("sun")
    key, token = proofs.reset_path(someone).split("/")
    mine = [] if who == VISITOR else inbox(person(who)).values_list("pk", flat=True)
    return {
        "lot": ids(Lot.objects.order_by("deadline_at").values_list("pk", flat=True)),
        "tender": ids(Tender.objects.order_by("created_at").values_list("pk", flat=True)),
        "panel": ids(Panel.objects.values_list("pk", flat=True)),
        "deposit": ids(Deposit.objects.values_list("pk", flat=True)),
        "difference": ids(Break.objects.values_list("pk", flat=True)),
        "proposal": ids(Proposal.objects.values_list("pk", flat=True)),
        "receipt": ids(Bid.objects.values_list("receipt_id", flat=True)),
        "message": ids(mine),
        "topic": list(TOPICS),
        "slug": list(HELP),
        "key": [key],
        "token": [token],
    }


def _bindings(names: Sequence[str], known: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    if set(names) == {"tender", "lot"}:
        pairs = Lot.objects.order_by("deadline_at").values_list("tender_id", "pk")
        yield from ({"tender": str(tender), "lot": str(lot)} for tender, lot in pairs)
        return
    if all(name in known for name in names):
        for values in product(*(known[name] for name in names)):
            yield dict(zip(names, values, strict=True))
