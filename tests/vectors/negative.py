"""Ways to spoil the frozen sealed file, each with the code a reader must give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from sealing import canonical, stream
from sealing.encoding import b64u, unb64u
from sealing.suites import SuiteId
from sealing.suites.sm2 import write_box
from tests.vectors.fixed import Drum


def other_box(suite: str) -> bytes:
    """Something that only looks like a box of this suite."""
    random = Drum("another box")
    if suite == SuiteId.GM1:
        x, y = (int.from_bytes(random(32), "big") for _ in range(2))
        return write_box(x, y, random(32), random(64))
    return random(80 if suite == SuiteId.X25519 else 1168)


def relabelled(header_case: Callable[..., dict], header: dict) -> Iterator[dict]:
    """The bid of one suite passed off as one of another, as it is and with boxes that fit."""
    for suite in SuiteId:
        if suite == header["suite"]:
            continue
        shares = [{**one, "box": b64u(other_box(suite))} for one in header["shares"]]
        yield header_case(f"as suite {suite}", "MALFORMED", suite=suite)
        yield header_case(
            f"as suite {suite} with its boxes", "COMMITMENT", suite=suite, shares=shares
        )


def make_negative(sealed: dict, data: bytes) -> object:
    """Ways to spoil a frozen file, each with the code a reader must give."""
    header = json.loads(sealed["header"])
    box = unb64u(header["shares"][0]["box"])
    first = len(data) - header["parts"][1]["ct"]

    def header_case(name: str, code: str, **changes: object) -> dict:
        text = canonical.dumps({**header, **changes}).decode()
        return {"name": name, "code": code, "header": text}

    def inside(member: str, index: int, **changes: object) -> dict:
        items = [dict(one) for one in header[member]]
        items[index].update(changes)
        return {member: items}

    other = {**header["ctx"], "bid": "another"}
    zero = b64u(bytes(32))
    return [
        {"name": "first byte", "code": "NOT_ENCRYPTED", "xor": [[0, 1]]},
        {"name": "a zip", "code": "NOT_ENCRYPTED", "replace": b64u(b"PK\x03\x04" + bytes(60))},
        {"name": "nothing", "code": "NOT_ENCRYPTED", "size": 0},
        {"name": "magic only", "code": "TRUNCATED", "size": 8},
        {"name": "inside the header", "code": "TRUNCATED", "size": 100},
        {"name": "header only", "code": "TRUNCATED", "size": 12 + len(sealed["header"])},
        {"name": "last byte missing", "code": "TRUNCATED", "size": len(data) - 1},
        {"name": "at a segment boundary", "code": "TRUNCATED", "size": first + 524288},
        {"name": "one byte more", "code": "TRAILING", "append": b64u(b"\0")},
        {"name": "header length 0", "code": "MALFORMED", "header_length": 0},
        {"name": "header length 65537", "code": "MALFORMED", "header_length": 65537},
        {"name": "header with a space", "code": "MALFORMED", "header": sealed["header"] + " "},
        {
            "name": "duplicate key",
            "code": "MALFORMED",
            "header": sealed["header"].replace('{"ctx"', '{"v":1,"ctx"', 1),
        },
        {
            "name": "fraction",
            "code": "MALFORMED",
            "header": sealed["header"].replace('"v":1', '"v":1.0'),
        },
        {
            "name": "not ASCII key",
            "code": "MALFORMED",
            "header": sealed["header"].replace('"suite"', '"suité"'),
        },
        header_case("version 2", "MALFORMED", v=2),
        header_case("version true", "MALFORMED", v=True),
        header_case("suite 3", "UNKNOWN_SUITE", suite="3"),
        header_case("suite in small letters", "UNKNOWN_SUITE", suite="gm-1"),
        header_case("suite as a number", "UNKNOWN_SUITE", suite=1),
        header_case("no suite name", "UNKNOWN_SUITE", suite=None),
        *relabelled(header_case, header),
        header_case("recovery", "MALFORMED", rec=[{}]),
        header_case("extra member", "MALFORMED", x=1),
        header_case("shares in another order", "MALFORMED", shares=header["shares"][::-1]),
        header_case("one share", "MALFORMED", shares=header["shares"][:1]),
        header_case("three parts", "MALFORMED", parts=[*header["parts"], header["parts"][1]]),
        header_case("form length", "MALFORMED", **inside("parts", 0, len=65535)),
        header_case("package length", "MALFORMED", **inside("parts", 1, len=1048575)),
        header_case(
            "package too long",
            "MALFORMED",
            **inside("parts", 1, len=2050 << 20, ct=stream.ciphertext_length(2050 << 20)),
        ),
        header_case(
            "ciphertext length", "MALFORMED", **inside("parts", 0, ct=header["parts"][0]["ct"] + 1)
        ),
        header_case("short commitment", "MALFORMED", **inside("shares", 0, com=b64u(bytes(31)))),
        header_case("long box", "MALFORMED", **inside("shares", 1, box=b64u(box + b"\0"))),
        header_case("short box", "MALFORMED", **inside("shares", 1, box=b64u(box[:-1]))),
        header_case(
            "both kids the same", "MALFORMED", **inside("shares", 1, kid=header["shares"][0]["kid"])
        ),
        header_case("padded base64", "MALFORMED", kc=header["kc"] + "="),
        header_case("stray bits", "MALFORMED", kc=header["kc"][:-1] + "_"),
        header_case("envelope unknown", "MALFORMED", ctx={**header["ctx"], "envelope": "fourth"}),
        header_case("context id with a slash", "MALFORMED", ctx={**header["ctx"], "lot": "a/b"}),
        header_case("another bid", "COMMITMENT", ctx=other),
        header_case("another kc", "COMMITMENT", kc=zero),
        header_case("another bidder commitment", "COMMITMENT", **inside("shares", 0, com=zero)),
        header_case("another host commitment", "COMMITMENT", **inside("shares", 1, com=zero)),
        header_case("another part commitment", "COMMITMENT", **inside("parts", 1, kc=zero)),
        header_case(
            "another box", "CORRUPT", **inside("shares", 0, box=b64u(other_box(header["suite"])))
        ),
        {"name": "package header byte", "code": "CORRUPT", "xor": [[first, 1]]},
        {"name": "salt", "code": "CORRUPT", "xor": [[first + 1, 128]]},
        {"name": "nonce prefix", "code": "CORRUPT", "xor": [[first + 33, 1]]},
        {"name": "first segment", "code": "CORRUPT", "xor": [[first + 40, 1]]},
        {"name": "second segment", "code": "CORRUPT", "xor": [[first + 524288, 1]]},
        {"name": "last byte", "code": "CORRUPT", "xor": [[len(data) - 1, 1]]},
    ]
