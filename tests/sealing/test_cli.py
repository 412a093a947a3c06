"""`ggzy-bid` from key to opening, with the exit codes that scripts rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sealing import checkpoint
from sealing.cli import main
from sealing.encoding import b64u
from sealing.log import consistency_body
from tests.sealing import scene

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def run(capsys):
    def call(*arguments, code: int):
        got = main([str(one) for one in arguments])
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 1
        answer = json.loads(lines[0])
        assert got == code, answer
        assert answer["ok"] is (code == 0)
        return answer

    return call


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Keys and one sealed bid, made by the command line."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("one", "two", "three"):
        (folder / f"{name}.txt").write_text(f"passphrase {name}\n")
    words = [folder / f"{name}.txt" for name in ("one", "two", "three")]
    assert main(["keygen", "--out", f"{folder}/key.json", "--passphrase-file", f"{words[0]}"]) == 0
    split = [part for word in words for part in ("--passphrase-file", str(word))]
    assert main(["split-host", "--out", f"{folder}/host", *split]) == 0
    holder = json.loads((folder / "host/holder-1.json").read_text())
    context = {
        "ctx": {**scene.LOT, "bidder": "p-1", "bid": "b-1", "deadline_id": "D1"},
        "host": {"kid": holder["kid"], "public": holder["public"]},
    }
    (folder / "context.json").write_text(json.dumps(context, indent=1))
    form = {"price_fen": 98000, "duration_days": 30, "quality": "合格", "manager": "王建国"}
    (folder / "form.json").write_text(json.dumps(form, ensure_ascii=False))
    (folder / "技术标.pdf").write_bytes(b"%PDF")
    assert main(seal_arguments(folder, out="bid.stb")) == 0
    return folder


def seal_arguments(folder, *, out, **changes):
    wanted = {"context": "context.json", "key": "key.json", "form": "form.json"} | changes
    named = [part for name, value in wanted.items() for part in (f"--{name}", f"{folder}/{value}")]
    return ["seal", *named, "--file", f"technical={folder}/技术标.pdf", "--out", f"{folder}/{out}"]


def release(desk, *, out, label="bidder", words=("one",), holders=(), bid="bid"):
    arguments = ["release", desk / f"{bid}.stb", "--label", label, "--out", out]
    arguments += ["--key", desk / "key.json"] if label == "bidder" else []
    for number in holders:
        arguments += ["--holder", desk / f"host/holder-{number}.json"]
    for word in words:
        arguments += ["--passphrase-file", desk / f"{word}.txt"]
    return arguments


class TestABid:
    def test_goes_from_key_to_opening(self, desk, run, tmp_path):
        shown = run("inspect", desk / "bid.stb", code=0)
        assert shown["header"]["ctx"]["bid"] == "b-1"
        run(*release(desk, out=tmp_path / "b.json"), code=0)
        host = release(
            desk, out=tmp_path / "h.json", label="host", words=("one", "three"), holders=(1, 3)
        )
        run(*host, code=0)
        opened = run(
            "open", desk / "bid.stb", "--shares", tmp_path / "b.json", "--shares",
            tmp_path / "h.json", "--out", tmp_path / "out", code=0,
        )  # fmt: skip
        assert opened["form"]["price_fen"] == 98000
        assert opened["form"]["doc_version"] == 1
        assert (tmp_path / "out/技术标.pdf").read_bytes() == b"%PDF"

    def test_answers_the_version_of_its_tender_facts(self, desk, run, tmp_path):
        facts = json.loads((desk / "context.json").read_text())
        (desk / "facts.json").write_text(json.dumps({**facts, "doc_version": 3, "log_key": "k"}))
        run(*seal_arguments(desk, out="third.stb", context="facts.json"), code=0)
        for label, words, holders in (("bidder", ("one",), ()), ("host", ("one", "two"), (1, 2))):
            asked = release(
                desk, out=tmp_path / label, label=label, words=words, holders=holders, bid="third"
            )
            run(*asked, code=0)
        opened = run(
            "open", desk / "third.stb", "--shares", tmp_path / "bidder", "--shares",
            tmp_path / "host", "--out", tmp_path / "out", code=0,
        )  # fmt: skip
        assert opened["form"]["doc_version"] == 3

    @pytest.mark.parametrize("odd", [{"doc_version": 0}, {"doc_version": "2"}, {"more": 1}])
    def test_is_not_sealed_by_facts_of_another_shape(self, desk, run, tmp_path, odd):
        facts = json.loads((desk / "context.json").read_text())
        (desk / "odd.json").write_text(json.dumps({**facts, **odd}))
        run(*seal_arguments(desk, out="odd.stb", context="odd.json"), code=2)
        assert not (desk / "odd.stb").exists()

    def test_stays_shut_with_one_share(self, desk, run, tmp_path):
        run(*release(desk, out=tmp_path / "b.json"), code=0)
        answer = run(
            "open", desk / "bid.stb", "--shares", tmp_path / "b.json", "--out", tmp_path / "o",
            code=1,
        )  # fmt: skip
        assert answer["error"]["code"] == "COMMITMENT"
        assert not (tmp_path / "o").exists()

    def test_stays_shut_with_one_holder(self, desk, run, tmp_path):
        for holders, words in (((1,), ("one",)), ((2, 2), ("two", "two"))):
            run(
                *release(desk, out=tmp_path / "h.json", label="host", words=words, holders=holders),
                code=2,
            )
        assert not (tmp_path / "h.json").exists()

    def test_stays_shut_with_a_wrong_passphrase(self, desk, run, tmp_path):
        answer = run(*release(desk, out=tmp_path / "b.json", words=("two",)), code=1)
        assert answer["error"]["code"] == "PASSPHRASE"

    def test_is_not_sealed_to_a_key_that_is_not_the_pinned_one(self, desk, run):
        context = json.loads((desk / "context.json").read_text())
        context["host"]["public"] = b64u(bytes(31) + b"\1")
        (desk / "other.json").write_text(json.dumps(context))
        answer = run(*seal_arguments(desk, out="no.stb", context="other.json"), code=1)
        assert answer["error"]["code"] == "WRONG_KEY"
        assert not (desk / "no.stb").exists()

    def test_is_never_overwritten(self, desk, run):
        before = (desk / "bid.stb").read_bytes()
        run(*seal_arguments(desk, out="bid.stb"), code=2)
        run("keygen", "--out", desk / "key.json", code=2)
        assert (desk / "bid.stb").read_bytes() == before

    def test_that_is_a_plain_file_is_bad_input(self, desk, run):
        answer = run("inspect", desk / "form.json", code=2)
        assert answer["error"]["code"] == "NOT_ENCRYPTED"
        assert run("inspect", desk / "nothing", code=2)["error"]["code"] == "INPUT"


class TestRecovery:
    @pytest.fixture
    def helped(self, desk, run, tmp_path):
        """Two helpers' keys, and the desk's context with them named in it."""
        keys = []
        for number in (1, 2):
            out = tmp_path / f"helper-{number}.json"
            run("keygen", "--out", out, "--passphrase-file", desk / "one.txt", code=0)
            keys.append(json.loads(out.read_text()))
        context = json.loads((desk / "context.json").read_text())
        named = [{"kid": one["kid"], "public": one["public"]} for one in keys]
        context["recovery"] = {"need": 2, "keys": named}
        (tmp_path / "context.json").write_text(json.dumps(context))
        return tmp_path

    def sealed(self, desk, helped, *more):
        arguments = seal_arguments(desk, out="unused.stb", context="../context.json")
        arguments[arguments.index("--context") + 1] = helped / "context.json"
        arguments[arguments.index("--out") + 1] = helped / "bid.stb"
        return [*arguments, *more]

    def released(self, desk, helped, number, *, out):
        key = helped / f"helper-{number}.json"
        return [
            "release", helped / "bid.stb", "--label", "recovery", "--key", key, "--out", out,
            "--passphrase-file", desk / "one.txt",
        ]  # fmt: skip

    def test_opens_a_bid_whose_key_is_lost(self, desk, helped, run):
        run(*self.sealed(desk, helped, "--recovery"), code=0)
        given = []
        for number in (1, 2):
            out = helped / f"pieces-{number}.json"
            run(*self.released(desk, helped, number, out=out), code=0)
            given += ["--shares", out]
        host = release(
            desk, out=helped / "h.json", label="host", words=("one", "two"), holders=(1, 2)
        )
        host[1] = helped / "bid.stb"
        run(*host, code=0)
        opening = ["open", helped / "bid.stb", "--shares", helped / "h.json"]
        few = run(*opening, *given[:2], "--out", helped / "out", code=1)
        assert few["error"]["code"] == "COMMITMENT"
        assert not (helped / "out").exists()
        opened = run(*opening, *given, "--out", helped / "out", code=0)
        assert opened["form"]["price_fen"] == 98000

    def test_is_the_bidders_own_wish(self, desk, helped, run):
        run(*self.sealed(desk, helped), code=0)
        assert run("inspect", helped / "bid.stb", code=0)["header"]["rec"] == []
        answer = run(*self.released(desk, helped, 1, out=helped / "p.json"), code=1)
        assert answer["error"]["code"] == "WRONG_KEY"

    def test_needs_holders_whom_the_notice_names(self, desk, helped, run):
        answer = run(
            *seal_arguments(desk, out="never.stb", context="context.json"), "--recovery", code=2
        )
        assert "offers no recovery" in answer["error"]["detail"]
        context = json.loads((helped / "context.json").read_text())
        context["recovery"]["keys"][0]["kid"] = context["recovery"]["keys"][1]["kid"]
        (helped / "context.json").write_text(json.dumps(context))
        answer = run(*self.sealed(desk, helped, "--recovery"), code=1)
        assert answer["error"]["code"] == "WRONG_KEY"
        assert not (helped / "bid.stb").exists()


class TestTheArguments:
    @pytest.mark.parametrize(
        "arguments",
        [(), ("witness",), ("seal",), ("keygen", "--out"), ("open", "a", "b"), ("release",)],
    )
    def test_that_make_no_sense_are_bad_input(self, run, arguments):
        assert run(*arguments, code=2)["error"]["code"] == "INPUT"

    def test_may_not_carry_a_passphrase(self, run, tmp_path):
        run("keygen", "--out", tmp_path / "k", "--passphrase", "secret words", code=2)

    def test_leave_the_passphrase_to_the_environment(self, run, tmp_path, monkeypatch):
        monkeypatch.setenv("GGZY_PASSPHRASE", "from the environment")
        run("keygen", "--out", tmp_path / "k.json", code=0)

    def test_need_a_place_to_write(self, run, tmp_path, monkeypatch):
        monkeypatch.setenv("GGZY_PASSPHRASE", "from the environment")
        monkeypatch.setattr("os.open", _no_space)
        answer = run("keygen", "--out", tmp_path / "k.json", code=3)
        assert answer["error"]["code"] == "SYSTEM"


def _no_space(*_arguments, **_options):
    raise OSError(28, "No space left on device")


def size_of(played):
    return played.opening.close.proof.size


@pytest.fixture(scope="module")
def files(tmp_path_factory, played):
    """A published opening, its log and its receipts, as an outsider takes them home."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "opening.json").write_bytes(played.opening.dumps())
    (folder / "checkpoint.txt").write_text(played.log.checkpoint(size=size_of(played)))
    (folder / "earlier.txt").write_text(played.log.checkpoint(size=4))
    (folder / "log-key.pub").write_text(played.log.key.dumps() + "\n")
    (folder / "entry.json").write_text(json.dumps(played.opening.close.body()))
    for name, token in played.receipts.items():
        (folder / f"{name}.jws").write_text(token + "\n")
    return folder


class TestEvidence:
    def opening(self, files, *receipts):
        wanted = ["verify-opening", files / "opening.json", "--checkpoint"]
        wanted += [files / "checkpoint.txt", "--log-key", files / "log-key.pub"]
        return [*wanted, *(part for name in receipts for part in ("--receipt", files / name))]

    def test_of_an_opening_is_proved(self, files, run):
        answer = run(*self.opening(files, "sun.jws", "chen.jws"), code=0)
        assert all(check["passed"] for check in answer["checks"])

    def test_of_a_bent_opening_is_refuted(self, files, run):
        body = json.loads((files / "opening.json").read_text())
        body["bids"][0]["opened"]["form"]["price_fen"] -= 1
        (files / "bent.json").write_text(json.dumps(body))
        arguments = self.opening(files)
        arguments[1] = files / "bent.json"
        answer = run(*arguments, code=1)
        assert {c["name"] for c in answer["checks"] if not c["passed"]} == {
            "bid b-1 form",
            "result",
        }

    def test_that_is_unreadable_is_bad_input(self, files, run):
        for junk in (b"", b"{}", b"not JSON", b"[1.5]"):
            (files / "junk.json").write_bytes(junk)
            arguments = self.opening(files)
            arguments[1] = files / "junk.json"
            run(*arguments, code=2)

    def test_of_a_receipt_is_proved_or_refuted(self, files, run, played):
        key = ("--log-key", files / "log-key.pub")
        assert run("verify-receipt", files / "li.jws", *key, code=0)["included"] is True
        assert run("verify-receipt", files / "sun.jws", *key, code=0)["included"] is False
        (files / "bid.stb").write_bytes(played.bids["sun"].data)
        sealed = ("--sealed", files / "bid.stb")
        assert run("verify-receipt", files / "sun.jws", *key, *sealed, code=0)["file_matches"]
        run("verify-receipt", files / "li.jws", *key, *sealed, code=1)
        run("verify-receipt", files / "opening.json", *key, code=1)

    def test_that_comes_later_keeps_a_promise(self, files, run, played):
        proof = played.log.proof(played.bids["sun"].leaf, size=size_of(played))
        (files / "proof.json").write_text(json.dumps(proof.body()))
        arguments = ["verify-receipt", files / "sun.jws", "--log-key", files / "log-key.pub"]
        arguments += ["--proof", files / "proof.json", "--checkpoint", files / "checkpoint.txt"]
        assert run(*arguments, code=0)["included"] is True
        arguments[1] = files / "zhou.jws"
        run(*arguments, code=1)

    def test_of_a_log_is_proved_or_refuted(self, files, run, played):
        size = size_of(played)
        tree = played.log.tree
        (files / "consistency.json").write_text(
            json.dumps(consistency_body(tree.nodes, old=4, new=size))
        )
        base = ["verify-log", files / "checkpoint.txt", "--log-key", files / "log-key.pub"]
        more = ["--earlier", files / "earlier.txt", "--consistency", files / "consistency.json"]
        answer = run(*base, *more, "--entry", files / "entry.json", code=0)
        assert answer["entries"] == ["tender.close"]
        (files / "leaves.txt").write_text(b64u(bytes(32)) + "\n")
        run(*base, "--leaves", files / "leaves.txt", code=1)
        run(*base, "--earlier", files / "earlier.txt", code=2)
        (files / "fork.txt").write_text(
            checkpoint.sign(
                checkpoint.Checkpoint(origin=scene.ORIGIN, size=size, root=bytes(32)),
                private=played.log.private,
            )
        )
        run(*base, "--earlier", files / "fork.txt", code=1)


class TestTheModule:
    def test_runs_without_django(self):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys, sealing.cli; sys.exit('django' in sys.modules)",
            ],
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == 0

    def test_answers_as_a_command(self):
        done = subprocess.run(
            [sys.executable, "-m", "sealing", "inspect", "/nonexistent"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2
        assert json.loads(done.stdout)["command"] == "inspect"


class TestTheInstalledCommand:
    """`pip install .` in a checkout, and `ggzy-bid` from anywhere afterwards."""

    @pytest.fixture(scope="class")
    @staticmethod
    def there(tmp_path_factory):
        pytest.importorskip("flit_core", reason="./dev test installs what builds packages")
        place = tmp_path_factory.mktemp("installed")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--prefix", str(place)]
        # The dependencies are here already; a stranger's pip fetches them and the build tool.
        alone = ["--no-deps", "--no-index", "--no-build-isolation"]
        subprocess.run([*pip, *alone, str(ROOT)], check=True)
        return place

    def test_proves_an_opening_without_the_checkout(self, there, files, tmp_path):
        words = ["verify-opening", "opening.json", "--checkpoint", "checkpoint.txt"]
        library = next(there.glob("lib/python*/site-packages"))
        ran = subprocess.run(
            [there / "bin" / "ggzy-bid", *words, "--log-key", "log-key.pub"],
            cwd=files,
            env={**os.environ, "PYTHONPATH": str(library)},
            check=False,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr
        assert json.loads(ran.stdout)["ok"] is True

    def test_brings_sealing_and_nothing_of_the_platform(self, there):
        library = next(there.glob("lib/python*/site-packages"))
        assert {entry.name.partition("-")[0] for entry in library.iterdir()} == {
            "ggzy_bid",
            "sealing",
        }

    def test_asks_for_the_packages_that_the_platform_has_tried(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        base = (ROOT / "requirements" / "base.in").read_text(encoding="utf-8").splitlines()
        assert project["dependencies"]
        assert set(project["dependencies"]) <= set(base)
