"""Reading a story: what is played, and the place of the first thing that is not."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

import stories
from stories.__main__ import main
from stories.reading import conforms, from_body
from stories.troubles import BadStory

SHIPPED = Path(stories.__file__).parent
NAMES = ("small", "pingyang", "pingjiang", "laboratory")


def body(name="small"):
    return json.loads((SHIPPED / f"{name}.json").read_text(encoding="utf-8"))


def changed(path, value):
    """The small story with one value changed; `...` takes it out."""
    told = body()
    *way, last = path
    place = told
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return told


def pointer_of(told, *, files=None):
    with pytest.raises(BadStory) as caught:
        from_body(told, files=files)
    return caught.value.pointer


class TestAShippedStory:
    @pytest.mark.parametrize("name", NAMES)
    def test_is_read_whole(self, name):
        story = from_body(body(name), files=None)
        assert {bid.lot for bid in story.bids} == {lot.key for lot in story.lots}
        assert len(story.members) == 5

    def test_says_the_deadline_that_decides(self):
        moved = from_body(body("pingjiang"), files=None).tender
        assert moved.last_deadline > moved.deadline_at
        kept = from_body(body(), files=None).tender
        assert kept.last_deadline == kept.deadline_at

    def test_scores_the_leaves_but_not_their_parents_nor_the_price(self):
        (lot,) = from_body(body(), files=None).lots
        assert lot.scored == ("plan", "safety", "credit")


BID, LOT, TENDER = ("bids", 0), ("lots", 0), ("tender",)


class TestAStory:
    @pytest.mark.parametrize(
        ("path", "value", "pointer"),
        [
            # the schema
            (("story",), 2, "/story"),
            (("seed",), ..., ""),
            ((*TENDER, "deadline_at"), "2026-11-23T14:00:00", "/tender/deadline_at"),
            ((*TENDER, "deadline_at"), "tomorrow", "/tender/deadline_at"),
            ((*BID, "price_fen"), -1, "/bids/0/price_fen"),
            ((*BID, "fault"), "sleepy", "/bids/0/fault"),
            ((*BID, "colour"), "red", "/bids/0"),
            # what later versions play
            ((*TENDER, "legal_track"), "A", "/tender/legal_track"),
            ((*TENDER, "procedure"), "negotiation", "/tender/procedure"),
            ((*LOT, "price_formula", "method"), "m3", "/lots/0/price_formula/method"),
            (
                (*LOT, "price_formula", "params", "draw"),
                {"K": ["0.97"]},
                "/lots/0/price_formula/params/draw",
            ),
            ((*LOT, "tie_rule"), ["vote"], "/lots/0/tie_rule/0"),
            ((*LOT, "max_lots_won"), 0, "/lots/0/max_lots_won"),
            ((*BID, "claims"), {"deviations": []}, "/bids/0/claims/deviations"),
            (
                ("panel", "members", 1, "presence"),
                "absent_replaced",
                "/panel/members/1/presence",
            ),
            # references
            ((*BID, "lot"), "nowhere", "/bids/0/lot"),
            ((*BID, "bidder"), "nobody", "/bids/0/bidder"),
            ((*BID, "bidder"), "office", "/bids/0/bidder"),
            ((*BID, "bidder"), "f2", "/bids/1/bidder"),
            ((*BID, "key"), "b2", "/bids/1/key"),
            ((*BID, "consortium"), ["f2"], "/bids/0/consortium"),
            (("organisations", 1, "key"), "office", "/organisations/1/key"),
            (("organisations", 1, "credit_code"), "9" * 18, "/organisations/1/credit_code"),
            ((*TENDER, "agency"), "nobody", "/tender/agency"),
            ((*TENDER, "agency"), "office", "/tender/agency"),
            (("panel", "leader"), "nobody", "/panel/leader"),
            (("scores", 0, "member"), "nobody", "/scores/0/member"),
            (("scores", 0, "criterion"), "price", "/scores/0/criterion"),
            (("scores", 0, "criterion"), "tech", "/scores/0/criterion"),
            (("scores", 0, "score"), "25.5", "/scores/0/score"),
            (("scores", 0, "score"), "20.25", "/scores/0/score"),
            (("centre",), "Suzhou", "/centre"),
            # time
            ((*TENDER, "published_at"), "2026-10-20T10:00:00+08:00", "/tender/published_at"),
            ((*BID, "submitted_at"), "2026-11-23T14:00:00+08:00", "/bids/0/submitted_at"),
            ((*BID, "fault"), "late", "/bids/0/submitted_at"),
            ((*BID, "submitted_at"), "2026-10-26T09:30:00+08:00", "/bids/0/submitted_at"),
            # arithmetic
            ((*LOT, "criteria", 3, "max"), "11", "/lots/0/criteria"),
            ((*LOT, "price_formula", "weight"), "49", "/lots/0/price_formula/weight"),
            ((*LOT, "price_formula", "params", "K"), ..., "/lots/0/price_formula/params/K"),
            # files
            ((*BID, "files"), [], "/bids/0/files"),
            ((*BID, "files", 0, "path"), "a.pdf", "/bids/0/files/0"),
            ((*BID, "files", 0, "generate"), ..., "/bids/0/files/0"),
            ((*BID, "files", 0, "generate", "pages"), 0, "/bids/0/files/0/generate/pages"),
        ],
    )
    def test_that_is_wrong_is_refused_with_the_place(self, path, value, pointer):
        assert pointer_of(changed(path, value)) == pointer

    def test_with_one_score_twice_is_refused(self):
        told = body()
        told["scores"].append(copy.deepcopy(told["scores"][0]))
        assert pointer_of(told) == "/scores/0"

    def test_in_track_g_may_not_average(self):
        told = body("laboratory")
        told["lots"][0]["price_formula"] = {
            "method": "m1",
            "weight": "40",
            "params": {"K": "0.98", "E1": "0.9", "E2": "0.6"},
        }
        assert pointer_of(told) == "/lots/0/price_formula/method"

    def test_may_bring_files_of_its_own_but_none_from_outside_their_folder(self, tmp_path):
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "plan.pdf").write_bytes(b"%PDF-1.7")
        (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.7")
        file = {"part": "technical", "name": "plan.pdf", "path": "plan.pdf"}
        told = changed((*BID, "files"), [file])
        story = from_body(told, files=tmp_path / "in")
        assert story.bids[0].files[0].path == tmp_path / "in" / "plan.pdf"
        for path in ("../secret.pdf", str(tmp_path / "secret.pdf"), "absent.pdf"):
            told = changed((*BID, "files"), [file | {"path": path}])
            assert pointer_of(told, files=tmp_path / "in") == "/bids/0/files/0/path"
        assert pointer_of(told) == "/bids/0/files/0/path"


class TestTheCommand:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{", "not a readable JSON file"),
            ('{"story": 1, "story": 1}', "stands twice"),
            ("[]", "/:"),
        ],
    )
    def test_leaves_with_two_and_the_pointer(self, text, said, tmp_path, capsys):
        bad = tmp_path / "bad.json"
        bad.write_text(text, encoding="utf-8")
        assert main(["--input", str(bad), "--out", str(tmp_path / "out")]) == 2
        assert said in capsys.readouterr().err
        assert not (tmp_path / "out" / "summary.json").exists()

    def test_names_the_place_of_what_is_not_built(self, tmp_path, capsys):
        told = changed((*TENDER, "legal_track"), "ENV")
        file = tmp_path / "env.json"
        file.write_text(json.dumps(told), encoding="utf-8")
        assert main(["--input", str(file), "--out", str(tmp_path)]) == 2
        assert capsys.readouterr().err.startswith("/tender/legal_track: ")


class TestASummary:
    def test_without_its_verdicts_is_none(self):
        with pytest.raises(BadStory):
            conforms({"summary": 1}, "summary")


class TestASecurity:
    @pytest.mark.parametrize("form", ["transfer", "guarantee", "waived"])
    def test_is_played_in_every_form_of_the_schema(self, form):
        story = from_body(changed((*BID, "security", "form"), form), files=None)
        assert story.bids[0].security.form == form
