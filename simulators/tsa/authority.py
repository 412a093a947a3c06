"""Timestamp tokens by RFC 3161, in Python alone: a fresh machine need not have openssl."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import algos, cms, core, tsp  # type: ignore[import-untyped] # has no stubs
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulators.kit.pki import (
    FIRST_DAY,
    LAST_DAY,
    Root,
    key_at,
    leaf_builder,
    name,
    root_at,
    usage,
)
from simulators.kit.store import Store, write_once

SCHEMA = """
CREATE TABLE IF NOT EXISTS tokens (
    serial TEXT PRIMARY KEY, algorithm TEXT NOT NULL, imprint TEXT NOT NULL, gen_time TEXT NOT NULL
) STRICT;
"""
POLICY = "2.999.3161.1"  # 2.999 is the arc for examples: nobody can take it for a real policy
DIGEST_BYTES = {"sha256": 32, "sha512": 64}


class _RefusedError(Exception):
    """The failure bit of RFC 3161, 2.4.2."""


class _Refusal(core.Sequence):  # type: ignore[misc] # the library has no types
    """A TimeStampResp without a token, which the library's own class cannot write."""

    _fields = [("status", tsp.PKIStatusInfo)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The signing key, its certificate, and the record of every token."""

    root: Root
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    store: Store
    clock: Callable[[], datetime]

    def answer(self, query: bytes) -> bytes:
        """Answer a TimeStampReq with a TimeStampResp, a refusal included."""
        try:
            request = _read(query)
            token = self._token(request)
        except _RefusedError as error:
            status = {"status": "rejection", "fail_info": {str(error)}}
            return bytes(_Refusal({"status": status}).dump())
        return bytes(
            tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
        )

    def _token(self, request: tsp.TimeStampReq) -> cms.ContentInfo:
        moment = self.clock().replace(microsecond=0)
        serial = secrets.randbits(127)
        imprint = request["message_imprint"]
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT INTO tokens VALUES (?, ?, ?, ?)",
                (
                    f"{serial:x}",
                    imprint["hash_algorithm"]["algorithm"].native,
                    imprint["hashed_message"].native.hex(),
                    moment.isoformat(),
                ),
            )
        facts = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": imprint,
            "serial_number": serial,
            "gen_time": moment,
            "accuracy": {"seconds": 1},
        }
        if request["nonce"].native is not None:
            facts["nonce"] = request["nonce"]
        info = tsp.TSTInfo(facts)
        return self._signed(info, with_certificates=bool(request["cert_req"].native))

    def _signed(self, info: tsp.TSTInfo, *, with_certificates: bool) -> cms.ContentInfo:
        content = info.dump()
        signer = asn1_x509.Certificate.load(_der(self.certificate))
        attributes = self._attributes(content)
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        signer_info = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                            {"issuer": signer.issuer, "serial_number": signer.serial_number}
                        )
                    }
                ),
                "digest_algorithm": sha256,
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                # RFC 5652, 5.4: what is signed is the SET OF, whatever tag it carries inside.
                "signature": self.key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        certificates = [_der(self.certificate), _der(self.root.certificate)]
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [sha256],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(content),
                },
                "signer_infos": [signer_info],
                **(
                    {
                        "certificates": [
                            cms.CertificateChoices("certificate", asn1_x509.Certificate.load(der))
                            for der in certificates
                        ]
                    }
                    if with_certificates
                    else {}
                ),
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": signed})

    def _attributes(self, content: bytes) -> cms.CMSAttributes:
        # RFC 5816: the certificate is named by its SHA-256, so no other can be put in its place.
        binding = tsp.SigningCertificateV2(
            {"certs": [{"cert_hash": hashlib.sha256(_der(self.certificate)).digest()}]}
        )
        values: tuple[tuple[str, object], ...] = (
            ("content_type", "tst_info"),
            ("message_digest", hashlib.sha256(content).digest()),
            ("signing_certificate_v2", binding),
        )
        return cms.CMSAttributes(
            [cms.CMSAttribute({"type": kind, "values": (value,)}) for kind, value in values]
        )


def open_authority(folder: Path, *, store: Store, clock: Callable[[], datetime]) -> Authority:
    """Return the authority kept in `folder`, made on first use."""
    root = root_at(folder, common_name="DEMO Timestamp Root 衡平演示时间戳根证书")
    key = key_at(folder / "signer.key")
    subject = name(
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, "DEMO simulator"),
        (NameOID.COMMON_NAME, "DEMO Timestamp 衡平演示时间戳"),
    )
    certificate = (
        leaf_builder(
            root,
            subject=subject,
            key=key.public_key(),
            not_before=FIRST_DAY,
            not_after=LAST_DAY,
        )
        .add_extension(usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root.key, hashes.SHA256())
    )
    kept = write_once(folder / "signer.pem", certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(
        root=root,
        key=key,
        certificate=x509.load_pem_x509_certificate(kept),
        store=store,
        clock=clock,
    )


def _read(query: bytes) -> tsp.TimeStampReq:
    try:
        request = tsp.TimeStampReq.load(query, strict=True)
        version = request["version"].native
        algorithm = request["message_imprint"]["hash_algorithm"]["algorithm"].native
        digest = request["message_imprint"]["hashed_message"].native
        policy = request["req_policy"].native
        extensions = request["extensions"].native
        _ = request["nonce"].native, request["cert_req"].native
    except (ValueError, TypeError, KeyError):
        raise _RefusedError("bad_data_format") from None
    if version != "v1":
        raise _RefusedError("bad_request")
    if algorithm not in DIGEST_BYTES:
        raise _RefusedError("bad_alg")
    if len(digest) != DIGEST_BYTES[algorithm]:
        raise _RefusedError("bad_data_format")
    if policy not in (None, POLICY):
        raise _RefusedError("unaccepted_policy")
    if extensions:
        raise _RefusedError("unaccepted_extensions")
    return request


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
