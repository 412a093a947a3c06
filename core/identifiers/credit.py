"""Unified social credit codes (GB 32100) and the organisation codes inside them (GB 11714)."""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MODULUS = len(ALPHABET)
_WEIGHTS = tuple(pow(3, place, _MODULUS) for place in range(17))
# Authority and entity class may be letters (N, Y, A …); only the region is always figures.
_CREDIT_BODY = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{9}}", re.ASCII)

_ORGANISATION_BODY = re.compile(r"[0-9A-Z]{8}", re.ASCII)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class CodeError(ValueError):
    """A body from which no code can be made."""


def normal_credit_code(text: str) -> str:
    """Fold what people type into the form that is checked and stored."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def is_credit_code(code: str) -> bool:
    """Say whether the text is a well-formed credit code with the right check character."""
    body, check = code[:-1], code[-1:]
    return bool(_CREDIT_BODY.fullmatch(body)) and credit_check(body) == check


def credit_check(body: str) -> str:
    """Return the 18th character for the first seventeen."""
    if not _CREDIT_BODY.fullmatch(body):
        raise CodeError(f"not the first 17 characters of a credit code: {body!r}")
    total = sum(_VALUES[char] * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % _MODULUS]


def make_credit_code(body: str) -> str:
    """Complete a body of seventeen characters; for invented firms and tests."""
    return body + credit_check(body)


def make_firm_code(*, region: str, number: int) -> str:
    """Return a valid code of an invented firm: market authority, company, region, number."""
    if not 0 <= number < 10**8:
        raise CodeError(f"no organisation number: {number}")
    body = f"{number:08d}"
    check = organisation_check(body)
    if check == "X":
        # A credit code has room for it, but real registers skip such numbers.
        raise CodeError(f"organisation number {number} is one whose check is X")
    return make_credit_code(f"91{region}{body}{check}")


def organisation_check(body: str) -> str:
    """Return the ninth character of an organisation code."""
    if not _ORGANISATION_BODY.fullmatch(body):
        raise CodeError(f"not the first 8 characters of an organisation code: {body!r}")
    total = sum(
        int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def is_organisation_code(code: str) -> bool:
    """Say whether the text is an organisation code; the hyphen before the check may stand."""
    joined = code[:8] + code[9:] if code[8:9] == "-" else code
    body, check = joined[:-1], joined[-1:]
    return bool(_ORGANISATION_BODY.fullmatch(body)) and organisation_check(body) == check
