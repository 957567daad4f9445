"""The trust store of an installation: plain bytes, so that a child process receives it in microseconds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_PEM = re.compile(rb"-----BEGIN (CERTIFICATE|X509 CRL)-----.+?-----END \1-----", re.DOTALL)
_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der", ".crl"})


class TrustStoreError(ValueError):
    """The folder can't serve as a trust store; the message says why."""


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Danh sách tin cậy: whom we believe, and who has been revoked. All members are DER."""

    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...] = ()
    """Authorities below the roots; Vietnamese signatures often carry only the signer's own certificate."""
    crls: tuple[bytes, ...] = ()
    tsa_roots: tuple[bytes, ...] = ()
    """Roots for time-stamping authorities; the same as `roots` when the folder has no `tsa` part."""

    @classmethod
    def load(cls, directory: Path) -> "TrustStore":
        """Read every certificate and revocation list (PEM or DER) below a folder.

        A self-issued authority is a root, another authority an intermediate; roots below a folder named
        `tsa` are believed for time stamps only. Certificates of persons and agencies are never trusted
        directly, so they are left out.

        Refuses: a folder without any root (`TrustStoreError`).
        """
        if not directory.is_dir():
            raise TrustStoreError(f"Không có thư mục danh sách tin cậy: {directory}")
        roots: list[bytes] = []
        intermediates: list[bytes] = []
        crls: list[bytes] = []
        tsa_roots: list[bytes] = []
        for path, item in _items(directory):
            if isinstance(item, x509.CertificateRevocationList):
                crls.append(item.public_bytes(Encoding.DER))
            elif not _is_authority(item):
                continue
            elif item.subject != item.issuer:
                intermediates.append(item.public_bytes(Encoding.DER))
            elif "tsa" in path.relative_to(directory).parts[:-1]:
                tsa_roots.append(item.public_bytes(Encoding.DER))
            else:
                roots.append(item.public_bytes(Encoding.DER))
        if not roots:
            raise TrustStoreError(f"Thư mục danh sách tin cậy không có chứng thư gốc nào: {directory}")
        return cls(tuple(roots), tuple(intermediates), tuple(crls), tuple(tsa_roots or roots))


def _items(directory: Path) -> Iterator[tuple[Path, x509.Certificate | x509.CertificateRevocationList]]:
    for path in sorted(directory.rglob("*")):
        if path.suffix.lower() in _SUFFIXES and path.is_file():
            for item in _parse(path):
                yield path, item


def _parse(path: Path) -> list[x509.Certificate | x509.CertificateRevocationList]:
    data = path.read_bytes()
    try:
        if b"-----BEGIN" not in data:
            return [x509.load_der_x509_crl(data) if path.suffix.lower() == ".crl" else _certificate(data)]
        return [
            x509.load_pem_x509_crl(block.group())
            if block[1] == b"X509 CRL"
            else _pem_certificate(block.group())
            for block in _PEM.finditer(data)
        ]
    except ValueError as error:
        raise TrustStoreError(f"Không đọc được chứng thư hoặc danh sách thu hồi: {path}") from error


def _certificate(data: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(data)


def _pem_certificate(data: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(data)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        # X.509 v1 roots of 2010 carry no extension; only a self-issued one may pass as an authority.
        return certificate.version is x509.Version.v1 and certificate.subject == certificate.issuer
