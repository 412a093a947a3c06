"""Receipts and entries: signed once, never bent."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from unittest import mock

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing import canonical, entries, receipts
from sealing.encoding import b64u
from sealing.errors import Code, SealingError
from sealing.receipts import Receipt
from tests.sealing.test_opening import failed, verify


class TestAReceipt:
    def test_tells_whose_it_is(self, played):
        receipt = receipts.verify(played.receipts["li"], log_key=played.log.key)
        assert receipt.entry.bid == "b-3"
        assert receipt.leaf == played.bids["li"].leaf

    def test_that_promised_is_kept_by_a_later_proof(self, played):
        receipt = receipts.verify(played.receipts["sun"], log_key=played.log.key)
        assert receipt.proof is None
        keep = {"checkpoint": played.checkpoint, "log_key": played.log.key}
        proof = played.log.proof(played.bids["sun"].leaf)
        receipts.verify_inclusion(receipt, proof=proof, **keep)
        with pytest.raises(SealingError) as caught:
            receipts.verify_inclusion(
                receipt, proof=played.log.proof(played.bids["li"].leaf), **keep
            )
        assert caught.value.code is Code.PROOF

    def test_of_another_lot_says_nothing_about_this_opening(self, played):
        receipt = receipts.verify(played.receipts["li"], log_key=played.log.key)
        other = replace(
            receipt, entry=replace(receipt.entry, lot="L2"), checkpoint=None, proof=None
        )
        token = receipts.sign(other, private=played.log.private)
        with pytest.raises(SealingError) as caught:
            verify(played, receipts=[token])
        assert caught.value.code is Code.WRONG_CONTEXT

    def test_for_a_bid_that_is_not_shown_proves_removal(self, played):
        receipt = receipts.verify(played.receipts["li"], log_key=played.log.key)
        gone = replace(receipt, salt=bytes(32), checkpoint=None, proof=None)
        token = receipts.sign(gone, private=played.log.private)
        assert failed(verify(played, receipts=[token])) == [f"receipt {receipt.id}"]

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_with_any_altered_character_is_refused(self, played, part):
        token = played.receipts["li"].split(".")
        middle = len(token[part]) // 2
        token[part] = (
            token[part][:middle]
            + ("A" if token[part][middle] != "A" else "B")
            + token[part][middle + 1 :]
        )
        self._refused(".".join(token), played)

    def test_of_no_algorithm_or_another_header_is_refused(self, played):
        _, payload, signature = played.receipts["li"].split(".")
        for header in (
            {"alg": "none", "typ": receipts.TYPE},
            {"alg": "HS256", "kid": played.log.key.name, "typ": receipts.TYPE},
            {"alg": "EdDSA", "kid": played.log.key.name, "typ": receipts.TYPE},
            {"alg": "Ed25519", "kid": played.log.key.name, "typ": "JWT"},
        ):
            for end in ("", signature):
                self._refused(f"{b64u(canonical.dumps(header))}.{payload}.{end}", played)

    def test_of_another_key_is_refused(self, played):
        receipt = receipts.verify(played.receipts["sun"], log_key=played.log.key)
        self._refused(receipts.sign(receipt, private=Ed25519PrivateKey.generate()), played)

    @pytest.mark.parametrize("junk", ["", "a", "a.b.c", "....", "é.é.é", "x" * 70000])
    def test_that_is_none_is_refused(self, played, junk):
        self._refused(junk, played)

    def test_with_another_leaf_is_refused(self, played):
        receipt = receipts.verify(played.receipts["sun"], log_key=played.log.key)
        body = {**receipt.body(), "leaf": b64u(bytes(32))}
        with mock.patch.object(Receipt, "body", return_value=body):
            token = receipts.sign(receipt, private=played.log.private)
        self._refused(token, played)

    def test_has_a_long_random_id_and_no_number(self, played):
        receipt = receipts.verify(played.receipts["sun"], log_key=played.log.key)
        with pytest.raises(SealingError):
            receipts.sign(replace(receipt, id="17"), private=played.log.private)

    @staticmethod
    def _refused(token, played):
        with pytest.raises(SealingError) as caught:
            receipts.verify(token, log_key=played.log.key)
        assert caught.value.code is Code.RECEIPT


class TestAnEntry:
    def test_of_each_kind_survives_its_json(self, played):
        for body in played.log.bodies.values():
            assert entries.parse(body).body() == body
        stamped = entries.CheckpointStamped(
            at="2026-11-23T06:00:00.000Z",
            size=3,
            root=b64u(bytes(32)),
            token_sha256=b64u(bytes(32)),
            authority="demo-tsa",
        )
        assert entries.parse(stamped.body()) == stamped

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": "bid.unknown"},
            {"at": "2026-11-23T06:00:00Z"},
            {"at": "2026-13-23T06:00:00.000Z"},
            {"party": "衡平公司"},
            {"size": "1"},
            {"ct_root": "x"},
            {"count": 4},
            {"v": True},
        ],
    )
    def test_with_anything_else_is_refused(self, played, change):
        body = {**played.opening.bids[0].receive.entry, **change}
        with pytest.raises(SealingError) as caught:
            entries.parse(body)
        assert caught.value.code is Code.ENTRY

    def test_of_a_receipt_matches_its_file(self, played):
        receipt = receipts.verify(played.receipts["li"], log_key=played.log.key)
        assert isinstance(receipt, Receipt)
        receipts.check_file(receipt, BytesIO(played.bids["li"].data))
        with pytest.raises(SealingError) as caught:
            receipts.check_file(receipt, BytesIO(played.bids["sun"].data))
        assert caught.value.code is Code.RECEIPT
