"""The three suites: each seals and opens, and nothing of one serves in another."""

from __future__ import annotations

import itertools
import json
import secrets
import subprocess
from dataclasses import replace
from io import BytesIO

import pytest

from sealing import canonical, entries, header, keys, shares, splitting, suites
from sealing.cli import main
from sealing.encoding import b64u
from sealing.envelope import Recipients
from sealing.errors import Code, SealingError
from sealing.header import Expected
from sealing.opening import verify_opening
from sealing.package import PackedFile
from sealing.splitting import Holding
from sealing.suites import GM_NOTICE, SuiteId, of, openssl
from tests.sealing import scene
from tests.sealing.sealed import CONTEXT, refused, seal, unseal

WORDS = ("passphrase one", "passphrase two", "passphrase three")
PAIRS = list(itertools.permutations(SuiteId, 2))


@pytest.fixture(scope="module")
def hosts():
    return {suite: keys.generate(suite=of(suite)) for suite in SuiteId}


@pytest.fixture(scope="module")
def bids(hosts):
    """One sealed bid of each suite, with its bidder's key."""
    return {suite: seal(host=host) for suite, host in hosts.items()}


class TestASuite:
    def test_is_known_by_its_id_alone(self):
        assert [of(name).id for name in ("1", "2", "GM-1")] == list(SuiteId)

    @pytest.mark.parametrize("name", ["", "3", "gm-1", "X25519", 1, None, True, ["1"], {"1": 1}])
    def test_that_is_unknown_is_refused(self, name):
        with refused(Code.UNKNOWN_SUITE):
            of(name)

    @pytest.mark.parametrize("suite", list(SuiteId))
    def test_gives_back_what_was_sealed(self, hosts, suite, tmp_path):
        files = [PackedFile(name="技术标.pdf", part="technical", content=secrets.token_bytes(9999))]
        key, made, sink = seal(host=hosts[suite], files=files)
        assert made.header.suite.id is suite
        assert canonical.loads(made.header.json)["suite"] == suite.value
        form, opened = unseal(key, hosts[suite], made, sink, tmp_path / "bid")
        assert form == scene.form(100)
        assert (tmp_path / "bid" / opened[0].name).read_bytes() == files[0].content

    @pytest.mark.parametrize("suite", list(SuiteId))
    def test_never_makes_the_same_box_twice(self, hosts, suite):
        suite, share, ctxh = of(suite), bytes(32), bytes(32)
        public = hosts[suite.id].public
        one, two = (suite.box(share, public=public, label="host", ctxh=ctxh) for _ in range(2))
        assert one != two
        for boxed in (one, two):
            assert suite.kem.is_box(boxed)
            assert hosts[suite.id].unbox(boxed, label="host", ctxh=ctxh) == share

    @pytest.mark.parametrize("suite", list(SuiteId))
    @pytest.mark.parametrize("other", [("bidder", bytes(32)), ("host", bytes(31) + b"\1")])
    def test_binds_a_box_to_label_and_context(self, hosts, suite, other):
        boxed = of(suite).box(bytes(32), public=hosts[suite].public, label="host", ctxh=bytes(32))
        label, ctxh = other
        with refused(Code.WRONG_KEY):
            hosts[suite].unbox(boxed, label=label, ctxh=ctxh)

    @pytest.mark.parametrize("suite", list(SuiteId))
    def test_opens_a_box_with_its_own_key_only(self, hosts, suite):
        boxed = of(suite).box(bytes(32), public=hosts[suite].public, label="host", ctxh=bytes(32))
        with refused(Code.WRONG_KEY):
            keys.generate(suite=of(suite)).unbox(boxed, label="host", ctxh=bytes(32))

    @pytest.mark.parametrize("suite", list(SuiteId))
    @pytest.mark.parametrize("spoil", ["zero", "half", "short", "long"])
    def test_refuses_a_public_key_that_everybody_can_open_or_nobody(self, hosts, suite, spoil):
        good = hosts[suite].public
        bad = {
            "zero": bytes(len(good)),
            "half": good[:-32] + bytes(32),
            "short": good[:-1],
            "long": good + b"\0",
        }[spoil]
        with refused(Code.MALFORMED):
            of(suite).box(bytes(32), public=bad, label="host", ctxh=bytes(32))


class TestBetweenTwoSuites:
    @pytest.mark.parametrize(("mine", "theirs"), PAIRS)
    def test_no_key_opens_the_others_box(self, bids, mine, theirs):
        key, _, _ = bids[mine]
        _, made, _ = bids[theirs]
        with refused(Code.WRONG_KEY):
            shares.release(made.header, label="bidder", key=key)
        # Not even where the header was made to name the key.
        named = replace(made.header.shares[0], kid=key.kid)
        forged = replace(made.header, shares=(named, made.header.shares[1]))
        with refused(Code.WRONG_KEY):
            shares.release(forged, label="bidder", key=key)

    @pytest.mark.parametrize(("mine", "theirs"), PAIRS)
    def test_no_secret_opens_the_others_box(self, bids, mine, theirs):
        key, made, _ = bids[theirs]
        with refused(Code.WRONG_KEY):
            of(mine).unbox(
                made.header.shares[0].box,
                secret=key.secret,
                label="bidder",
                ctxh=made.header.context.digest,
            )

    @pytest.mark.parametrize(("mine", "theirs"), PAIRS)
    def test_no_derivation_has_the_same_value(self, mine, theirs):
        one, two = of(mine), of(theirs)
        given = {"label": "host", "ctxh": bytes(32)}
        assert one.kid(bytes(32)) != two.kid(bytes(32))
        assert one.commit(bytes(32), **given) != two.commit(bytes(32), **given)
        assert one.box_info(bytes(16), **given) != two.box_info(bytes(16), **given)
        shared = {"bidder": bytes(32), "host": bytes(32), "ctxh": bytes(32), "parts": 2}
        first, second = one.content_keys(**shared), two.content_keys(**shared)
        assert first.commitment != second.commitment
        assert not set(first.parts) & set(second.parts)

    @pytest.mark.parametrize(("mine", "theirs"), PAIRS)
    def test_a_bid_of_one_is_not_received_for_the_other(self, bids, mine, theirs):
        _, made, _ = bids[mine]
        header.check(made.header, Expected(suite=mine))
        with refused(Code.UNKNOWN_SUITE):
            header.check(made.header, Expected(suite=theirs))

    def test_the_first_is_meant_where_nothing_is_said(self, bids):
        header.check(bids[SuiteId.X25519][1].header, Expected())
        for suite in suites.OTHERS:
            with refused(Code.UNKNOWN_SUITE):
                header.check(bids[suite][1].header, Expected())

    @pytest.mark.parametrize(("mine", "theirs"), PAIRS)
    def test_a_bid_is_not_sealed_to_keys_of_both(self, hosts, mine, theirs):
        with refused(Code.MALFORMED):
            of(mine).box(bytes(32), public=hosts[theirs].public, label="host", ctxh=bytes(32))

    def test_holders_do_not_combine(self):
        known = {"kid": "kid", "public": b"", "commitments": ()}
        one, other = (
            Holding(holder=number, suite=of(suite), pieces={}, **known)
            for number, suite in ((1, SuiteId.X25519), (2, SuiteId.XWING))
        )
        with refused(Code.KEY_FILE):
            splitting.combine(one, other)


@pytest.fixture(scope="module")
def key():
    return keys.generate(suite=of(SuiteId.XWING))


@pytest.fixture(scope="module")
def data(key):
    return keys.wrap(key, passphrase=WORDS[0], label="T-1")


class TestAFileOfALaterSuite:
    def test_names_its_suite_and_opens(self, key, data):
        assert json.loads(data)["suite"] == "2"
        assert keys.unwrap(data, passphrase=WORDS[0]) == key
        assert keys.read_public(data).suite is of(SuiteId.XWING)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"suite": "3"}, Code.UNKNOWN_SUITE),
            ({"suite": "1"}, Code.KEY_FILE),
            ({"suite": "GM-1"}, Code.KEY_FILE),
            ({"label": "T-2"}, Code.PASSPHRASE),
        ],
    )
    def test_is_bound_to_all_it_says(self, data, change, code):
        with refused(code):
            keys.unwrap(canonical.dumps({**json.loads(data), **change}), passphrase=WORDS[0])

    def test_does_not_pass_for_one_of_suite_1(self, data):
        body = json.loads(data)
        del body["suite"]
        with refused(Code.KEY_FILE):
            keys.unwrap(canonical.dumps(body), passphrase=WORDS[0])

    def test_of_suite_1_names_none(self):
        body = json.loads(keys.wrap(keys.generate(), passphrase=WORDS[0]))
        assert "suite" not in body
        with refused(Code.KEY_FILE):
            keys.read_public(canonical.dumps({**body, "suite": "1"}))


class TestAnOpeningOfALaterSuite:
    @pytest.mark.parametrize("suite", suites.OTHERS)
    def test_is_proved_like_any_other(self, suite):
        played = scene.play(random=secrets.token_bytes, suite=of(suite))
        assert self.verdict(played) == []

    def test_is_refuted_when_the_key_was_published_for_another(self):
        def bend(entry):
            if isinstance(entry, entries.KeyPublished):
                other = of(SuiteId.GM1)
                return replace(entry, suite=other.id.value)
            return entry

        played = scene.play(random=secrets.token_bytes, suite=of(SuiteId.XWING), bend=bend)
        assert self.verdict(played) == ["key"]

    def test_entry_of_suite_1_names_none(self, played):
        body = played.opening.key.entry
        assert "suite" not in body
        assert entries.parse(body).suite == "1"
        with refused(Code.ENTRY):
            entries.parse({**body, "suite": "1"})

    @staticmethod
    def verdict(played):
        report = verify_opening(
            played.opening.dumps(),
            checkpoint=played.checkpoint,
            log_key=played.log.key,
            receipts=list(played.receipts.values()),
        )
        return [check.name for check in report.checks if not check.passed]


class TestGm1:
    def test_is_labelled_a_demonstration_wherever_it_is_used(self, tmp_path, capsys):
        words = tmp_path / "words.txt"
        words.write_text(WORDS[0])
        made = {}
        for suite in (SuiteId.XWING, SuiteId.GM1):
            out = tmp_path / f"{suite}.json"
            asked = ["keygen", "--suite", suite, "--out", str(out), "--passphrase-file", str(words)]
            assert main(asked) == 0
            made[suite] = json.loads(capsys.readouterr().out)
        assert made[SuiteId.GM1]["notice"] == GM_NOTICE
        assert "notice" not in made[SuiteId.XWING]

    def test_says_so_when_a_machine_has_no_openssl(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(openssl.shutil, "which", lambda _: None)
        words = tmp_path / "words.txt"
        words.write_text(WORDS[0])
        out = tmp_path / "key.json"
        asked = ["keygen", "--suite", "GM-1", "--out", str(out), "--passphrase-file", str(words)]
        assert main(asked) == 3
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "SYSTEM"
        assert not out.exists()

    def test_blames_the_machine_and_not_the_bid_when_openssl_is_broken(self, bids, monkeypatch):
        """A wrong key would be the bidder's own cause; a broken program must not become one."""
        key, made, _ = bids[SuiteId.GM1]
        monkeypatch.setattr(openssl.shutil, "which", lambda _: "/bin/false")
        with pytest.raises(openssl.NoOpenssl):
            shares.release(made.header, label="bidder", key=key)

    def test_shows_no_secret_to_who_lists_processes(self, hosts, monkeypatch):
        seen = []
        real = subprocess.run

        def spy(words, **given):
            seen.append(words)
            return real(words, **given)

        monkeypatch.setattr(openssl.subprocess, "run", spy)
        key, share = hosts[SuiteId.GM1], secrets.token_bytes(32)
        boxed = of(SuiteId.GM1).box(share, public=key.public, label="host", ctxh=bytes(32))
        assert key.unbox(boxed, label="host", ctxh=bytes(32)) == share
        said = " ".join(word for words in seen for word in words)
        assert len(seen) == 3
        for secret in (key.secret, share):
            assert secret.hex() not in said
            assert b64u(secret) not in said

    @pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32])
    def test_takes_no_secret_outside_the_curve(self, secret):
        with refused(Code.KEY_FILE):
            keys.OpeningKey.from_raw(secret, suite=of(SuiteId.GM1))


class TestTheCommandLine:
    def test_goes_from_key_to_opening(self, tmp_path, capsys):
        suite = SuiteId.XWING.value
        words = [tmp_path / f"{number}.txt" for number in range(3)]
        for path, word in zip(words, WORDS, strict=True):
            path.write_text(word)
        split = [part for path in words for part in ("--passphrase-file", path)]
        run = self.runner(capsys)
        run("keygen", "--suite", suite, "--out", tmp_path / "key.json", *split[:2])
        host = run("split-host", "--suite", suite, "--out", tmp_path / "host", *split)
        context = {
            "ctx": CONTEXT.body(),
            "host": {"kid": host["kid"], "public": host["public"], "suite": suite},
        }
        (tmp_path / "context.json").write_text(json.dumps(context))
        form = {"price_fen": 98000, "duration_days": 30, "quality": "合格", "manager": "王建国"}
        (tmp_path / "form.json").write_text(json.dumps(form))
        named = {"context": "context.json", "key": "key.json", "form": "form.json"}
        files = [part for name, file in named.items() for part in (f"--{name}", tmp_path / file)]
        made = run("seal", *files, "--out", tmp_path / "bid.stb")
        assert made["suite"] == suite
        assert run("inspect", tmp_path / "bid.stb")["suite"] == suite
        run(
            "release", tmp_path / "bid.stb", "--key", tmp_path / "key.json", *split[:2],
            "--out", tmp_path / "bidder.json",
        )  # fmt: skip
        run(
            "release", tmp_path / "bid.stb", "--label", "host",
            "--holder", tmp_path / "host/holder-1.json",
            "--holder", tmp_path / "host/holder-3.json", *split[:2], *split[4:],
            "--out", tmp_path / "host.json",
        )  # fmt: skip
        opened = run(
            "open", tmp_path / "bid.stb", "--shares", tmp_path / "bidder.json",
            "--shares", tmp_path / "host.json", "--out", tmp_path / "out",
        )  # fmt: skip
        assert opened["form"]["price_fen"] == 98000

    def test_does_not_seal_with_a_key_of_another_suite(self, tmp_path, capsys):
        host = keys.generate()
        key = keys.generate(suite=of(SuiteId.XWING))
        (tmp_path / "key.json").write_bytes(keys.wrap(key, passphrase=WORDS[0]))
        context = {
            "ctx": CONTEXT.body(),
            "host": {"kid": host.kid, "public": b64u(host.public)},
        }
        (tmp_path / "context.json").write_text(json.dumps(context))
        (tmp_path / "form.json").write_text("{}")
        answer = self.runner(capsys, code=1)(
            "seal", "--context", tmp_path / "context.json", "--key", tmp_path / "key.json",
            "--form", tmp_path / "form.json", "--out", tmp_path / "bid.stb",
        )  # fmt: skip
        assert answer["error"]["code"] == "WRONG_KEY"
        assert not (tmp_path / "bid.stb").exists()

    @staticmethod
    def runner(capsys, *, code=0):
        def run(*words):
            got = main([str(word) for word in words])
            answer = json.loads(capsys.readouterr().out)
            assert got == code, answer
            return answer

        return run


class TestRecipients:
    def test_default_to_the_first_suite(self):
        assert Recipients(bidder=b"", host=b"").suite is of(SuiteId.X25519)

    def test_of_another_length_are_refused_before_a_byte_is_written(self, hosts):
        sink = BytesIO()
        host = replace(hosts[SuiteId.XWING], suite=of(SuiteId.X25519))
        with pytest.raises(SealingError):
            seal(host=host)
        assert sink.getvalue() == b""
