from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.draws import Draw, DrawMismatch, Stream, commitment, hold, replay

SEED = bytes(range(32))
EXPERTS = [f"expert-{number}" for number in range(12)]
SEEDS = st.binary(min_size=32, max_size=64)


def stream(context="panel/1", entropy=b"checkpoint", seed=SEED):
    return Stream(seed=seed, context=context, entropy=entropy)


def held(**changes):
    given_ = {"context": "panel/1", "inputs": EXPERTS, "take": 5, "seed": SEED}
    return hold(**{**given_, "entropy": b"checkpoint", **changes})


def chi_square(counts, expected):
    return sum((count - expected) ** 2 / expected for count in counts)


class TestTheStream:
    def test_is_made_again_from_the_same_three_values(self):
        assert stream().shuffle(EXPERTS) == stream().shuffle(EXPERTS)

    @pytest.mark.parametrize(
        "changed",
        [
            {"context": "panel/2"},
            {"entropy": b"other"},
            {"seed": bytes(32)},
            {"context": "panel/1check", "entropy": b"point"},
        ],
    )
    def test_is_another_when_any_of_them_is(self, changed):
        assert stream(**changed).shuffle(EXPERTS) != stream().shuffle(EXPERTS)

    def test_is_the_construction_it_claims_to_be(self):
        """The bytes worked out by hand, so that another program can be held to them."""
        context, entropy = b"panel/1", b"checkpoint"
        body = b"hengping draw stream 1"
        for part in (context, entropy):
            body += len(part).to_bytes(8, "big") + part
        key = hmac.new(SEED, body, hashlib.sha256).digest()
        blocks = b"".join(
            hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha256).digest()
            for counter in range(3)
        )
        drawn = stream()
        assert [drawn.below(256) for _ in range(96)] == list(blocks)

    def test_throws_away_what_does_not_fit(self):
        """Below 129 takes eight bits; every byte from 129 up must be skipped, none folded back."""
        plain, picky = stream(), stream()
        wanted = [byte for byte in (plain.below(256) for _ in range(400)) if byte < 129]
        assert [picky.below(129) for _ in wanted] == wanted

    def test_draws_across_several_bytes(self):
        drawn = stream()
        first = stream().below(1 << 24)
        high, middle, low = (drawn.below(256) for _ in range(3))
        assert first == high << 16 | middle << 8 | low

    @given(st.integers(1, 10**9), SEEDS)
    def test_stays_below(self, n, seed):
        assert 0 <= stream(seed=seed).below(n) < n

    def test_has_nothing_below_one(self):
        assert stream().below(1) == 0
        with pytest.raises(ValueError, match=r"^there is nothing below 1 to draw$"):
            stream().below(0)

    def test_wants_a_seed_that_cannot_be_found_by_trying(self):
        with pytest.raises(ValueError, match="32 bytes"):
            stream(seed=bytes(31))

    def test_is_even(self):
        drawn = stream(context="even")
        counts = Counter(drawn.below(10) for _ in range(20_000))
        # Nine degrees of freedom: 27.9 is passed by one fair stream in a thousand.
        assert chi_square(counts.values(), 2_000) < 27.9
        assert len(counts) == 10

    def test_puts_things_in_every_order_alike(self):
        drawn = stream(context="orders")
        counts = Counter("".join(drawn.shuffle("abcd")) for _ in range(24 * 400))
        # Twenty-three degrees of freedom: 49.7 at one in a thousand.
        assert chi_square(counts.values(), 400) < 49.7
        assert len(counts) == 24

    def test_samples_everybody_alike(self):
        drawn = stream(context="samples")
        counts = Counter(key for _ in range(4_000) for key in drawn.sample(EXPERTS, 3))
        assert chi_square(counts.values(), 1_000) < 31.3

    @given(st.integers(0, 12), SEEDS)
    def test_samples_nobody_twice(self, take, seed):
        drawn = stream(seed=seed).sample(EXPERTS, take)
        assert len(set(drawn)) == len(drawn) == take

    def test_chooses_one_of_those_there_are(self):
        assert stream().choose(EXPERTS) in EXPERTS
        assert stream().choose(["only"]) == "only"

    @pytest.mark.parametrize("take", [-1, 13])
    def test_does_not_take_more_than_there_is(self, take):
        with pytest.raises(ValueError, match="cannot be drawn"):
            stream().sample(EXPERTS, take)


class TestTheCommitment:
    def test_fixes_seed_and_context(self):
        mine = commitment(SEED, "panel/1")
        assert mine == commitment(SEED, "panel/1")
        assert mine != commitment(bytes(32), "panel/1")
        assert mine != commitment(SEED, "panel/2")

    def test_does_not_run_context_and_seed_together(self):
        assert commitment(b"x" + SEED, "panel/") != commitment(SEED, "panel/x")


class TestADraw:
    def test_does_not_depend_on_the_order_of_its_inputs(self):
        assert held() == held(inputs=EXPERTS[::-1])

    def test_takes_in_order_so_that_substitutes_follow(self):
        assert held(take=None).result[:5] == held().result

    def test_gives_nobody_two_chances(self):
        with pytest.raises(ValueError, match=r"^an input stands twice and would have two chances$"):
            held(inputs=[*EXPERTS, EXPERTS[0]])

    @given(st.sets(st.text(min_size=1), min_size=1), SEEDS, st.binary(), st.text())
    def test_comes_out_again_from_its_record(self, inputs, seed, entropy, context):
        draw = hold(context=context, inputs=list(inputs), seed=seed, entropy=entropy)
        again = Draw.read(draw.body())
        assert again == draw
        replay(again)


class TestTheReplay:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"result": tuple(EXPERTS[:5])}, "result"),
            ({"seed": bytes(32)}, "commitment"),
            ({"seed": b"short"}, "seed"),
            ({"commitment": bytes(32)}, "commitment"),
            ({"context": "panel/2"}, "commitment"),
            ({"entropy": b"other"}, "result"),
            ({"take": 4}, "result"),
            ({"take": 13}, "take"),
            ({"inputs": tuple(sorted(EXPERTS[1:]))}, "result"),
            ({"inputs": tuple(reversed(sorted(EXPERTS)))}, "inputs"),  # noqa: C413 - descending
        ],
    )
    def test_finds_what_was_changed(self, change, field):
        replay(held())
        with pytest.raises(DrawMismatch) as caught:
            replay(replace(held(), **change))
        assert caught.value.field == field

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("context", 1),
            ("inputs", "abc"),
            ("inputs", [1]),
            ("take", True),
            ("take", "5"),
            ("seed", "xyz"),
            ("entropy", None),
        ],
    )
    def test_refuses_a_record_it_cannot_read(self, name, value):
        body = held().body()
        with pytest.raises(DrawMismatch) as caught:
            Draw.read(body | {name: value})
        assert caught.value.field == name
        del body[name]
        with pytest.raises(DrawMismatch, match="is missing"):
            Draw.read(body)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"context": 1}, "context: a text is wanted"),
            ({"inputs": "abc"}, "inputs: a list of texts is wanted"),
            ({"inputs": [1]}, "inputs: a text is wanted"),
            ({"take": True}, "take: a whole number is wanted"),
            ({"commitment": "xyz"}, "commitment: hexadecimal figures are wanted"),
            ({"entropy": 5}, "entropy: a text is wanted"),
            ({"seed": "0"}, "seed: hexadecimal figures are wanted"),
            ({"result": None}, "result: a list of texts is wanted"),
            ({"result": [5]}, "result: a text is wanted"),
        ],
    )
    def test_says_of_a_record_where_and_why_it_cannot_be_read(self, change, sentence):
        with pytest.raises(DrawMismatch) as caught:
            Draw.read(held().body() | change)
        assert str(caught.value) == sentence

    @pytest.mark.parametrize(
        "name", ["context", "inputs", "take", "commitment", "entropy", "seed", "result"]
    )
    def test_says_what_a_record_lacks(self, name):
        body = held().body()
        del body[name]
        with pytest.raises(DrawMismatch) as caught:
            Draw.read(body)
        assert str(caught.value) == f"{name}: is missing"

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"inputs": (*sorted(EXPERTS), "z", "z")}, "inputs: are not sorted, or stand twice"),
            ({"take": 13}, "take: is more than there is to draw from"),
            ({"take": -1}, "take: is more than there is to draw from"),
            ({"seed": b"short"}, "seed: a seed has at least 32 bytes"),
            ({"commitment": bytes(32)}, "commitment: the seed is not the one committed to"),
            ({"result": ()}, "result: comes out as " + ", ".join(held().result)),
        ],
    )
    def test_says_what_does_not_come_out(self, change, sentence):
        with pytest.raises(DrawMismatch) as caught:
            replay(replace(held(), **change))
        assert str(caught.value) == sentence

    def test_passes_the_smallest_and_the_largest_take(self):
        replay(held(take=0))
        replay(held(take=len(EXPERTS)))


class TestARecord:
    def test_is_written_as_json_values(self):
        draw = held(inputs=["b", "a"], take=1)
        assert draw.body() == {
            "context": "panel/1",
            "inputs": ["a", "b"],
            "take": 1,
            "commitment": commitment(SEED, "panel/1").hex(),
            "entropy": b"checkpoint".hex(),
            "seed": SEED.hex(),
            "result": list(draw.result),
        }

    def test_commits_as_another_program_would(self):
        """SHA-256 over a label, and context and seed with their lengths in front."""
        body = b"hengping draw commitment 1"
        for part in (b"panel/1", SEED):
            body += len(part).to_bytes(8, "big") + part
        assert held().commitment == hashlib.sha256(body).digest()
