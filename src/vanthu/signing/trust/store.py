"""The trust store of an installation: plain bytes, so that a child process receives it in microseconds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from vanthu.signing.trust.manifest import (
    INTERMEDIATE,
    ROOT,
    Anchor,
    anchor_path,
    has_manifest,
    read_manifest,
)

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
    ocsps: tuple[bytes, ...] = ()
    """Cached answers of OCSP responders, each still to be checked against the certificate's issuer."""
    limits: tuple[tuple[bytes, tuple[str, ...]], ...] = ()
    """Roots that serve some kinds of signature only: (root, kinds)."""

    def roots_for(self, kind: str) -> tuple[bytes, ...]:
        """The roots that a signature of that kind ("personal", "agency", "timestamp") may rest on."""
        if kind == "timestamp":
            return self.tsa_roots
        limits = dict(self.limits)
        return tuple(root for root in self.roots if kind in limits.get(root, (kind,)))

    def joined(self, other: "TrustStore") -> "TrustStore":
        """Both stores as one, nothing twice."""
        return TrustStore(
            roots=_union(self.roots, other.roots),
            intermediates=_union(self.intermediates, other.intermediates),
            crls=_union(self.crls, other.crls),
            tsa_roots=_union(self.tsa_roots, other.tsa_roots),
            ocsps=_union(self.ocsps, other.ocsps),
            limits=self.limits + other.limits,
        )

    def with_answers(self, *, crls: Sequence[bytes] = (), ocsps: Sequence[bytes] = ()) -> "TrustStore":
        """The store with further revocation data."""
        return replace(self, crls=(*self.crls, *crls), ocsps=(*self.ocsps, *ocsps))

    def material(self, digests: Sequence[str]) -> dict[str, bytes]:
        """The lists and answers with these SHA-256 digests (lower-case), for whoever keeps them as evidence."""
        wanted = set(digests)
        return {
            name: item for item in (*self.crls, *self.ocsps) if (name := sha256(item).hexdigest()) in wanted
        }

    @classmethod
    def load(cls, directory: Path) -> "TrustStore":
        """Read every certificate and revocation list (PEM or DER) below a folder.

        A self-issued authority is a root, another authority an intermediate; roots below a folder named
        `tsa` are believed for time stamps only. Certificates of persons and agencies are never trusted
        directly, so they are left out.

        A folder that `vanthu trust import` has filled is read by its manifest and by nothing else.

        Refuses: a folder without any root (`TrustStoreError`).
        """
        if not directory.is_dir():
            raise TrustStoreError(f"Không có thư mục danh sách tin cậy: {directory}")
        return cls.load_imported(directory) if has_manifest(directory) else cls._load_plain(directory)

    @classmethod
    def _load_plain(cls, directory: Path) -> "TrustStore":
        roots: list[bytes] = []
        intermediates: list[bytes] = []
        crls: list[bytes] = []
        tsa_roots: list[bytes] = []
        for path, item in _items(directory):
            if isinstance(item, x509.CertificateRevocationList):
                crls.append(item.public_bytes(Encoding.DER))
            elif not is_authority(item):
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

    @classmethod
    def load_imported(cls, directory: Path, *, agency_code: str = "") -> "TrustStore":
        """Read what the manifest of a folder names, with the cached lists and answers beside it.

        With `agency_code`, anchors that are limited to other agencies are left out.
        Refuses: a store without any root, or with a file that is not what the manifest says (`TrustStoreError`).
        """
        anchors = [
            (item, _anchor_bytes(directory, item))
            for item in read_manifest(directory).anchors
            if not agency_code or item.serves(agency_code)
        ]
        roots = [(item, der) for item, der in anchors if item.kind == ROOT]
        if not roots:
            raise TrustStoreError(f"Danh sách tin cậy chưa có chứng thư gốc nào được nhập: {directory}")
        return cls(
            tuple(der for item, der in roots if {"personal", "agency"} & set(item.purposes)),
            tuple(der for item, der in anchors if item.kind == INTERMEDIATE),
            tuple(path.read_bytes() for path in sorted((directory / "crl").glob("*.crl"))),
            tuple(der for item, der in roots if "timestamp" in item.purposes),
            tuple(path.read_bytes() for path in sorted((directory / "ocsp").glob("*.ocsp"))),
            tuple(
                (der, item.purposes)
                for item, der in roots
                if not {"personal", "agency"} <= set(item.purposes)
            ),
        )


def _union(mine: tuple[bytes, ...], theirs: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(mine + theirs))


def _anchor_bytes(directory: Path, anchor: Anchor) -> bytes:
    path = anchor_path(directory, anchor.sha256)
    data = path.read_bytes() if path.is_file() else b""
    if sha256(data).hexdigest().upper() != anchor.sha256:
        raise TrustStoreError(f"Chứng thư trong danh sách tin cậy bị mất hoặc bị thay đổi: {path}")
    return data


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


def is_authority(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate may issue others."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        # X.509 v1 roots of 2010 carry no extension; only a self-issued one may pass as an authority.
        return certificate.version is x509.Version.v1 and certificate.subject == certificate.issuer
