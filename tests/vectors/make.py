"""Make the frozen vectors: `python -m tests.vectors.make DIR` writes them, nothing random in them.

They are frozen: a change of a file that is committed here is a change of the format, and needs
another version of it, not another run of this script.
"""

from __future__ import annotations

import hashlib
import json
import sys
from io import BytesIO
from pathlib import Path
from unittest import mock

import cryptography_vectors

from sealing import (
    canonical,
    digests,
    entries,
    envelope,
    keys,
    merkle,
    shares,
    splitting,
    stream,
    suites,
)
from sealing import form as forms
from sealing.encoding import b64u
from sealing.header import Context
from sealing.package import PackedFile
from sealing.streams import Chain, Collecting
from tests.sealing import scene
from tests.vectors.fixed import Drum, fixed_box

BIDDER_PASSPHRASE = "衡平 correct horse １２３"  # the full-width digits become 123 under NFKC
HOLDER_PASSPHRASES = ("holder one secret", "holder two secret", "holder three secret")
LENGTHS = (0, 1, 524231, 524232, 524233, 1048503, 1048504, 1048505, 1572776, 1572777)


def pattern(length: int) -> bytes:
    """Byte i is i mod 251."""
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def make_canonical() -> object:
    good = [
        {"b": [1, True, None], "a": "é\n\u20ac\U0001f600"},
        {"\x7f": "\x01\x1f\x7f\u2028", "A": -1, "a": {}, "": []},
        [9007199254740991, -9007199254740991, 0],
        json.loads("[" * 32 + "]" * 32),
        '"\\/\b\f\n\r\t',
    ]
    bad = {
        "space": b'{"a": 1}',
        "order": b'{"b":1,"a":2}',
        "duplicate": b'{"a":1,"a":1}',
        "fraction": b'{"a":1.5}',
        "fraction that is whole": b'{"a":1.0}',
        "exponent": b'{"a":1e3}',
        "minus zero": b"[-0]",
        "too big": b"[9007199254740992]",
        "key not ASCII": '{"é":1}'.encode(),
        "needless escape": b'["\\u0041"]',
        "upper-case escape": b'["\\u001F"]',
        "escaped slash": b'["\\/"]',
        "lone surrogate": b'["\\ud800"]',
        "BOM": b"\xef\xbb\xbf[]",
        "newline after": b"[]\n",
        "not UTF-8": b'["\xff"]',
        "NaN": b"[NaN]",
        "two values": b"[][]",
        "nothing": b"",
        "too deep": b"[" * 33 + b"]" * 33,
    }
    return {
        "good": [{"value": one, "bytes": b64u(canonical.dumps(one))} for one in good],
        "bad": [{"name": name, "bytes": b64u(data)} for name, data in bad.items()],
    }


def make_hpke() -> object:
    path = Path(cryptography_vectors.__file__).parent / "HPKE" / "test-vectors.json"
    for one in json.loads(path.read_text()):
        if (one["mode"], one["kem_id"], one["kdf_id"], one["aead_id"]) == (0, 0x20, 1, 2):
            names = ("ikmE", "skEm", "pkEm", "skRm", "pkRm", "info", "shared_secret", "enc")
            return {
                "source": "RFC 9180 test vectors, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, "
                "AES-256-GCM, base mode",
                **{name: one[name] for name in names},
                "encryptions": one["encryptions"][:2],
            }
    raise LookupError("no such record")


def make_stream() -> object:
    cases = []
    for length in LENGTHS:
        random = Drum(f"stream {length}")
        key, aad = random(32), random(32)
        salt, prefix = Drum(f"head {length}")(32), b"\x01\x02\x03\x04\x05\x06\x07"
        sink = Collecting()
        stream.encrypt(
            Chain([pattern(length)]),
            sink,
            key=key,
            aad=aad,
            random=lambda size, salt=salt, prefix=prefix: salt if size == len(salt) else prefix,
        )
        cases.append(
            {
                "length": length,
                "key": b64u(key),
                "aad": b64u(aad),
                "salt": b64u(salt),
                "nonce_prefix": b64u(prefix),
                "ciphertext_length": len(sink.data),
                "ciphertext_sha256": b64u(hashlib.sha256(sink.data).digest()),
            }
        )
    return {"plaintext": "byte i is i mod 251", "cases": cases}


def make_sealed() -> tuple[object, bytes]:
    random = Drum("sealed 1")
    bidder, host = keys.generate(random=random), keys.generate(random=random)
    context = Context(
        tender="4c6f1d4e-0000-4000-8000-000000000001",
        lot="4c6f1d4e-0000-4000-8000-000000000002",
        envelope="single",
        bidder="4c6f1d4e-0000-4000-8000-000000000003",
        bid="4c6f1d4e-0000-4000-8000-000000000004",
        deadline_id="D-1",
    )
    form = forms.Form(
        lot=context.lot,
        doc_version=2,
        price_fen=3_366_358_016,
        duration_days=180,
        quality="合格",
        manager="王建国",
        claims={"deviations": [{"rate": "0.5", "units": 2}], "small_business": True},
        extra=[forms.Column(label="安全文明施工费(元)", value="12,000.00")],
    )
    files = [
        PackedFile(name="技术标.pdf", part="technical", content=pattern(5000)),
        PackedFile(name="empty.txt", part="commercial", content=b""),
        PackedFile(name="报价 清单.xlsx", part="price", content=pattern(700_000)),
    ]
    sink = BytesIO()
    with mock.patch.object(suites, "box", fixed_box(Drum("ephemeral 1"))):
        made = envelope.seal(
            context,
            recipients=envelope.Recipients(bidder=bidder.public, host=host.public),
            form=form,
            files=files,
            sink=sink,
            random=random,
        )
    header, ctxh = made.header, context.digest
    released = {
        "bidder": shares.release(header, label="bidder", key=bidder),
        "host": shares.release(header, label="host", key=host),
    }
    parts = shares.keys_from(header, tuple(released.values()))
    measured = digests.measure(sink, header=header)
    cek = suites.hkdf(
        released["bidder"].secret + released["host"].secret, info=b"ggzy-bid/1 cek\0" + ctxh
    )
    return {
        "file": "sealed-1.stb",
        "ctx": context.body(),
        "ctxh": b64u(ctxh),
        "bidder": {"private": b64u(bidder.private.private_bytes_raw()), "kid": bidder.kid},
        "host": {"private": b64u(host.private.private_bytes_raw()), "kid": host.kid},
        "shares": {label: b64u(one.secret) for label, one in released.items()},
        "share_files": {
            label: shares.dumps(one, header=header).decode() for label, one in released.items()
        },
        "cek": b64u(cek),
        "kc": b64u(header.commitment),
        "part_keys": [b64u(one) for one in parts],
        "header": header.json.decode(),
        "header_sha256": b64u(header.sha256),
        "size": made.size,
        "ct_root": b64u(made.ct_root),
        "ct_sha256": b64u(measured.ct_sha256),
        "ct_sm3": b64u(measured.ct_sm3),
        "form_ct_sha256": b64u(measured.form_ct_sha256),
        "form": form.body(),
        "form_sha256": b64u(form.sha256),
        "files": [
            {
                "name": one.name,
                "part": one.part,
                "size": one.size,
                "sha256": b64u(hashlib.sha256(one.content).digest()),
            }
            for one in files
        ],
    }, sink.getvalue()


def make_negative(sealed: dict, data: bytes) -> object:
    """Ways to spoil `sealed-1.stb`, each with the code a reader must give."""
    header = json.loads(sealed["header"])
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
        header_case("suite 2", "UNKNOWN_SUITE", suite="2"),
        header_case("suite GM-1", "UNKNOWN_SUITE", suite="GM-1"),
        header_case("suite as a number", "UNKNOWN_SUITE", suite=1),
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
        header_case("short box", "MALFORMED", **inside("shares", 1, box=b64u(bytes(79)))),
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
            "another box", "CORRUPT", **inside("shares", 0, box=b64u(Drum("another box")(80)))
        ),
        {"name": "package header byte", "code": "CORRUPT", "xor": [[first, 1]]},
        {"name": "salt", "code": "CORRUPT", "xor": [[first + 1, 128]]},
        {"name": "nonce prefix", "code": "CORRUPT", "xor": [[first + 33, 1]]},
        {"name": "first segment", "code": "CORRUPT", "xor": [[first + 40, 1]]},
        {"name": "second segment", "code": "CORRUPT", "xor": [[first + 524288, 1]]},
        {"name": "last byte", "code": "CORRUPT", "xor": [[len(data) - 1, 1]]},
    ]


def make_keys() -> object:
    random = Drum("keys")
    key = keys.generate(random=random)
    argon = keys.wrap(key, passphrase=BIDDER_PASSPHRASE, label="测试 tender", random=random)
    with mock.patch.object(keys, "ARGON2ID", keys.PBKDF2):
        fallback = keys.wrap(key, passphrase=BIDDER_PASSPHRASE, random=random)
    host = keys.generate(random=random)
    holders = splitting.split(
        host, passphrases=HOLDER_PASSPHRASES, label="host of T-1", random=random
    )
    return {
        "private": b64u(key.private.private_bytes_raw()),
        "public": b64u(key.public),
        "kid": key.kid,
        "passphrase": BIDDER_PASSPHRASE,
        "normalised": keys.normalise(BIDDER_PASSPHRASE).decode(),
        "files": [argon.decode(), fallback.decode()],
        "host": {
            "private": b64u(host.private.private_bytes_raw()),
            "public": b64u(host.public),
            "kid": host.kid,
            "passphrases": HOLDER_PASSPHRASES,
            "files": [one.decode() for one in holders],
        },
    }


def make_merkle() -> object:
    # The eight inputs that Certificate Transparency's own tests use.
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    leaves.append("606162636465666768696a6b6c6d6e6f")
    tree = merkle.MemoryTree(merkle.leaf_hash(bytes.fromhex(one)) for one in leaves)
    sizes = range(len(leaves) + 1)
    return {
        "leaves": leaves,
        "roots": [tree.root(size).hex() for size in sizes],
        "inclusion": [
            {
                "index": index,
                "size": size,
                "path": [one.hex() for one in merkle.inclusion(tree.nodes, index=index, size=size)],
            }
            for size in sizes
            for index in range(size)
        ],
        "consistency": [
            {
                "from": old,
                "to": new,
                "path": [one.hex() for one in merkle.consistency(tree.nodes, old=old, new=new)],
            }
            for new in sizes
            for old in range(new + 1)
        ],
    }


def make_evidence() -> tuple[object, bytes]:
    with mock.patch.object(suites, "box", fixed_box(Drum("ephemeral 2"))):
        played = scene.play(random=Drum("evidence"))
    log = played.log
    assert isinstance(entries.parse(played.opening.close.entry), entries.TenderClosed)
    return {
        "opening": "opening-1.json",
        "log_key": log.key.dumps(),
        "checkpoint": log.checkpoint(),
        "earlier": log.checkpoint(size=5),
        "consistency": {
            "v": 1,
            "from": 5,
            "to": log.tree.size,
            "path": [
                b64u(one) for one in merkle.consistency(log.tree.nodes, old=5, new=log.tree.size)
            ],
        },
        "logged": [one.body() for one in (played.opening.key, played.opening.close)],
        "leaves": [b64u(one.leaf) for one in (played.opening.key, played.opening.close)],
        "receipts": played.receipts,
    }, played.opening.dumps()


def main(folder: Path) -> None:
    sealed, data = make_sealed()
    evidence, opening = make_evidence()
    made = {
        "canonical": make_canonical(),
        "hpke": make_hpke(),
        "stream": make_stream(),
        "sealed": sealed,
        "negative": make_negative(sealed, data),
        "keys": make_keys(),
        "merkle": make_merkle(),
        "evidence": evidence,
    }
    for name, body in made.items():
        text = json.dumps(body, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n")
    (folder / "sealed-1.stb").write_bytes(data)
    (folder / "opening-1.json").write_bytes(opening)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
