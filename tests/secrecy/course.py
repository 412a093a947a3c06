"""Everything bidders do before the hour, through the doors, each act at an instant of its own."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, Person, Role
from core.identifiers import make_firm_code
from sealing import keys as opening_keys
from tests import people, worlds
from tests.accounts.authority import Authority, Holder, bound
from tests.signing import signed_form
from trading.services import parties
from trading.services.sealed_files import examine

JSON = {"Accept": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bidder:
    """A firm and its person, of whom nothing is anybody else's."""

    firm: Organisation
    person: Person
    holder: Holder
    client: Client

    @property
    def ids(self) -> set[str]:
        """The ids of the firm, its person and their certificate."""
        rows = [self.firm, self.person, *self.person.certificates.all()]
        return {row.pk.hex for row in rows}

    @property
    def words(self) -> set[str]:
        """All that names them in a text."""
        firm, person = self.firm, self.person
        return {
            firm.name,
            firm.credit_code,
            firm.basic_account,
            person.username,
            person.name,
            person.phone,
            person.email,
        }


def bidder(number: int, *, authority: Authority, now) -> Bidder:
    """A firm with a certificate, signed in."""
    code = make_firm_code(region="320500", number=880_000 + number)
    firm = people.organisation(
        code,
        f"苏州守秘{number}号建设有限公司",
        "BIDDER",
        basic_account=f"62220987654{number:05}",
        contact_name=f"守秘联系人{number}",
        contact_phone=f"0512-8777{number:04}",
    )
    person = people.person(f"keeper{number}", f"守秘经办人{number}", password=people.PASSWORD)
    person.phone = f"1388777{number:04}"
    person.save(update_fields=["phone"])
    people.member(person, Role.BIDDER, of=firm, manager=True)
    holder = authority.issue_for(person, not_before=now)
    bound(holder, person, now=now)
    client = people.sign_in(Client(), person)
    return Bidder(firm=firm, person=person, holder=holder, client=client)


@dataclass
class Course:
    """One bidder's course in one world; time moves on a little with every act."""

    world: worlds.World
    who: Bidder
    clock: Any

    @property
    def lot(self) -> str:
        return str(self.world.lot.pk)

    def moves_on(self) -> None:
        """Nothing happens at the same instant as anything else."""
        self.clock.advance(seconds=7, microseconds=uuid4().int % 900_000 + 50_001)

    def gets(self, path: str):
        """Look at a page."""
        self.moves_on()
        answer = self.who.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        if answer.streaming:
            b"".join(answer)
        answer.close()
        return answer

    def does(self, name: str, fields=None, *, args=None, purpose=None):
        """Post an act, signed where it must be."""
        self.moves_on()
        args = {"lot": self.lot} if args is None else args
        if purpose:
            act = f"trading:{name}"
            form = signed_form(self.who.holder, act, fields, args=args, purpose=purpose)
        else:
            form = {**(fields or {}), "command_id": str(uuid4())}
        answer = self.who.client.post(reverse(f"trading:{name}", kwargs=args), form, headers=JSON)
        assert answer.status_code == 200, (name, answer.status_code, answer.content.decode())
        return answer.json()

    def misses_the_password(self) -> None:
        """Come from the lot's page, and mistype."""
        self.moves_on()
        where = f"/bids/{self.lot}"
        form = {"username": self.who.person.username, "password": "wrong", "next": where}
        Client().post(f"/login?next={where}", form)

    def joins(self) -> None:
        """Look around, take the documents, ask, take part."""
        tender = self.world.tender
        self.gets(f"/notices/{tender.pk}")
        for document in tender.document_sets.get(version=1).documents.all():
            self.gets(f"/documents/{document.pk}")
        asked = {"text": "工期是否含节假日？", "is_objection": ""}
        self.does("ask", asked, args={"tender": str(tender.pk)})
        fields = {"lots": self.lot, "contact": self.who.person.name, "phone": self.who.person.phone}
        self.does("join", fields, args={"tender": str(tender.pk)})

    def party(self):
        """The party, as only its own firm finds it."""
        found = parties.find(lot_id=self.world.lot.pk, organisation_id=self.who.firm.pk)
        found.lot = self.world.lot
        self.world.bidders.setdefault(found.pk, opening_keys.generate())
        return found

    def pays(self, bank) -> None:
        """Ask for the account and pay into it."""
        account = self.does("bid-deposit", {"form": "transfer"})
        self.moves_on()
        bank.now = self.clock.now()
        firm = self.who.firm
        bank.transfer(
            account["account"], 20_000_000, name=firm.name, from_account=firm.basic_account
        )

    def brings_a_guarantee(self) -> None:
        """Hand in a letter that names the firm."""
        letter = {
            "issuer_kind": "BANK",
            "issuer": "中国工商银行苏州分行营业部",
            "number": f"BH-{self.who.firm.credit_code}",
            "amount_yuan": "200,000.00",
            "valid_to": "2027-06-30",
            "file": SimpleUploadedFile(
                f"{self.who.firm.name}.pdf", b"%PDF-1.7 " + self.who.firm.name.encode()
            ),
        }
        self.does("bid-guarantee", letter)

    def submits(self, *, price_fen: int) -> Any:
        """Seal, upload piece by piece, sign and hand in."""
        begun = self.does("bid-begin")
        content = worlds.sealed_for(self.world, self.party(), price_fen=price_fen, bid=begun["bid"])
        lot = base64.b64encode(self.lot.encode()).decode()
        self.moves_on()
        made = self.who.client.post(
            "/uploads",
            headers={"Upload-Length": str(len(content)), "Upload-Metadata": f"lot {lot}"},
        )
        assert made.status_code == 201, made.status_code
        where = made.headers["Location"]
        half = len(content) // 2
        for offset, piece in ((0, content[:half]), (half, content[half:])):
            self.moves_on()
            answer = self.who.client.patch(
                where,
                piece,
                content_type="application/offset+octet-stream",
                headers={"Upload-Offset": str(offset)},
            )
            assert answer.status_code == 204, answer.status_code
        facts = examine([content], len(content))
        claim = {
            "bid": begun["bid"],
            "upload": where.rpartition("/")[2],
            "ct_root": facts.ct_root,
            "size": str(len(content)),
            "header_sha256": facts.header_sha256,
        }
        return self.does("bid-finalise", claim, purpose="submit")

    def reads_the_inbox(self) -> Any:
        """Read what came, and leave the read receipts."""
        self.moves_on()
        listed = self.who.client.get("/my/messages", headers=JSON).json()["messages"]
        for message in listed:
            self.moves_on()
            form = {"command_id": str(uuid4())}
            answer = self.who.client.post(f"/my/messages/{message['id']}", form, headers=JSON)
            assert answer.status_code == 200, answer.content.decode()
        return listed

    def whole(self, bank) -> None:
        """Everything until the bid is in, twice, and once taken back."""
        self.joins()
        self.brings_a_guarantee()
        self.does("bid-paper-back")
        self.pays(bank)
        self.submits(price_fen=910_000_000)
        self.submits(price_fen=911_000_000)
        self.does("bid-withdraw", purpose="withdraw")
        kept = self.submits(price_fen=912_000_000)
        for path in ("/bids", f"/bids/{self.lot}", f"/receipts/{kept['receipt_id']}"):
            self.gets(path)
