"""A timestamp authority on loopback: `openssl ts` behind a socket, with a root of its own."""

from __future__ import annotations

import subprocess
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.audit.probes import NOON

CONFIG = """
[tsa]
default_tsa = t
[t]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


def _certificate(name, key, *, issuer, issuer_key, extensions):
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOON - timedelta(days=3650))
        .not_valid_after(NOON + timedelta(days=3650))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _write(folder, name, thing):
    pem = serialization.Encoding.PEM
    if isinstance(thing, x509.Certificate):
        (folder / name).write_bytes(thing.public_bytes(pem))
        return
    (folder / name).write_bytes(
        thing.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def found(folder):
    """Make the authority's keys and papers in a folder."""
    folder.mkdir()
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.BasicConstraints(ca=True, path_length=None)
    root = _certificate(
        "root", root_key, issuer="root", issuer_key=root_key, extensions=[authority]
    )
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    signs = x509.KeyUsage(**dict.fromkeys(_USAGES, False) | {"digital_signature": True})
    tsa = _certificate("tsa", key, issuer="root", issuer_key=root_key, extensions=[usage, signs])
    for name, thing in {"root.pem": root, "tsa.pem": tsa, "tsa.key": key}.items():
        _write(folder, name, thing)
    (folder / "serial").write_text("01\n")
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@contextmanager
def running(folder):
    """Serve the authority of this folder; yield its address and the queries it saw."""
    seen = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            query = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(query)
            asked, given = folder / "query", folder / "reply"
            asked.write_bytes(query)
            subprocess.run(
                ["openssl", "ts", "-reply", "-queryfile", asked, "-out", given, "-config",
                 folder / "openssl.cnf"],
                check=True,
                capture_output=True,
            )  # fmt: skip
            self.send_response(200)
            self.end_headers()
            self.wfile.write(given.read_bytes())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
