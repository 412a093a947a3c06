"""A witness signs what goes on from what it signed, and nothing else (C2SP tlog-witness)."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import os
import re
import signal
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from sealing import checkpoint, merkle
from sealing.checkpoint import Checkpoint, LogKey
from sealing.errors import Code, SealingError
from sealing.witness import (
    Refused,
    Submission,
    Witness,
    WitnessKey,
    cosign,
    verify_cosignature,
)
from sealing.witness.door import Door
from tests.sealing.examples import examples

ORIGIN, NAME = "hengping.320500/log", "witness.example/jiangsu"
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
LOG_KEY = LogKey.of(PRIVATE, origin=ORIGIN)
AT = 1_795_413_600


def grown(size: int, *, story: str = "true") -> merkle.MemoryTree:
    return merkle.MemoryTree(merkle.leaf_hash(f"{story} {n}".encode()) for n in range(size))


def note_of(tree: merkle.MemoryTree, *, size: int | None = None, private=PRIVATE, origin=ORIGIN):
    size = tree.size if size is None else size
    said = Checkpoint(origin=origin, size=size, root=tree.root(size))
    return checkpoint.sign(said, private=private)


def request(tree: merkle.MemoryTree, old: int, new: int, **signed) -> str:
    path = tuple(merkle.consistency(tree.nodes, old=old, new=new))
    return Submission(old=old, path=path, note=note_of(tree, size=new, **signed)).dumps()


@pytest.fixture
def witness(tmp_path):
    return Witness(tmp_path / "w", name=NAME, log_key=LOG_KEY, clock=lambda: AT + 0.9)


def refused(witness, text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        witness.add(text)
    return caught.value


class TestACosignature:
    def test_is_made_of_the_bytes_the_specification_names(self):
        """Recomputed here with nothing of ours but the note."""
        private = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
        public = private.public_key().public_bytes_raw()
        note = note_of(grown(7))
        line = cosign(note, private=private, name=NAME, at=AT)
        dash, name, encoded = line.removesuffix("\n").split(" ")
        data = base64.b64decode(encoded)
        assert (dash, name, len(data)) == ("—", NAME, 4 + 8 + 64)
        assert data[:4] == hashlib.sha256(f"{NAME}\n".encode() + b"\x04" + public).digest()[:4]
        assert int.from_bytes(data[4:12], "big") == AT
        text = note.split("\n\n")[0] + "\n"
        message = f"cosignature/v1\ntime {AT}\n{text}".encode()
        Ed25519PublicKey.from_public_bytes(public).verify(data[12:], message)
        assert verify_cosignature(note + line, witness=WitnessKey.of(private, origin=NAME)) == AT

    def test_leaves_the_logs_own_signature_readable(self, witness):
        tree = grown(5)
        witness.add(request(tree, 0, 5))
        assert checkpoint.verify(witness.note, log_key=LOG_KEY).size == 5

    @pytest.mark.parametrize(
        "change",
        [
            lambda note: note.replace("\n5\n", "\n6\n", 1),
            lambda note: re.sub(r"(— witness\S+ .{30})(.)", r"\1A\2", note)[: len(note)] + "\n",
            lambda note: note.rsplit("— ", 1)[0],
        ],
    )
    def test_is_refused_over_anything_else(self, witness, change):
        witness.add(request(grown(5), 0, 5))
        with pytest.raises(SealingError) as caught:
            verify_cosignature(change(witness.note), witness=witness.key)
        assert caught.value.code is Code.CHECKPOINT

    def test_of_another_witness_does_not_count(self, witness):
        witness.add(request(grown(5), 0, 5))
        for other in (
            WitnessKey(origin=NAME, public=LOG_KEY.public),
            WitnessKey(origin="other", public=witness.key.public),
        ):
            with pytest.raises(SealingError):
                verify_cosignature(witness.note, witness=other)

    def test_has_a_time(self):
        for at in (0, -1, 2**53):
            with pytest.raises(SealingError):
                cosign(note_of(grown(1)), private=PRIVATE, name=NAME, at=at)


class TestItsKey:
    def test_is_one_line_and_not_mistaken_for_a_logs(self, witness, tmp_path):
        line = witness.key.dumps()
        assert WitnessKey.loads(f"{line}\n") == witness.key
        assert (tmp_path / "w" / "witness-key.pub").read_text() == f"{line}\n"
        for kind, text in ((LogKey, line), (WitnessKey, LOG_KEY.dumps())):
            with pytest.raises(SealingError) as caught:
                kind.loads(text)
            assert caught.value.code is Code.KEY_FILE

    def test_is_kept_for_its_owner_alone(self, witness, tmp_path):
        file = tmp_path / "w" / "witness-key"
        assert file.stat().st_mode & 0o777 == 0o600
        again = Witness(tmp_path / "w", name=NAME, log_key=LOG_KEY)
        assert again.key == witness.key
        file.write_bytes(b"short")
        with pytest.raises(SealingError):
            Witness(tmp_path / "w", name=NAME, log_key=LOG_KEY)


class TestAWitness:
    @examples(100)
    @given(st.lists(st.integers(1, 40), min_size=1, max_size=5).map(sorted))
    def test_follows_a_log_that_grows(self, sizes):
        tree = grown(sizes[-1])
        with TemporaryDirectory() as folder:
            made = Witness(Path(folder), name=NAME, log_key=LOG_KEY)
            old = 0
            for size in sizes:
                line = made.add(request(tree, old, size))
                assert verify_cosignature(note_of(tree, size=size) + line, witness=made.key)
                old = size
            assert made.size == old

    @examples(100)
    @given(st.integers(1, 30), st.integers(1, 30))
    def test_never_signs_two_histories(self, one, other):
        small, large = sorted((one, other))
        with TemporaryDirectory() as folder:
            made = Witness(Path(folder), name=NAME, log_key=LOG_KEY)
            made.add(request(grown(small), 0, small))
            lie = grown(large, story="another")
            assert refused(made, request(lie, small, large)).status in {
                HTTPStatus.CONFLICT,
                HTTPStatus.UNPROCESSABLE_ENTITY,
            }
            assert made.size == small

    def test_says_what_it_knows_to_a_log_that_is_elsewhere(self, witness):
        tree = grown(9)
        witness.add(request(tree, 0, 5))
        for old in (0, 4, 6, 9):
            no = refused(witness, request(tree, old, 9))
            assert (no.status, no.size, no.fork) == (HTTPStatus.CONFLICT, 5, False)

    def test_does_not_go_back(self, witness):
        tree = grown(9)
        witness.add(request(tree, 0, 9))
        back = Submission(old=9, path=(), note=note_of(tree, size=5)).dumps()
        assert refused(witness, back).status is HTTPStatus.BAD_REQUEST

    def test_signs_the_same_again_for_who_lost_the_answer(self, witness):
        tree = grown(5)
        assert witness.add(request(tree, 0, 5)) == witness.add(request(tree, 5, 5))

    def test_keeps_both_notes_of_a_fork(self, witness, tmp_path):
        witness.add(request(grown(5), 0, 5))
        lie = grown(5, story="another")
        for _ in range(2):
            no = refused(witness, Submission(old=5, path=(), note=note_of(lie)).dumps())
            assert (no.status, no.fork) == (HTTPStatus.CONFLICT, True)
        kept = [(tmp_path / "w" / f"fork-{n}.txt").read_text() for n in (1, 2)]
        states = [checkpoint.verify(note, log_key=LOG_KEY) for note in kept]
        assert states[0].size == states[1].size
        assert states[0].root != states[1].root

    def test_keeps_the_first_fork_when_another_follows(self, witness, tmp_path):
        witness.add(request(grown(5), 0, 5))
        lies = [note_of(grown(5, story=story)) for story in ("another", "a third")]
        for lie in lies:
            assert refused(witness, Submission(old=5, path=(), note=lie).dumps()).fork
        assert (tmp_path / "w" / "fork-2.txt").read_text() == lies[0]

    def test_makes_its_folder_and_those_above_it(self, tmp_path):
        made = Witness(tmp_path / "a" / "b", name=NAME, log_key=LOG_KEY)
        assert (tmp_path / "a" / "b" / "witness-key.pub").read_text() == made.key.dumps() + "\n"

    def test_has_a_name_without_spaces(self, tmp_path):
        with pytest.raises(SealingError) as caught:
            Witness(tmp_path, name="a b", log_key=LOG_KEY)
        assert caught.value.code is Code.KEY_FILE

    def test_remembers_before_it_answers(self, witness, tmp_path):
        tree = grown(8)
        witness.add(request(tree, 0, 5))
        after_a_crash = Witness(tmp_path / "w", name=NAME, log_key=LOG_KEY)
        assert after_a_crash.size == 5
        lie = grown(8, story="another")
        with pytest.raises(Refused):
            after_a_crash.add(request(lie, 5, 8))
        after_a_crash.add(request(tree, 5, 8))

    def test_signs_nothing_it_could_not_write_down(self, witness, monkeypatch):
        def full(*_):
            raise OSError(28, "No space left on device")

        tree = grown(5)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(OSError, match="No space"):
                witness.add(request(tree, 0, 5))
        assert witness.note is None
        witness.add(request(tree, 0, 5))

    def test_watches_one_log_and_believes_its_key(self, witness):
        tree = grown(3)
        other = Ed25519PrivateKey.from_private_bytes(b"\3" * 32)
        assert refused(witness, request(tree, 0, 3, origin="x")).status is HTTPStatus.NOT_FOUND
        assert refused(witness, request(tree, 0, 3, private=other)).status is HTTPStatus.FORBIDDEN

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "old 0",
            "old 0\n",
            "old -1\n\nnote",
            "old 01\n\nnote",
            "old ²\n\nnote",
            "old 1e3\n\nnote",
            "new 0\n\nnote",
            "old 0\nnot base64!\n\nnote",
            "old 0\n" + "AAAA\n" * 64 + "\nnote",
        ],
    )
    def test_takes_no_other_text(self, witness, text):
        assert refused(witness, text).status is HTTPStatus.BAD_REQUEST

    @given(st.text(max_size=200))
    def test_refuses_whatever_comes(self, text):
        with contextlib.suppress(Refused):
            Submission.loads(text)


class TestItsDoor:
    @pytest.fixture
    def ask(self, witness):
        with Door(("127.0.0.1", 0), witness) as door:
            thread = Thread(target=door.serve_forever)
            thread.start()

            def asked(method, path, body=None, **headers):
                line = http.client.HTTPConnection("127.0.0.1", door.server_address[1], timeout=10)
                sent = body.encode() if isinstance(body, str) else body
                line.request(method, path, body=sent, headers=headers)
                reply = line.getresponse()
                return reply.status, reply.getheader("content-type"), reply.read().decode()

            yield asked
            door.shutdown()
            thread.join()

    def test_speaks_the_protocol(self, ask, witness):
        tree = grown(6)
        assert ask("GET", "/checkpoint")[0] == 404
        status, _, line = ask("POST", "/add-checkpoint", request(tree, 0, 4))
        assert status == 200
        assert verify_cosignature(note_of(tree, size=4) + line, witness=witness.key) == AT
        assert ask("GET", "/checkpoint")[2] == note_of(tree, size=4) + line
        assert ask("GET", "/key")[2] == witness.key.dumps() + "\n"
        stale = ask("POST", "/add-checkpoint", request(tree, 0, 6))
        assert stale == (409, "text/x.tlog.size", "4\n")
        wrong = Submission(old=4, path=(b"\0" * 32,), note=note_of(tree)).dumps()
        assert ask("POST", "/add-checkpoint", wrong)[0] == 422

    def test_takes_nothing_else(self, ask):
        assert ask("GET", "/")[0] == ask("POST", "/")[0] == 404
        assert ask("POST", "/add-checkpoint", b"\xff\xfe")[0] == 400
        assert ask("POST", "/add-checkpoint", b"x" * 100_000)[0] == 413


class TestTheProgram:
    def test_serves_until_it_is_stopped(self, tmp_path):
        (tmp_path / "log-key.pub").write_text(LOG_KEY.dumps() + "\n")
        words = [str(tmp_path / "w"), "--log-key", str(tmp_path / "log-key.pub"), "--name", NAME]
        program = subprocess.Popen(
            [sys.executable, "-m", "sealing", "witness", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            first = program.stderr.readline()
            port = int(re.search(r":(\d+)$", first.strip())[1])
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            line.request("POST", "/add-checkpoint", body=request(grown(3), 0, 3).encode())
            assert line.getresponse().status == 200
        finally:
            program.send_signal(signal.SIGTERM)
            said, _ = program.communicate(timeout=20)
        assert program.returncode == 0
        assert '"ok": true' in said
        assert '"size": 3' in said
