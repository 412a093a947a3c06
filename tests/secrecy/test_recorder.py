"""From the first keystroke to the opening, nothing but ciphertext leaves the bidder's machine.

A bid is made and delivered in a real browser. Every request the server got, every row of every
table, every stored file, every line of the log and everything the browser itself keeps at rest is
then searched for what was typed and for any run of the bid's file.
"""

from __future__ import annotations

import base64
import logging
import secrets
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from sealing import envelope, shares
from sealing import header as headers
from sealing import keys as opening_keys
from sealing.errors import SealingError
from tests import people, worlds
from tests.browser.bidding import (
    FILE,
    MANAGER,
    PRICE,
    PRICE_FEN,
    PRICE_WORDS,
    WORDS,
    _own_folders,
    bank,
    bidder,
    built,
    certificate,
    world,
)
from tests.browser.fixtures import chromium, context, faults, page
from trading.models import Bid
from trading.services.sealed_files import opened

__all__ = [
    "_own_folders",
    "bank",
    "bidder",
    "built",
    "certificate",
    "chromium",
    "context",
    "faults",
    "page",
    "world",
]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RUN = 12  # bytes; any run of the file of twice this length holds a whole one at a multiple of it
SECRETS = (
    PRICE,
    PRICE.replace(",", ""),
    str(PRICE_FEN),
    "3,366.36",
    "3366.36",
    PRICE_WORDS,
    PRICE_WORDS[:8],
    MANAGER,
    FILE,
)
AT_REST = """async () => {
  const seen = [];
  const put = (value) => {
    if (value instanceof ArrayBuffer) value = new Uint8Array(value);
    if (ArrayBuffer.isView(value))
      seen.push(String.fromCharCode(...new Uint8Array(value.buffer).subarray(0, 50000)));
    else if (value && typeof value === "object") Object.entries(value).flat().forEach(put);
    else seen.push(String(value));
  };
  const ask = (request) => new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const base = await ask(indexedDB.open(name));
    for (const store of base.objectStoreNames) {
      const all = base.transaction(store).objectStore(store);
      (await ask(all.getAllKeys())).forEach(put);
      (await ask(base.transaction(store).objectStore(store).getAll())).forEach(put);
    }
    base.close();
  }
  const files = [];
  const walk = async (folder) => {
    for await (const [name, entry] of folder) {
      files.push(name);
      if (entry.kind === "directory") await walk(entry);
      else {
        const bytes = new Uint8Array(await (await entry.getFile()).arrayBuffer());
        let text = "";
        for (let at = 0; at < bytes.length; at += 8192)
          text += String.fromCharCode(...bytes.subarray(at, at + 8192));
        seen.push(text);
      }
    }
  };
  await walk(await navigator.storage.getDirectory());
  put({ ...localStorage });
  put({ ...sessionStorage });
  return { seen, files };
}"""


class Recorder:
    """All that could be found out, by the place where it was found."""

    def __init__(self, content: bytes) -> None:
        self.found: dict[str, list[bytes]] = {}
        inner = content[9:-7]
        self._runs = {inner[at : at + RUN] for at in range(0, len(inner) - RUN, RUN)}
        self._words = {spelled: word for word in SECRETS for spelled in _spellings(word.encode())}

    def keep(self, place: str, data: bytes) -> None:
        """Remember what was seen at a place."""
        self.found.setdefault(place, []).append(data)

    def told(self) -> list[str]:
        """Name every place that tells a secret."""
        return [
            f"{place}: {what}"
            for place, pieces in self.found.items()
            for data in pieces
            for what in self._in(data)
        ]

    def _in(self, data: bytes) -> list[str]:
        words = [word for spelled, word in self._words.items() if spelled in data]
        runs = any(data[at : at + RUN] in self._runs for at in range(len(data) - RUN + 1))
        return words + (["a run of the file"] if runs else [])


def _spellings(secret: bytes) -> set[bytes]:
    """The secret plain, as hex, as base64 at each alignment, and as a page's escapes write it."""
    spelled = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    text = secret.decode()
    spelled.add(text.encode("unicode_escape"))
    spelled.add("".join(f"%{byte:02X}" for byte in secret).encode())
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + secret)
        inner = whole[(shift * 8 + 5) // 6 : len(whole) - 4]
        if len(inner) >= 8:  # shorter ones are found in any long random text
            spelled |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return spelled


@pytest.fixture
def content():
    """A bid's file whose every run is found nowhere else."""
    return b"%PDF-1.7\n" + secrets.token_bytes(240_000) + b"\n%%EOF\n"


@pytest.fixture
def recorder(content, monkeypatch, caplog):
    """Record requests and log lines while the test runs."""
    made = Recorder(content)
    answer = WSGIHandler.get_response

    def recorded(self, request):
        head = f"{request.method} {request.get_full_path()} {dict(request.headers)}"
        made.keep("request head", head.encode())
        made.keep(f"request body {request.path}", request.body)
        return answer(self, request)

    monkeypatch.setattr(WSGIHandler, "get_response", recorded)
    caplog.set_level(logging.DEBUG)
    return made


def every_row(recorder) -> None:
    """Dump every table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                recorder.keep(f"table {table}", row.encode())
                for piece in row.split('"\\\\x')[1:]:  # bytes are dumped as hex
                    recorder.keep(f"bytes in {table}", bytes.fromhex(piece.split('"')[0]))


def every_file(recorder, folder) -> None:
    """Read every stored file."""
    for path in folder.rglob("*"):
        if path.is_file():
            recorder.keep(f"file {path.relative_to(folder)}", path.read_bytes())
            recorder.keep("name of a file", str(path).encode())


class TestFromTheFirstKeystroke:
    def test_nothing_but_ciphertext_leaves_the_machine(
        self, bidder, page, world, recorder, content, tmp_path, caplog
    ):
        worlds.joined(world, people.sun())
        page.goto(f"{bidder.base}/key")
        bidder.make_key()
        page.goto(f"{bidder.base}/build")
        bidder.fill(content)
        page.goto(f"{bidder.base}/submit")
        bidder.deliver()
        every_row(recorder)
        every_file(recorder, tmp_path)
        recorder.keep("log", caplog.text.encode())
        rest = page.evaluate(AT_REST)
        recorder.keep("browser at rest", "\0".join(rest["seen"]).encode("latin1", "replace"))
        recorder.keep("browser at rest", "\0".join(rest["seen"]).encode())
        recorder.keep("browser's file names", "\0".join(rest["files"]).encode())

        bodies = [place for place in recorder.found if place.startswith("request body")]
        assert any("/uploads/" in place for place in bodies)
        assert any(place.endswith("/finalise") for place in bodies)
        assert any(place.startswith("bytes in") for place in recorder.found)
        assert any("sealed/bids" in place for place in recorder.found)
        assert rest["files"], "the draft's files lie on this machine"
        assert any("drafts" in one or len(one) > 200 for one in rest["seen"])
        assert recorder.told() == []

    def test_the_recorder_would_have_seen_it(self, content):
        for leak in (
            f"price={PRICE}".encode(),
            b'{"price_fen": 3366358016}',
            PRICE_WORDS.encode(),
            base64.b64encode(b"xx" + MANAGER.encode() + b"yyy"),
            b"x" + content[5_000:5_024],
            FILE.encode().hex().encode(),
        ):
            recorder = Recorder(content)
            recorder.keep("somewhere", b"..." + leak + b"...")
            assert recorder.told(), leak


class TestTheServerWithTheHostKey:
    def test_cannot_open_a_bid_without_the_bidder_s_share(self, bidder, page, world, content):
        worlds.joined(world, people.sun())
        page.goto(f"{bidder.base}/key")
        bidder.make_key()
        page.goto(f"{bidder.base}/build")
        bidder.fill(content)
        page.goto(f"{bidder.base}/submit")
        bidder.deliver()
        bid = Bid.objects.get()
        with opened(bid) as file:
            sealed = file.read()
        header = headers.read(BytesIO(sealed))
        host = shares.release(header, label="host", key=world.host)
        for others in ((), (shares.Share(label="bidder", secret=secrets.token_bytes(32)),)):
            with pytest.raises(SealingError):
                envelope.open_form(BytesIO(sealed), header=header, shares=(host, *others))
        with pytest.raises(SealingError):
            shares.release(header, label="bidder", key=world.host)
        key = opening_keys.unwrap(bidder.key_file["buffer"], passphrase=WORDS)
        own = shares.release(header, label="bidder", key=key)
        form = envelope.open_form(BytesIO(sealed), header=header, shares=(host, own))
        assert form.price_fen == PRICE_FEN
