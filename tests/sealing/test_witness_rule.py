"""What a witness answers when it does not sign: the log's operator reads it."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing import merkle
from sealing.errors import Code
from sealing.notes import base64_of
from sealing.witness import (
    Refused,
    Seen,
    Submission,
    WitnessKey,
    cosign,
    judge,
    verify_cosignature,
)
from sealing.witness.rule import MOST_HASHES
from tests.sealing.sealed import refused
from tests.sealing.test_witness import LOG_KEY, PRIVATE, grown, note_of

TREE = grown(9)
SEEN = Seen(size=5, root=TREE.root(5))
HASH = base64_of(bytes(32))


def answered(act, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    assert str(caught.value) == caught.value.detail
    return caught.value


class TestARequest:
    @pytest.mark.parametrize(
        ("text", "detail"),
        [
            ("old 0\n", "not a request to add a checkpoint"),
            ("new 0\n\nnote", "not a request to add a checkpoint"),
            ("old 0 old 0\n\nnote", "the old size is not a number"),
            ("old ²\n\nnote", "the old size is not a number"),
            ("old 01\n\nnote", "the old size is not a number"),
            (f"old {10**17}\n\nnote", "the old size is not a number"),
            ("old 0\nAA=\n\nnote", "a hash is not base64"),
        ],
    )
    def test_that_is_none_is_told_why(self, text, detail):
        no = answered(Submission.loads, text)
        assert (no.status, no.detail) == (HTTPStatus.BAD_REQUEST, detail)

    @pytest.mark.parametrize(("hashes", "taken"), [(MOST_HASHES, True), (MOST_HASHES + 1, False)])
    def test_has_so_many_hashes_and_no_more(self, hashes, taken):
        text = "\n".join(["old 9", *[HASH] * hashes]) + "\n\nnote"
        if taken:
            assert Submission.loads(text).dumps() == text
        else:
            assert answered(Submission.loads, text).detail == "not a request to add a checkpoint"

    def test_has_a_size_of_seventeen_digits_at_most(self):
        assert Submission.loads(f"old {10**17 - 1}\n\nnote").old == 10**17 - 1


class TestARefusal:
    @staticmethod
    def judged(*, old: int, note: str) -> Refused:
        path = tuple(merkle.consistency(TREE.nodes, old=5, new=9))
        return answered(
            judge, Submission(old=old, path=path, note=note), seen=SEEN, log_key=LOG_KEY
        )

    def test_of_a_size_beyond_the_checkpoint(self):
        no = self.judged(old=10, note=note_of(TREE))
        assert (no.status, no.size, no.fork) == (HTTPStatus.BAD_REQUEST, None, False)
        assert no.detail == "the old size is beyond the checkpoint's"

    def test_of_another_size_tells_the_one_it_knows(self):
        no = self.judged(old=4, note=note_of(TREE))
        assert (no.status, no.size, no.fork) == (HTTPStatus.CONFLICT, 5, False)
        assert no.detail == "the witness knows another size"

    def test_of_a_fork_tells_its_size(self):
        no = self.judged(old=5, note=note_of(grown(5, story="another")))
        assert (no.status, no.size, no.fork) == (HTTPStatus.CONFLICT, 5, True)
        assert no.detail == "two roots of one size: a fork"

    def test_of_another_log(self):
        no = self.judged(old=5, note=note_of(TREE, origin="x"))
        assert (no.status, no.detail) == (
            HTTPStatus.NOT_FOUND,
            "a log that this witness does not watch",
        )

    def test_of_another_key(self):
        other = Ed25519PrivateKey.from_private_bytes(b"\3" * 32)
        no = self.judged(old=5, note=note_of(TREE, private=other))
        assert no.status == HTTPStatus.FORBIDDEN
        assert no.detail == "not signed by the log: no signature of this log"

    def test_of_a_path_that_proves_nothing(self):
        asked = Submission(old=5, path=(), note=note_of(TREE))
        no = answered(judge, asked, seen=SEEN, log_key=LOG_KEY)
        assert no.status == HTTPStatus.UNPROCESSABLE_ENTITY
        assert no.detail


class TestACosignature:
    def test_is_made_of_a_note_alone(self):
        with refused(Code.CHECKPOINT):
            cosign("no note", private=PRIVATE, name="witness.example", at=1)
        with refused(Code.CHECKPOINT):
            verify_cosignature("no note", witness=WitnessKey.of(PRIVATE, origin="witness.example"))

    @pytest.mark.parametrize("at", [1, 2**53 - 1])
    def test_is_made_at_any_time_that_scripts_can_tell(self, at):
        key = WitnessKey.of(PRIVATE, origin="witness.example")
        note = note_of(TREE)
        line = cosign(note, private=PRIVATE, name=key.origin, at=at)
        assert verify_cosignature(note + line, witness=key) == at
