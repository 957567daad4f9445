"""A small signed letter of our own making, on which a process that waits for foreign files fills its caches.

The key is made for it and thrown away; nobody trusts it.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

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

from vanthu.signing.backends import SignatureRequest
from vanthu.signing.backends.pades import UsableKey, sign_pdf
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.trust.store import TrustStore

_AT: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_LIFE: Final = timedelta(days=1)


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
