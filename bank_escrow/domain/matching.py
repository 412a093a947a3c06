"""Does the money that came satisfy the deposit a lot demands (`domain.md` §5.4).

Run as a program it answers cases without a database: a JSON list on stdin, a list on stdout.

    python -m bank_escrow.domain.matching < cases.json

A case::

    {"required_fen": 50000000, "cutoff_at": "2026-11-23T09:30:00+08:00",
     "account_policy": "BASIC",              # or "CORPORATE"
     "payer": {"name": "…", "basic_account": "…", "other_accounts": ["…"],
               "members": [{"name": "…", "basic_account": "…"}]},
     "accounts": ["…"],                      # ours: those this bidder may pay into
     "members_may_pay": false,               # optional
     "several_credits": true,                # optional
     "credits": [{"ref": "…", "account": "…", "payer_name": "…", "payer_account": "…",
                  "amount_fen": 50000000, "booked_at": "2026-11-20T10:00:00+08:00",
                  "personal": false, "currency": "CNY", "reversed": false}]}

Its answer::

    {"state": "MATCHED" | "MISMATCH" | "UNPAID", "code": null, "codes": [], "partial": false,
     "counted_fen": 50000000,
     "credits": [{"ref": "…", "place": "COUNTED" | "SURPLUS" | "SUSPENSE", "codes": []}]}

`code` is the leading one of `codes`. `partial` says that what came is clean but too little, so
that before the cut-off a further payment mends it. `other_accounts`, `members`, `personal`,
`currency` and `reversed` may be absent. A list that is not of this shape ends with exit code 2
and the place of the fault on stderr.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bank_escrow.domain.names import account_number, same_name


class Code(StrEnum):
    """Why money does not count, listed in the order in which the reasons are led with."""

    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    DUPLICATE_NOTIFY = "DUPLICATE_NOTIFY"
    CURRENCY = "CURRENCY"
    REVERSED = "REVERSED"
    PERSONAL_ACCOUNT = "PERSONAL_ACCOUNT"
    NOT_BASIC_ACCOUNT = "NOT_BASIC_ACCOUNT"
    PAYER_NAME = "PAYER_NAME"
    LATE = "LATE"
    AMOUNT_SHORT = "AMOUNT_SHORT"


ORDER: Final = tuple(Code)


class AccountPolicy(StrEnum):
    """From which account a deposit must come."""

    # 招标投标法实施条例 art. 26: from the basic account, for projects that must be tendered.
    BASIC = "BASIC"
    CORPORATE = "CORPORATE"


class Place(StrEnum):
    """Where a credit belongs: to the deposit, kept beside it, or to be sent back."""

    COUNTED = "COUNTED"
    SURPLUS = "SURPLUS"
    SUSPENSE = "SUSPENSE"


class State(StrEnum):
    """What the credits together amount to."""

    UNPAID = "UNPAID"
    MATCHED = "MATCHED"
    MISMATCH = "MISMATCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerIdentity:
    """Who must pay: the registered name and accounts; a consortium's lead names its members."""

    name: str
    basic_account: str
    other_accounts: tuple[str, ...] = ()
    members: tuple[PayerIdentity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the tender documents ask for."""

    required_fen: int
    cutoff_at: datetime
    account_policy: AccountPolicy
    members_may_pay: bool = False
    several_credits: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Money that arrived, as the bank booked it."""

    ref: str
    account: str
    payer_name: str
    payer_account: str
    amount_fen: int
    booked_at: datetime
    personal: bool = False
    currency: str = "CNY"
    reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One credit's place and what speaks against it."""

    ref: str
    place: Place
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The verdict on a deposit."""

    state: State
    codes: tuple[Code, ...]
    counted_fen: int
    credits: tuple[Placed, ...]

    @property
    def code(self) -> Code | None:
        """The leading reason."""
        return self.codes[0] if self.codes else None

    @property
    def partial(self) -> bool:
        """Say whether nothing is wrong but that more must come."""
        return self.codes == (Code.AMOUNT_SHORT,) and self.counted_fen > 0


def decide(
    credits_: Sequence[Credit], *, payer: PayerIdentity, demand: Demand, accounts: Iterable[str]
) -> Answer:
    """Judge all credits of one bidder for one lot; the order in which they are given is no matter.

    Clean credits count in the order of their booking until the demand is met. What comes after is
    surplus: kept and refunded with the rest, never taken for another bidder's.
    """
    ours = frozenset(map(account_number, accounts))
    faults: list[tuple[Credit, tuple[Code, ...]]] = []
    seen: set[tuple[str, str]] = set()
    for credit in sorted(credits_, key=_booking_order):
        key = (account_number(credit.account), credit.ref)
        repeated = key in seen
        seen.add(key)
        faults.append((credit, _faults(credit, payer, demand, ours, repeated=repeated)))
    counted = _counted([credit for credit, codes in faults if not codes], demand)
    counted_fen = sum(credit.amount_fen for credit in counted)
    placed = tuple(
        Placed(ref=credit.ref, place=_place(credit, codes, counted), codes=codes)
        for credit, codes in faults
    )
    if counted_fen >= demand.required_fen:
        return Answer(state=State.MATCHED, codes=(), counted_fen=counted_fen, credits=placed)
    if not faults:
        return Answer(state=State.UNPAID, codes=(), counted_fen=0, credits=())
    codes = {code for _, found in faults for code in found}
    arrived = sum(c.amount_fen for c, found in faults if Code.DUPLICATE_NOTIFY not in found)
    if (counted_fen or _reach(arrived, faults, demand)) < demand.required_fen:
        codes.add(Code.AMOUNT_SHORT)
    return Answer(
        state=State.MISMATCH,
        codes=tuple(code for code in ORDER if code in codes),
        counted_fen=counted_fen,
        credits=placed,
    )


def _faults(
    credit: Credit,
    payer: PayerIdentity,
    demand: Demand,
    ours: frozenset[str],
    *,
    repeated: bool,
) -> tuple[Code, ...]:
    """Return what speaks against one credit whatever its amount, in the leading order."""
    firms = (payer, *payer.members) if demand.members_may_pay else (payer,)
    whose = min((_identity_faults(credit, firm, demand) for firm in firms), key=len)
    found = set(whose)
    if account_number(credit.account) not in ours:
        found.add(Code.UNKNOWN_ACCOUNT)
    if repeated:
        found.add(Code.DUPLICATE_NOTIFY)
    if credit.currency != "CNY":
        found.add(Code.CURRENCY)
    if credit.reversed:
        found.add(Code.REVERSED)
    if credit.personal:
        found.add(Code.PERSONAL_ACCOUNT)
    # The bank's booking decides, strictly before: the deadline instant itself is late.
    if credit.booked_at >= demand.cutoff_at:
        found.add(Code.LATE)
    return tuple(code for code in ORDER if code in found)


def _identity_faults(credit: Credit, firm: PayerIdentity, demand: Demand) -> tuple[Code, ...]:
    found: list[Code] = []
    from_account = account_number(credit.payer_account)
    if demand.account_policy is AccountPolicy.BASIC and (
        not from_account or from_account != account_number(firm.basic_account)
    ):
        found.append(Code.NOT_BASIC_ACCOUNT)
    if not same_name(credit.payer_name, firm.name):
        found.append(Code.PAYER_NAME)
    return tuple(found)


def _counted(clean: list[Credit], demand: Demand) -> frozenset[Credit]:
    """Choose the credits that make up the deposit."""
    if not demand.several_credits:
        enough = [credit for credit in clean if credit.amount_fen >= demand.required_fen]
        # Where one payment must do, a small one is held too, so that the bidder sees it arrived.
        best = max(clean, key=lambda credit: credit.amount_fen, default=None)
        return frozenset(enough[:1] or ([best] if best else []))
    chosen: list[Credit] = []
    for credit in clean:
        if chosen and sum(c.amount_fen for c in chosen) >= demand.required_fen:
            break
        chosen.append(credit)
    return frozenset(chosen)


def _reach(arrived: int, faults: Sequence[tuple[Credit, tuple[Code, ...]]], demand: Demand) -> int:
    """Return the amount that would have counted had nothing else been wrong."""
    if demand.several_credits:
        return arrived
    return max(credit.amount_fen for credit, _ in faults)


def _place(credit: Credit, codes: tuple[Code, ...], counted: frozenset[Credit]) -> Place:
    if codes:
        return Place.SUSPENSE
    return Place.COUNTED if credit in counted else Place.SURPLUS


def _booking_order(credit: Credit) -> tuple[datetime, str, str, int]:
    # References are one account's own: two accounts may carry the same at the same second.
    return credit.booked_at, credit.ref, credit.account, credit.amount_fen


# The program ------------------------------------------------------------------------------------


class CaseError(ValueError):
    """A case on stdin is not of the documented shape."""


def answer_case(case: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one case of the program."""
    answer = decide(
        [_read_credit(credit) for credit in case["credits"]],
        payer=_read_payer(case["payer"]),
        demand=Demand(
            required_fen=_fen(case["required_fen"]),
            cutoff_at=_moment(case["cutoff_at"]),
            account_policy=AccountPolicy(case["account_policy"]),
            members_may_pay=_flag(case, "members_may_pay", default=False),
            several_credits=_flag(case, "several_credits", default=True),
        ),
        accounts=[str(account) for account in case["accounts"]],
    )
    return {
        "state": answer.state.value,
        "code": answer.code.value if answer.code else None,
        "codes": [code.value for code in answer.codes],
        "partial": answer.partial,
        "counted_fen": answer.counted_fen,
        "credits": [
            {
                "ref": placed.ref,
                "place": placed.place.value,
                "codes": [code.value for code in placed.codes],
            }
            for placed in answer.credits
        ],
    }


def main() -> int:
    """Read cases from stdin and write answers to stdout."""
    try:
        cases = json.load(sys.stdin)
        if not isinstance(cases, list):
            raise CaseError("a list of cases is expected")
        answers = [_located(index, case) for index, case in enumerate(cases)]
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    json.dump(answers, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    return 0


def _located(index: int, case: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return answer_case(case)
    except (KeyError, TypeError, ValueError) as error:
        raise CaseError(f"/{index}: {type(error).__name__}: {error}") from error


def _read_payer(body: Mapping[str, Any]) -> PayerIdentity:
    return PayerIdentity(
        name=str(body["name"]),
        basic_account=str(body["basic_account"]),
        other_accounts=tuple(map(str, body.get("other_accounts", ()))),
        members=tuple(map(_read_payer, body.get("members", ()))),
    )


def _read_credit(body: Mapping[str, Any]) -> Credit:
    return Credit(
        ref=str(body["ref"]),
        account=str(body["account"]),
        payer_name=str(body["payer_name"]),
        payer_account=str(body["payer_account"]),
        amount_fen=_fen(body["amount_fen"]),
        booked_at=_moment(body["booked_at"]),
        personal=_flag(body, "personal", default=False),
        currency=str(body.get("currency", "CNY")),
        reversed=_flag(body, "reversed", default=False),
    )


def _fen(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise CaseError(f"not an amount in fen: {value!r}")
    return value


def _flag(body: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise CaseError(f"{name} is true or false, not {value!r}")
    return value


def _moment(text: object) -> datetime:
    instant = datetime.fromisoformat(str(text))
    if instant.tzinfo is None:
        raise CaseError(f"a moment without an offset: {text!r}")
    return instant


if __name__ == "__main__":
    sys.exit(main())
