"""The simulated timestamp authority, judged by a verifier of other people's making."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import algos, core, tsp  # type: ignore[import-untyped] # has no stubs
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from tests.simulators.processes import Answer, Process, StoryClock

DATA = "checkpoint 42, 开标记录".encode()
QUERY = {"Content-Type": "application/timestamp-query"}


START = "2019-06-03T10:00:00.9+08:00"


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder = tmp_path_factory.mktemp("tsa")
    clock = StoryClock(folder, START)
    process = Process(
        "simulators.tsa",
        ["--state", str(folder / "state")],
        {"HENGPING_STORY_CLOCK": str(clock.path)},
    ).start()
    yield process
    assert process.stop() == 0


def ask(tsa: Process, query: bytes) -> Answer:
    return tsa.call("POST", "/", query, QUERY)


def root(tsa: Process) -> x509.Certificate:
    return x509.load_pem_x509_certificate(tsa.call("GET", "/root.pem").body)


class Reply(core.Sequence):  # type: ignore[misc] # as above
    """A reply without a token."""

    _fields = [("status", tsp.PKIStatusInfo)]


def refusal(tsa: Process, **changed: object) -> tuple[str, set[str]]:
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": changed.pop("algorithm", "sha256")}),
        "hashed_message": changed.pop("digest", hashlib.sha256(DATA).digest()),
    }
    query = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **changed}).dump()
    status = Reply.load(ask(tsa, query).body, strict=True)["status"]
    return status["status"].native, status["fail_info"].native


class TestAToken:
    @pytest.mark.parametrize("algorithm", [HashAlgorithm.SHA256, HashAlgorithm.SHA512])
    def test_proves_when_the_data_was_there(self, tsa: Process, algorithm: HashAlgorithm) -> None:
        request = TimestampRequestBuilder().data(DATA).hash_algorithm(algorithm).build()
        response = decode_timestamp_response(ask(tsa, request.as_bytes()).body)
        verifier = VerifierBuilder.from_request(request).add_root_certificate(root(tsa)).build()
        assert verifier.verify_message(response, DATA)
        assert response.tst_info.gen_time == datetime(2019, 6, 3, 2, 0, 0, tzinfo=UTC)
        assert response.tst_info.nonce == request.nonce

    def test_does_not_prove_other_data(self, tsa: Process) -> None:
        request = TimestampRequestBuilder().data(DATA).build()
        response = decode_timestamp_response(ask(tsa, request.as_bytes()).body)
        verifier = VerifierBuilder.from_request(request).add_root_certificate(root(tsa)).build()
        with pytest.raises(VerificationError):
            verifier.verify_message(response, DATA + b".")

    def test_is_worth_nothing_under_another_root(self, tsa: Process, tmp_path: Path) -> None:
        other = Process("simulators.tsa", ["--state", str(tmp_path / "other")]).start()
        request = TimestampRequestBuilder().data(DATA).build()
        response = decode_timestamp_response(ask(tsa, request.as_bytes()).body)
        stranger = root(other)
        other.stop()
        verifier = VerifierBuilder.from_request(request).add_root_certificate(stranger).build()
        with pytest.raises(VerificationError):
            verifier.verify_message(response, DATA)

    def test_is_broken_by_any_change_of_its_time(self, tsa: Process) -> None:
        request = TimestampRequestBuilder().data(DATA).build()
        body = ask(tsa, request.as_bytes()).body
        assert b"20190603020000Z" in body
        forged = decode_timestamp_response(body.replace(b"20190603020000Z", b"20190602020000Z"))
        verifier = VerifierBuilder.from_request(request).add_root_certificate(root(tsa)).build()
        with pytest.raises(VerificationError):
            verifier.verify_message(forged, DATA)

    def test_carries_certificates_only_when_asked(self, tsa: Process) -> None:
        with_them = TimestampRequestBuilder().data(DATA).cert_request(cert_request=True).build()
        without = TimestampRequestBuilder().data(DATA).cert_request(cert_request=False).build()
        sizes = [len(ask(tsa, r.as_bytes()).body) for r in (with_them, without)]
        assert sizes[0] - sizes[1] > 800

    def test_has_a_serial_of_its_own_kept_through_a_kill(self, tsa: Process) -> None:
        request = TimestampRequestBuilder().data(DATA).nonce(nonce=False).build()
        serials = set()
        for _ in range(3):
            response = decode_timestamp_response(ask(tsa, request.as_bytes()).body)
            serials.add(response.tst_info.serial_number)
            certificate = root(tsa)
            tsa.kill()
            tsa.start()
            assert root(tsa) == certificate
        assert len(serials) == 3

    @pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
    def test_is_accepted_by_openssl(self, tsa: Process, tmp_path: Path) -> None:
        data, reply, trust = (tmp_path / name for name in ("data", "reply.tsr", "root.pem"))
        data.write_bytes(DATA)
        trust.write_bytes(tsa.call("GET", "/root.pem").body)
        query = subprocess.run(
            ["openssl", "ts", "-query", "-data", data, "-sha256", "-cert"],
            capture_output=True,
            check=True,
        ).stdout
        reply.write_bytes(ask(tsa, query).body)
        verify: list[str | Path] = [
            "openssl",
            "ts",
            "-verify",
            "-in",
            reply,
            "-CAfile",
            trust,
            "-data",
            data,
        ]
        assert b"Verification: OK" in subprocess.run(verify, capture_output=True, check=True).stdout
        data.write_bytes(DATA + b".")
        assert subprocess.run(verify, capture_output=True, check=False).returncode == 1


class TestARefusal:
    def test_names_the_weak_algorithm(self, tsa: Process) -> None:
        digest = hashlib.new("sha1", DATA).digest()
        assert refusal(tsa, algorithm="sha1", digest=digest) == ("rejection", {"bad_alg"})

    def test_names_a_digest_of_the_wrong_length(self, tsa: Process) -> None:
        assert refusal(tsa, digest=b"short") == ("rejection", {"bad_data_format"})

    def test_names_a_policy_it_does_not_keep(self, tsa: Process) -> None:
        assert refusal(tsa, req_policy="1.2.3") == ("rejection", {"unaccepted_policy"})

    @pytest.mark.parametrize("query", [b"", b"hello", b"\x30\x80", b"\x30\x03\x02\x01\x01"])
    def test_answers_what_is_no_query(self, tsa: Process, query: bytes) -> None:
        status = Reply.load(ask(tsa, query).body, strict=True)["status"]
        assert status["status"].native == "rejection"

    def test_wants_the_right_content_type(self, tsa: Process) -> None:
        assert tsa.call("POST", "/", b"", {"Content-Type": "text/plain"}).status == 415
