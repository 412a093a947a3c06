"""A platform's seal, the authorities behind it, and ways to spoil what it sealed."""

from __future__ import annotations

import io
import threading
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader, PdfWriter

from core import pdf
from core.pades.signing import SealKey, seal
from simulators.ca.authority import seal_at
from simulators.kit import pki
from simulators.kit.pki import Root, root_at
from simulators.kit.store import Store
from simulators.tsa.authority import SCHEMA, Authority, open_authority

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LINES = (
    "公共资源交易平台（演示） 电子签章",
    "2026-11-23 12:00:00（北京时间） 演示证书，无法律效力",
)


@dataclass
class Office:
    """A folder with a root, the seal it certified, and a timestamp authority."""

    folder: Path
    root: Root
    by: SealKey
    tsa: Authority

    def seal(self, content, *, at=NOON, by=None, ask=None):
        return seal(
            content,
            by=by or self.by,
            lines=LINES,
            reason="平台签发",
            at=at,
            ask=ask or self.tsa.answer,
        )

    def install(self, settings):
        """Make this the seal and the authorities of the installation."""
        settings.CA_ROOT_FILE = str(self.root.path)
        settings.SEAL_KEY_FILE = str(self.folder / "ca" / "seal.key")
        settings.SEAL_CERTIFICATES_FILE = str(self.folder / "ca" / "seal.pem")
        settings.TSA_ROOT_FILE = str(self.tsa.root.path)


def office(folder, *, clock=lambda: NOON):
    root = root_at(folder / "ca", common_name="DEMO Root")
    certificate = seal_at(folder / "ca", root=root)
    key = serialization.load_pem_private_key(
        (folder / "ca" / "seal.key").read_bytes(), password=None
    )
    store = Store(folder / "tsa", name="tsa", schema=SCHEMA)
    return Office(
        folder=folder,
        root=root,
        by=SealKey(key=key, certificate=certificate),
        tsa=open_authority(folder / "tsa", store=store, clock=clock),
    )


def holder(root, *, not_before, not_after, name="某单位"):
    """Another key under a root, valid for a time."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        pki.leaf_builder(
            root,
            subject=pki.name((x509.NameOID.COMMON_NAME, name)),
            key=key.public_key(),
            not_before=not_before,
            not_after=not_after,
        )
        .add_extension(pki.usage(digital_signature=True, content_commitment=True), critical=True)
        .sign(root.key, hashes.SHA256())
    )
    return SealKey(key=key, certificate=made)


@contextmanager
def answering(tsa):
    """Serve a timestamp authority on loopback; yield its address and the queries it saw."""
    seen = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(tsa.answer(seen[-1]))

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def drawn(words="本次开标共有三家投标人。"):
    """A paper as the kit draws it."""
    blocks = (pdf.Paragraph(words),)
    return pdf.render(pdf.Document(title="开标记录表", code="HP-1", issuer="某中心", blocks=blocks))


def flipped(content, *, at):
    """The same file with one bit changed."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def continued(content):
    """The same file with an incremental update behind it, as an editor appends one."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root[pdf_name("/Note")] = pdf_string("added later")
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def locked(content):
    """The same pages under a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt("secret")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def bomb():
    """A PDF of 200 kB whose cross-reference stream unpacks to 200 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 4_000_000) for _ in range(50)) + packer.flush()
    head = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<</Type/XRef/Size 100000000/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>\n"
        b"stream\n%s\nendstream\nendobj\n" % (len(packed), packed)
    )
    return head + stream + b"startxref\n%d\n%%%%EOF\n" % len(head)
