"""Payers and papers in and out of their sealed columns.

Who may call is decided by the callers' rules.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bank_escrow import vault
from bank_escrow.domain.beneficiary import Party
from bank_escrow.domain.matching import PayerIdentity
from bank_escrow.domain.names import account_number
from bank_escrow.domain.papers import Claim, Letter, read_claim, read_letter, written
from bank_escrow.models import (
    BankCredit,
    Deposit,
    DepositRequirement,
    ForfeitAccount,
    Paper,
    Proposal,
    SubAccount,
)


def seal_identity(payer: PayerIdentity, *, deposit: UUID, key: vault.Blob) -> bytes:
    """Encrypt who must pay."""
    return vault.seal(_written(payer), key=key, context=f"deposit/{deposit}")


def identity(deposit: Deposit) -> PayerIdentity | None:
    """Decrypt who must pay; None before the bidder said who it is."""
    if deposit.payer_sealed is None:
        return None
    body = vault.unseal(
        deposit.payer_sealed, key=deposit.requirement.key, context=f"deposit/{deposit.id}"
    )
    return _read(body)


def seal_payer(payer: Party, *, credit: UUID, key: vault.Blob | None) -> bytes:
    """Encrypt who paid."""
    return vault.seal(
        {"name": payer.name, "account": payer.account}, key=key, context=f"credit/{credit}"
    )


def payer(credit: BankCredit) -> Party:
    """Decrypt who paid."""
    body = vault.unseal(credit.payer_sealed, key=_key(credit), context=f"credit/{credit.id}")
    return Party(name=body["name"], account=body["account"])


def payer_index(account: str, requirement: DepositRequirement | None) -> bytes:
    """Return what is equal for payments from one account within a lot."""
    key = None if requirement is None else requirement.key
    return vault.index(account_number(account), key=key, context="payer")


def account_index(number: str) -> bytes:
    """Return the blind index of one of our accounts."""
    return vault.index(account_number(number), key=None, context="account")


def seal_number(number: str, *, account: UUID) -> bytes:
    """Encrypt an account's number."""
    return vault.seal(number, key=None, context=f"account/{account}")


def number(account: SubAccount) -> str:
    """Decrypt an account's number."""
    if account.number_sealed is None:
        raise LookupError("the bank has not opened this account yet")
    return str(vault.unseal(account.number_sealed, key=None, context=f"account/{account.id}"))


def seal_payee(to: Party, *, owner: UUID) -> bytes:
    """Encrypt where forfeited money goes; `owner` is the account's row, or its proposal."""
    return vault.seal({"name": to.name, "account": to.account}, key=None, context=f"payee/{owner}")


def payee(row: ForfeitAccount | Proposal) -> Party:
    """Decrypt where forfeited money goes, or is proposed to go."""
    if row.payee_sealed is None:
        raise LookupError("this proposal names nobody to be paid")
    body = vault.unseal(row.payee_sealed, key=None, context=f"payee/{row.id}")
    return Party(name=body["name"], account=body["account"])


def payee_mark(to: Party) -> str:
    """Return what equals itself for one payee and says nothing else: it stands in signed content.

    A refund's order and a forfeit's use the same mark.
    """
    return vault.index(f"{to.name}\0{account_number(to.account)}", key=None, context="payee").hex()


def seal_document(content: bytes, *, proposal: UUID) -> bytes:
    """Encrypt the document that a proposal came with."""
    return vault.seal_bytes(content, context=f"proposal-file/{proposal}")


def document(row: Proposal) -> bytes:
    """Decrypt the document that a proposal came with; empty where it came with none."""
    if row.file_sealed is None:
        return b""
    return vault.unseal_bytes(bytes(row.file_sealed), context=f"proposal-file/{row.id}")


def seal_paper(facts: Letter | Claim, *, paper: UUID, key: vault.Blob) -> bytes:
    """Encrypt what a paper says."""
    return vault.seal(written(facts), key=key, context=f"paper/{paper}")


def paper(row: Paper, deposit: Deposit) -> Letter | Claim:
    """Decrypt what a paper says."""
    body = vault.unseal(row.facts_sealed, key=deposit.requirement.key, context=f"paper/{row.id}")
    return read_letter(body) if row.kind == Paper.Kind.GUARANTEE else read_claim(body)


def seal_file(content: bytes, *, paper: UUID) -> bytes:
    """Encrypt a paper's file."""
    return vault.seal_bytes(content, context=f"paper-file/{paper}")


def paper_file(row: Paper) -> bytes:
    """Decrypt a paper's file; empty where none was brought."""
    if row.file_sealed is None:
        return b""
    return vault.unseal_bytes(bytes(row.file_sealed), context=f"paper-file/{row.id}")


def _key(credit: BankCredit) -> vault.Blob | None:
    return None if credit.deposit is None else credit.deposit.requirement.key


def _written(payer: PayerIdentity) -> dict[str, Any]:
    return {
        "name": payer.name,
        "basic_account": payer.basic_account,
        "other_accounts": list(payer.other_accounts),
        "members": [_written(member) for member in payer.members],
    }


def _read(body: dict[str, Any]) -> PayerIdentity:
    return PayerIdentity(
        name=body["name"],
        basic_account=body["basic_account"],
        other_accounts=tuple(body["other_accounts"]),
        members=tuple(_read(member) for member in body["members"]),
    )
