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
from sealing.suites import Suite, SuiteId
from tests.sealing import scene
from tests.vectors.fixed import AES_256_GCM, X25519, X_WING, Boxes, Drum, fixed_boxes
from tests.vectors.negative import make_negative
from tests.vectors.recovering import make_recovery

BIDDER_PASSPHRASE = "衡平 correct horse １２３"  # the full-width digits become 123 under NFKC
HOLDER_PASSPHRASES = ("holder one secret", "holder two secret", "holder three secret")
CHACHA20_POLY1305 = 3
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


def make_hpke(file: str, source: str, *, kem: int, aead: int) -> object:
    """Copy the whole record of one suite from the official file."""
    path = Path(cryptography_vectors.__file__).parent / "HPKE" / file
    for one in json.loads(path.read_text()):
        if (one["mode"], one["kem_id"], one["kdf_id"], one["aead_id"]) == (0, kem, 1, aead):
            return {"source": source, **one}
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
            suite=suites.DEFAULT,
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


def make_sealed(suite: Suite, boxes: Boxes) -> tuple[dict, bytes]:
    random = Drum(f"sealed {suite.id}")
    bidder, host = (keys.generate(suite=suite, random=random) for _ in range(2))
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
    with fixed_boxes(Drum("ephemeral 1"), boxes):
        made = envelope.seal(
            context,
            recipients=envelope.Recipients(bidder=bidder.public, host=host.public, suite=suite),
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
    content = suite.content_keys(
        bidder=released["bidder"].secret, host=released["host"].secret, ctxh=ctxh, parts=2
    )
    return {
        "file": f"sealed-{suite.id}.stb",
        "ctx": context.body(),
        "ctxh": b64u(ctxh),
        "bidder": {"private": b64u(bidder.secret), "kid": bidder.kid},
        "host": {"private": b64u(host.secret), "kid": host.kid},
        "shares": {label: b64u(one.secret) for label, one in released.items()},
        "share_files": {
            label: shares.dumps(one, header=header).decode() for label, one in released.items()
        },
        "cek": b64u(content.content),
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


def make_keys(suite: Suite) -> object:
    random = Drum("keys" if suite is suites.DEFAULT else f"keys {suite.id}")
    key = keys.generate(suite=suite, random=random)
    argon = keys.wrap(key, passphrase=BIDDER_PASSPHRASE, label="测试 tender", random=random)
    with mock.patch.object(keys, "ARGON2ID", keys.PBKDF2):
        fallback = keys.wrap(key, passphrase=BIDDER_PASSPHRASE, random=random)
    host = keys.generate(suite=suite, random=random)
    holders = splitting.split(
        host, passphrases=HOLDER_PASSPHRASES, label="host of T-1", random=random
    )
    return {
        "private": b64u(key.secret),
        "public": b64u(key.public),
        "kid": key.kid,
        "passphrase": BIDDER_PASSPHRASE,
        "normalised": keys.normalise(BIDDER_PASSPHRASE).decode(),
        "files": [argon.decode(), fallback.decode()],
        "host": {
            "private": b64u(host.secret),
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
    with fixed_boxes(Drum("ephemeral 2")):
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
    evidence, opening = make_evidence()
    made = {
        "canonical": make_canonical(),
        "hpke": make_hpke(
            "test-vectors.json",
            "RFC 9180 test vectors, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, "
            "base mode",
            kem=X25519,
            aead=AES_256_GCM,
        ),
        "hpke-pq": make_hpke(
            "hpke-pq-test-vectors.json",
            "test vectors of the post-quantum HPKE draft, MLKEM768-X25519 (X-Wing), HKDF-SHA256, "
            "ChaCha20Poly1305 (it has no record for AES-256-GCM), base mode",
            kem=X_WING,
            aead=CHACHA20_POLY1305,
        ),
        "stream": make_stream(),
        "merkle": make_merkle(),
        "evidence": evidence,
    }
    boxes = Boxes()
    for suite in map(suites.of, SuiteId):
        end = "" if suite is suites.DEFAULT else f"-{suite.id}"
        sealed, data = make_sealed(suite, boxes)
        made[f"sealed{end}"] = sealed
        made[f"negative{end}"] = make_negative(sealed, data)
        made[f"keys{end}"] = make_keys(suite)
        made[f"recovery{end}"] = make_recovery(suite, boxes)
        (folder / sealed["file"]).write_bytes(data)
    made["boxes"] = boxes.body()
    for name, body in made.items():
        text = json.dumps(body, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n")
    (folder / "opening-1.json").write_bytes(opening)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
