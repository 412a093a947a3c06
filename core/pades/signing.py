"""Seal a PDF: one certifying signature with its timestamp, appended to the bytes that were there.

What follows the original is one incremental update, so the first `len(original)` bytes of a sealed
file are the original, to the byte.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import keys, tsp  # type: ignore[import-untyped]  # has no stubs
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore
from typing_extensions import override

from core.pades import mark

FIELD = "hengping_seal"
# In hexadecimal digits: certificate, signature and a timestamp with its chain take about 8,000. A
# fixed room spares the authority the empty request by which the library would measure it.
ROOM = 32_768
DIGEST = "sha256"
_EDGE_TO_EDGE = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """A key and its certificate, with what stands between that and the root."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate
    between: Sequence[x509.Certificate] = ()


def seal(
    pdf: bytes,
    *,
    by: SealKey,
    lines: Sequence[str],
    reason: str,
    at: datetime,
    ask: Callable[[bytes], bytes],
) -> bytes:
    """Return the PDF with a seal; `ask` takes a timestamp query to an authority and its reply back.

    The seal forbids every later change of the file. Whatever `ask` raises comes through.
    """
    writer = _Writer(io.BytesIO(pdf))
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            reason=reason,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        _signer(by),
        timestamper=_Authority(ask),
        stamp_style=StaticStampStyle(
            background=_Drawn(mark.draw(lines)), background_layout=_EDGE_TO_EDGE, border_width=0
        ),
        new_field_spec=SigFieldSpec(FIELD, on_page=0, box=mark.place(lines)),
    )
    session = signer.init_signing_session(writer)
    session.system_time = at
    prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=ROOM)
    sealed = io.BytesIO()
    digest, _ = prepared.digest_tbs_document(output=sealed)
    made = prepared.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at),
    )
    asyncio.run(made)
    return sealed.getvalue()


class _Writer(IncrementalPdfFileWriter):
    """Appends the seal and nothing else: the document keeps the dates it was drawn with."""

    @override
    def _update_meta(self) -> None:
        pass


class _Authority(TimeStamper):
    """A timestamp authority that somebody else knows how to reach."""

    def __init__(self, ask: Callable[[bytes], bytes]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's own gap
        self._ask = ask

    @override
    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._ask(req.dump()))


class _Drawn(PdfContent):
    """The visible seal, brought in as it was drawn."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    @override
    def render(self) -> bytes:
        source = PdfFileReader(io.BytesIO(self._pdf))
        assert self.writer is not None  # set before anything is drawn
        form = self.writer.import_page_as_xobject(source)
        left, bottom, right, top = form.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        self.resources.xobject["/Mark"] = form
        return b"/Mark Do"


def _signer(by: SealKey) -> SimpleSigner:
    private = by.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    known = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # as above
    known.register_multiple([_asn1(one) for one in by.between])
    return SimpleSigner(
        signing_cert=_asn1(by.certificate),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=known,
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
