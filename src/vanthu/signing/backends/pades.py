"""The one way in which every backend puts a signature into a PDF: PAdES, B-T when a stamp is asked for."""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

import hashlib
import logging
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import ExternalSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle

from vanthu.signing.backends import SignatureRequest, SigningFailed
from vanthu.signing.backends.cms import RawSigner, assemble, signed_attributes
from vanthu.signing.backends.timestamps import TimestampSource
from vanthu.signing.backends.writer import IncrementWriter
from vanthu.signing.waiting import wait_for

RESERVED_BYTES: Final = 32 * 1024
"""Room for CMS, chain and time stamp; saying it spares pyHanko a trial signature."""

logging.getLogger("pyhanko").setLevel(logging.ERROR)  # it logs ordinary outcomes with tracebacks


class _PageOfBytes(ImportedPdfPage):
    """A page to be drawn as the appearance, from memory instead of from a file."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(file_name="")
        self._pdf = pdf

    def render(self) -> bytes:
        form = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)), page_ix=0)
        self.resources.xobject["/Appearance"] = form
        x0, y0, x1, y1 = form.get_object()["/BBox"]
        self.box = type(self.box)(width=abs(x1 - x0), height=abs(y1 - y0))
        return b"/Appearance Do"


class PunctualSigner(PdfSigner):
    """Declares the time that the caller gives instead of reading the clock."""

    def __init__(self, *args: Any, request: SignatureRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._request.signed_at
        return session


@dataclass(frozen=True, slots=True)
class UsableKey:
    """A key in its place, ready to sign: who holds it and how it is asked."""

    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)
    sign: RawSigner = field(repr=False)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A file with field and appearance drawn and an empty place for the signature."""

    pdf: bytes = field(repr=False)
    digest: bytes
    """SHA-256 of everything but the place."""
    region: tuple[int, int]
    """Where the place begins and ends in `pdf`, with its angle brackets."""


def sign_pdf(
    pdf: bytes, request: SignatureRequest, *, key: UsableKey, timestamps: TimestampSource | None
) -> bytes:
    """Append an approval signature; never a certification, which would forbid the agency's field."""
    stamper = _stamper(request, timestamps)
    laid_out = lay_out(pdf, request, certificate=key.certificate)
    attributes = signed_attributes(laid_out.digest, key.certificate)
    signature = key.sign(attributes)
    token = stamp_token(stamper, signature) if stamper is not None else b""
    content = assemble(attributes, signature, certificate=key.certificate, chain=key.chain, token=token)
    return embed(laid_out.pdf, laid_out.region, content)


def lay_out(pdf: bytes, request: SignatureRequest, *, certificate: bytes) -> LaidOut:
    """Draw field and appearance and leave room for the signature, whoever makes it.

    Refuses: `signing.file.cannot-sign`.
    """
    out = BytesIO()
    try:
        # The library asks the signer for nothing but his certificate (seed values may name one).
        signer = ExternalSigner(x509.Certificate.load(certificate), None)
        writer = IncrementWriter(pdf)
        session = approval_signer(request, signer, writer).init_signing_session(writer)
        document = session.prepare_tbs_document(None, bytes_reserved=RESERVED_BYTES)
        place, _ = document.digest_tbs_document(output=out)
    except (PdfError, SigningError, ValueError, KeyError, OSError) as error:
        raise SigningFailed("signing.file.cannot-sign", why=str(error)[:200]) from error
    region = (place.reserved_region_start, place.reserved_region_end)
    return LaidOut(out.getvalue(), place.document_digest, region)


def embed(pdf: bytes, region: tuple[int, int], content: bytes) -> bytes:
    """Put a CMS into its place. Refuses: `signing.file.cannot-sign` when it is larger than the place."""
    start, end = region[0] + 1, region[1] - 1
    written = content.hex().upper().encode("ascii")
    if len(written) > end - start:
        raise SigningFailed("signing.file.cannot-sign", why="the signature is larger than its place")
    return b"".join((pdf[:start], written, pdf[start + len(written) :]))


def stamp_token(stamper: TimeStamper, signature: bytes) -> bytes:
    """The time stamp over a signature (DER); empty when none came in time (D20: it is caught up later)."""
    try:
        token = wait_for(stamper.async_timestamp(hashlib.sha256(signature).digest(), "sha256"))
    except (SigningError, ValueError, KeyError, OSError) as error:
        raise SigningFailed("signing.file.cannot-sign", why=str(error)[:200]) from error
    der: bytes = token.dump() if token is not None else b""
    return der


def approval_signer(request: SignatureRequest, signer: Signer, writer: IncrementWriter) -> PunctualSigner:
    """What lays out field and appearance of a request, whoever makes the signature itself."""
    return PunctualSigner(
        _metadata(request),
        signer,
        stamp_style=_style(request),
        new_field_spec=_field(request, writer),
        request=request,
    )


def _stamper(request: SignatureRequest, timestamps: TimestampSource | None) -> TimeStamper | None:
    if not request.with_timestamp:
        return None
    if timestamps is None:
        raise SigningFailed("signing.file.cannot-sign", why="no time-stamping authority is configured")
    return timestamps.stamper_at(request.signed_at)


def _metadata(request: SignatureRequest) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=request.field_name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=request.signer_name or None,
        reason=request.reason or None,
        location=request.location or None,
    )


def _style(request: SignatureRequest) -> StaticStampStyle | None:
    if request.appearance is None:
        return None
    # A style must never be shared between documents: it would drag along the former one's objects.
    # True size (NĐ30 Phụ lục I): left to itself the library keeps 5 pt free all round and draws a seal of 32 mm.
    whole_box = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID)
    return StaticStampStyle(
        background=_PageOfBytes(request.appearance),
        background_layout=whole_box,
        border_width=0,
        background_opacity=1,
    )


def _field(request: SignatureRequest, writer: IncrementWriter) -> SigFieldSpec:
    visible = request.appearance is not None and request.box is not None
    return SigFieldSpec(
        request.field_name,
        on_page=request.page,
        box=request.box if visible else None,  # type: ignore[arg-type]  # fractions are fine
        field_mdp_spec=_lock(request, writer) if request.lock_fields else None,
    )


def _lock(request: SignatureRequest, writer: IncrementWriter) -> FieldMDPSpec:
    """Lock each field by its name, the new one too; a receiver's signature in a field of its own stays possible."""
    try:
        fields = writer.root["/AcroForm"]["/Fields"]
    except KeyError:
        fields = ()
    named = [str(item.get_object().get("/T", "")) for item in fields]
    names = [name for name in dict.fromkeys([*named, request.field_name]) if name]
    return FieldMDPSpec(FieldMDPAction.INCLUDE, fields=names)
