"""Issue and revoke demo certificates: a key and its certificate under one passphrase."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from simulators.kit.clock import beijing
from simulators.kit.pki import FIRST_DAY, LAST_DAY, Root, key_at, leaf_builder, name, usage
from simulators.kit.routes import RefusedError
from simulators.kit.store import Store, write_once

SCHEMA = """
CREATE TABLE IF NOT EXISTS issued (
    serial TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, not_before TEXT NOT NULL,
    not_after TEXT NOT NULL, certificate BLOB NOT NULL, revoked_at TEXT, reason TEXT
) STRICT;
"""
SEAL_HOLDER = "公共资源交易平台（演示）"
LIFETIME = timedelta(days=365)
CRL_LIFETIME = timedelta(days=7)
# High enough to slow a thief of the file, low enough for a browser to open it in a moment.
KDF_ROUNDS = 200_000
REASONS: Mapping[str, x509.ReasonFlags] = {
    "unspecified": x509.ReasonFlags.unspecified,
    "keyCompromise": x509.ReasonFlags.key_compromise,
    "cessationOfOperation": x509.ReasonFlags.cessation_of_operation,
    "superseded": x509.ReasonFlags.superseded,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A fresh certificate and, this once, the key to it."""

    serial: str
    not_after: datetime
    bundle: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The register of what was issued, and the root that signs."""

    root: Root
    store: Store
    clock: Callable[[], datetime]

    def issue(self, subject: Mapping[str, str], *, kind: str, passphrase: str) -> Issued:
        """Make a key, certify it, write the certificate down, and hand out both."""
        key = ec.generate_private_key(ec.SECP256R1())
        begins = self.clock().replace(microsecond=0)
        certificate = (
            leaf_builder(
                self.root,
                subject=_name(subject, kind=kind),
                key=key.public_key(),
                not_before=begins,
                not_after=begins + LIFETIME,
            )
            .add_extension(usage(digital_signature=True, content_commitment=True), critical=True)
            .sign(self.root.key, hashes.SHA256())
        )
        serial = f"{certificate.serial_number:x}"
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT INTO issued VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
                (
                    serial,
                    kind,
                    json.dumps(dict(subject), ensure_ascii=False),
                    beijing(begins),
                    beijing(begins + LIFETIME),
                    certificate.public_bytes(serialization.Encoding.DER),
                ),
            )
        bundle = pkcs12.serialize_key_and_certificates(
            subject["cn"].encode(),
            key,
            certificate,
            [self.root.certificate],
            serialization.PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(KDF_ROUNDS)
            .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
            .hmac_hash(hashes.SHA256())
            .build(passphrase.encode()),
        )
        return Issued(serial=serial, not_after=begins + LIFETIME, bundle=bundle)

    def revoke(self, serial: str, *, reason: str) -> dict[str, str]:
        """Revoke a certificate once; its first hour stands."""
        with self.store.transaction() as connection:
            connection.execute(
                "UPDATE issued SET revoked_at = ?, reason = ?"
                " WHERE serial = ? AND revoked_at IS NULL",
                (beijing(self.clock()), reason, serial),
            )
            row = connection.execute("SELECT * FROM issued WHERE serial = ?", (serial,)).fetchone()
        if row is None:
            raise RefusedError(404, "UNKNOWN_SERIAL", "没有此证书")
        return {"serial": serial, "revoked_at": row["revoked_at"]}

    def crl(self) -> bytes:
        """Sign the list of what is revoked."""
        now = self.clock().replace(microsecond=0)
        with self.store.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM issued WHERE revoked_at IS NOT NULL ORDER BY revoked_at, serial"
            ).fetchall()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(now)
            .next_update(now + CRL_LIFETIME)
            # Nothing is ever taken off the list, so its length is a number that only rises.
            .add_extension(x509.CRLNumber(len(rows) + 1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.key.public_key()),
                critical=False,
            )
        )
        for row in rows:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(int(row["serial"], 16))
                .revocation_date(datetime.fromisoformat(row["revoked_at"]).astimezone(UTC))
            )
            if row["reason"] != "unspecified":  # RFC 5280, 5.3.1: then the extension is left out
                reason = x509.CRLReason(REASONS[row["reason"]])
                entry = entry.add_extension(reason, critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        signed = builder.sign(self.root.key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def register(self) -> list[dict[str, Any]]:
        """Return what was issued, without keys: there are none here."""
        with self.store.transaction() as connection:
            rows = connection.execute("SELECT * FROM issued ORDER BY rowid").fetchall()
        return [
            {
                "serial": row["serial"],
                "kind": row["kind"],
                "subject": json.loads(row["subject"]),
                "not_before": row["not_before"],
                "not_after": row["not_after"],
                "revoked_at": row["revoked_at"],
            }
            for row in rows
        ]


def seal_at(folder: Path, *, root: Root) -> x509.Certificate:
    """Return the certificate of the platform's seal; key and certificate are made on first use.

    A city's authority would be given a request by the centre; the demo's leaves both in its folder.
    """
    key = key_at(folder / "seal.key")
    subject = {"cn": SEAL_HOLDER, "organisation": SEAL_HOLDER}
    certificate = (
        leaf_builder(
            root,
            subject=_name(subject, kind="seal"),
            key=key.public_key(),
            not_before=FIRST_DAY,
            not_after=LAST_DAY,
        )
        .add_extension(usage(digital_signature=True, content_commitment=True), critical=True)
        .sign(root.key, hashes.SHA256())
    )
    kept = write_once(folder / "seal.pem", certificate.public_bytes(serialization.Encoding.PEM))
    return x509.load_pem_x509_certificate(kept)


def _name(subject: Mapping[str, str], *, kind: str) -> x509.Name:
    return name(
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, subject["organisation"]),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, f"DEMO {kind}"),
        (NameOID.ORGANIZATION_IDENTIFIER, subject.get("credit_code", "")),
        (NameOID.USER_ID, subject.get("person_id", "")),
        (NameOID.COMMON_NAME, subject["cn"]),
    )
