"""What a process that waits for foreign files fills its caches with: a letter of our own, and a store read through.

The letter's key is made for it and thrown away; nobody trusts it.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

import contextlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko_certvalidator import CertificateValidator

from vanthu.signing.backends import SignatureRequest
from vanthu.signing.backends.pades import UsableKey, sign_pdf
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.trust.lists import answer_of_list, speaks_for
from vanthu.signing.trust.revocation import digest_of
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation.acceleration import certificate_of, decode_name
from vanthu.signing.validation.longterm import status_of_chain
from vanthu.signing.validation.object_parser import number_of
from vanthu.signing.validation.readings import leaf_first
from vanthu.signing.validation.signature import context_of
from vanthu.signing.waiting import wait_for

_AT: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_LIFE: Final = timedelta(days=1)
_NAMES: Final = """
A AcroForm Annot Annots AP Artifact Ascent ASCII85Decode Author BaseFont BBox BitsPerComponent BleedBox Block Border
CapHeight Catalog Certs CharProcs CIDFontType0 CIDFontType0C CIDFontType2 CIDSet CIDSystemInfo CIDToGIDMap CMap
ColorSpace Columns Contents Count CreationDate Creator CRLs CropBox DA Data DecodeParms DescendantFonts Descent Dest
DestOutputProfile DeviceGray DeviceRGB Differences Direction DocMDP DocTimeStamp Document DR DSS DW Em Encoding
ETSI.CAdES.detached ETSI.RFC3161 Ff FieldMDP Fields Figure Filter First FirstChar Flags FlateDecode Font FontBBox
FontDescriptor FontFile FontFile2 FontFile3 FontMatrix FontName FormType GTS_PDFA1 Height ICCBased ID Identity
Identity-H Image ImageB ImageC ImageI ImageMask Index Info ItalicAngle K Keywords Kids L2R Lang LastChar Layout
Length Length1 Length2 Length3 Link MarkInfo Marked Matrix MaxLen MediaBox Metadata ModDate N Names Nums ObjStm OCSPs
Ordering Outlines OutputCondition OutputConditionIdentifier OutputIntent OutputIntents P Page PageMode Pages Parent
ParentTree ParentTreeNextKey PDF Perms Pg Placement Predictor Prev ProcSet Producer Prop_Build Q Range Reason Rect
Reference Registry RegistryName Resources RoleMap Root Rotate S Sect SigFieldLock SigRef Size SMask Span StemV Strong
StructElem StructParent StructParents StructTreeRoot Subject Supplement Suspects Table TD Text TH Title ToUnicode TR
TransformMethod TransformParams TrimBox TrueType TU Tx Type Type0 Type1 UR3 V ViewerPreferences VRI W Widget Widths
Width WinAnsiEncoding WMode XML XObject XRef XStep
"""
"""Names that documents are full of; each is decoded once."""


def sample() -> tuple[bytes, TrustStore, datetime]:
    """A page signed and stamped twice, whom to trust for it, and when to look at it."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    root = _certificate(key, "root", x509.BasicConstraints(ca=True, path_length=None))
    signer = _certificate(key, "signer", x509.BasicConstraints(ca=False, path_length=None))
    stamper = _certificate(key, "stamper", x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]))
    usable = UsableKey(signer, (root,), lambda data: key.sign(data, PKCS1v15(), SHA256()))
    stamps = LocalTimestampAuthority(stamper, key, chain=(root,))
    page = pdf = _page()
    for number in range(2):
        request = SignatureRequest(
            f"Sample_{number}",
            _AT,
            "Sample",
            box=(50, 50 + 90 * number, 120, 120 + 90 * number),
            appearance=page,
        )
        pdf = sign_pdf(pdf, request, key=usable, timestamps=stamps)
    return pdf, TrustStore((root,), (), (_revocation_list(key),), (root,)), _AT


def read_common_words() -> None:
    """Decode the names and numbers that foreign documents will have, too."""
    for name in _NAMES.split():
        decode_name(name.encode())
    for number in range(1001):
        number_of(b"%d" % number)


def read_through(trust: TrustStore) -> None:
    """Parse the certificates and lists of a store and prove who speaks for whom, so that children need not."""
    for der in (*trust.roots, *trust.tsa_roots, *trust.intermediates):
        with contextlib.suppress(Exception):  # what can't be read says nothing later either
            _climb(der, trust)
        issuer = x509.load_der_x509_certificate(der)
        for data in trust.crls:
            if speaks_for(data, issuer):
                answer_of_list(data, issuer, issuer.not_valid_after_utc)
                digest_of(data)


def _climb(der: bytes, trust: TrustStore) -> None:
    certificate = certificate_of(der)
    moment = certificate.not_valid_before
    validator = CertificateValidator(certificate, validation_context=context_of(trust, moment))
    path = wait_for(validator.async_validate_usage(set()))
    status_of_chain(leaf_first(path), trust, moment)


def _page() -> bytes:
    writer = PdfFileWriter(stream_xrefs=False)
    content = writer.add_object(StreamObject(stream_data=b"q 0 0 100 100 re S Q"))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 595, 842)))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(key: RSAPrivateKey, name: str, extension: x509.ExtensionType) -> bytes:
    is_root = name == "root"
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    built = (
        x509.CertificateBuilder(_name("root"), _name(name), key.public_key(), x509.random_serial_number())
        .not_valid_before(_AT - _LIFE)
        .not_valid_after(_AT + _LIFE)
        .add_extension(extension, critical=True)
        .add_extension(usage, critical=True)
    )
    return built.sign(key, SHA256()).public_bytes(Encoding.DER)


def _revocation_list(key: RSAPrivateKey) -> bytes:
    builder = x509.CertificateRevocationListBuilder(_name("root"), _AT - _LIFE, _AT + _LIFE)
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)
