"""The browser checks log, checkpoints and receipts as Python does, by the same frozen files."""

from __future__ import annotations

import pytest

from sealing import canonical
from sealing.encoding import b64u, unb64u
from tests.vectors.reading import read

pytestmark = pytest.mark.browser

EVIDENCE = read("evidence")


class TestMerkleProofs:
    TREE = read("merkle")

    def test_lead_to_the_root(self, twin):
        for case in self.TREE["inclusion"]:
            leaf, root = self.TREE["leaves"][case["index"]], self.TREE["roots"][case["size"]]
            assert twin.call("inclusion", leaf, case["index"], case["size"], case["path"]) == root

    def test_of_another_place_do_not(self, twin):
        for case in self.TREE["inclusion"]:
            if case["size"] < 2:
                continue
            index = (case["index"] + 1) % case["size"]
            leaf, root = self.TREE["leaves"][case["index"]], self.TREE["roots"][case["size"]]
            given = ("inclusion", leaf, index, case["size"], case["path"])
            assert twin.outcome(*given) == "PROOF" or twin.call(*given) != root

    def test_show_that_a_tree_only_grew(self, twin):
        roots = self.TREE["roots"]
        for case in self.TREE["consistency"]:
            old, new, path = case["from"], case["to"], case["path"]
            assert twin.outcome("treeGrew", old, roots[old], new, roots[new], path) == ""

    def test_refuse_a_rewritten_or_shorter_tree(self, twin):
        roots = self.TREE["roots"]
        for case in self.TREE["consistency"]:
            old, new, path = case["from"], case["to"], case["path"]
            if not old:
                continue
            other = roots[old - 1]
            assert twin.outcome("treeGrew", old, other, new, roots[new], path) == "PROOF"
            if old < new:
                assert twin.outcome("treeGrew", new, roots[new], old, roots[old], path) == "PROOF"


class TestEvidence:
    KEY = EVIDENCE["log_key"]

    def test_checkpoints_are_read(self, twin):
        assert twin.call("checkpoint", EVIDENCE["checkpoint"], self.KEY)["size"] == 13

    def test_altered_or_unsigned_checkpoints_are_refused(self, twin):
        note = EVIDENCE["checkpoint"]
        for odd in (
            note.replace("\n13\n", "\n14\n"),
            note.split("\n\n", maxsplit=1)[0],
            note + "x",
        ):
            assert twin.outcome("checkpoint", odd, self.KEY) == "CHECKPOINT"

    def test_logged_entries_are_in_the_log(self, twin):
        for one in EVIDENCE["logged"]:
            assert twin.outcome("logged", one, EVIDENCE["checkpoint"], self.KEY) == ""
            moved = {**one, "proof": {**one["proof"], "place": one["proof"]["place"] ^ 1}}
            assert twin.outcome("logged", moved, EVIDENCE["checkpoint"], self.KEY) == "PROOF"
            assert twin.outcome("logged", one, EVIDENCE["earlier"], self.KEY) == "PROOF"

    def test_the_later_log_continues_the_earlier(self, twin):
        given = (EVIDENCE["consistency"], EVIDENCE["earlier"], EVIDENCE["checkpoint"], self.KEY)
        assert twin.outcome("consistency", *given) == ""
        odd = {**EVIDENCE["consistency"], "path": EVIDENCE["consistency"]["path"][::-1]}
        assert twin.outcome("consistency", odd, *given[1:]) == "PROOF"

    def test_receipts_are_verified(self, twin):
        for token in EVIDENCE["receipts"].values():
            assert twin.outcome("receipt", token, self.KEY) == ""

    def test_forged_receipts_are_refused(self, twin):
        token = next(iter(EVIDENCE["receipts"].values()))
        head, payload, signature = token.split(".")
        claims = canonical.loads(unb64u(payload))
        altered = b64u(canonical.dumps({**claims, "max_merge_delay_s": 61}))
        none = b64u(canonical.dumps({"alg": "none", "typ": "bid-receipt+jws"}))
        forged = [
            f"{head}.{altered}.{signature}",
            f"{none}.{payload}.",
            f"{head}.{payload}.{signature[:-2]}AA",
            f"{head}.{payload}",
            f"{token}.",
        ]
        assert [twin.outcome("receipt", one, self.KEY) for one in forged] == ["RECEIPT"] * len(
            forged
        )
