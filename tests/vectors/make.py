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
from tests.vectors.negative import make_negative

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
            random={32: salt, 7: prefix}.__getitem__,
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


def make_sealed() -> tuple[dict, bytes]:
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
    contents = {
        ("技术标.pdf", "technical"): pattern(5000),
        ("empty.txt", "commercial"): b"",
        ("报价 清单.xlsx", "price"): pattern(700_000),
    }
    files = [
        PackedFile(name=name, part=part, content=data) for (name, part), data in contents.items()
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
                "name": name,
                "part": part,
                "size": len(data),
                "sha256": b64u(hashlib.sha256(data).digest()),
            }
            for (name, part), data in contents.items()
        ],
    }, sink.getvalue()


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
