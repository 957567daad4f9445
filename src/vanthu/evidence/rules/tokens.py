"""RFC 3161 time-stamp tokens as a stranger reads them: what was stamped, when, by whom, and whether that holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
"""What may be hashed with; everything weaker is refused."""


class BadToken(ValueError):
    """The token does not hold; the message is the last part of a code: `malformed`, `signature`, `certificate`, …"""


@dataclass(frozen=True, slots=True)
class Token:
    """A token whose signature holds: imprint, time, and the authority's certificate with those sent along."""

    algorithm: str
    imprint: bytes
    at: datetime
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]

    @property
    def lapses_at(self) -> datetime:
        return self.certificate.not_valid_after_utc


def digest(algorithm: str, data: bytes) -> bytes:
    """Refuses: `BadToken` for an algorithm that is not accepted."""
    if algorithm not in HASHES:
        raise BadToken("algorithm")
    return hashlib.new(algorithm, data).digest()


def read_certificate(der: bytes) -> x509.Certificate:
    """A certificate whose every part can be read: the library looks at most of them late. Refuses: `ValueError`."""
    certificate = x509.load_der_x509_certificate(der)
    _read_through(lambda: (certificate.subject, certificate.issuer, certificate.extensions))
    _read_through(lambda: (certificate.public_key(), certificate.signature_hash_algorithm))
    _read_through(lambda: (certificate.not_valid_before_utc, certificate.not_valid_after_utc))
    return certificate


def read_list(der: bytes) -> x509.CertificateRevocationList:
    """A revocation list whose every part can be read. Refuses: `ValueError`."""
    found = x509.load_der_x509_crl(der)
    _read_through(lambda: (found.issuer, found.extensions, found.signature_hash_algorithm))
    _read_through(lambda: [(item.serial_number, item.revocation_date_utc) for item in found])
    return found


def _read_through(look: Callable[[], object]) -> None:
    try:
        look()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("unreadable") from error


def read_token(der: bytes) -> Token:
    """Parse a token and check its own signature and its certificate's purpose. Refuses: `BadToken`."""
    try:
        return _read(der)
    except BadToken:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, UnsupportedAlgorithm) as error:
        # asn1crypto parses lazily and answers broken bytes with any of these.
        raise BadToken("malformed") from error


def _read(der: bytes) -> Token:
    info = cms.ContentInfo.load(der, strict=True)
    signed = info["content"]
    content = signed["encap_content_info"]
    if info["content_type"].native != "signed_data" or content["content_type"].native != "tst_info":
        raise BadToken("malformed")
    if len(signed["signer_infos"]) != 1:
        raise BadToken("malformed")
    signer = signed["signer_infos"][0]
    statement: bytes = content["content"].contents
    certificates = [read_certificate(item.dump()) for item in signed["certificates"]]
    certificate = _signer_certificate(signer, certificates)
    _require_attributes(signer, statement, certificate)
    _require_signature(signer, certificate)
    stated = tsp.TSTInfo.load(statement, strict=True)
    at: datetime = stated["gen_time"].native
    _require_purpose(certificate, at)
    imprint = stated["message_imprint"]
    return Token(
        imprint["hash_algorithm"]["algorithm"].native,
        imprint["hashed_message"].native,
        at,
        certificate,
        tuple(item for item in certificates if item != certificate),
    )


def _signer_certificate(signer: Any, certificates: Iterable[x509.Certificate]) -> x509.Certificate:
    if signer["sid"].name != "issuer_and_serial_number":
        raise BadToken("malformed")
    named = signer["sid"].chosen
    for item in certificates:
        same_issuer = item.issuer.public_bytes() == named["issuer"].dump()
        if item.serial_number == named["serial_number"].native and same_issuer:
            return item
    raise BadToken("certificate")


def _require_attributes(signer: Any, statement: bytes, certificate: x509.Certificate) -> None:
    attributes = {item["type"].native: item["values"] for item in signer["signed_attrs"]}
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if attributes["content_type"][0].native != "tst_info":
        raise BadToken("malformed")
    if attributes["message_digest"][0].native != digest(algorithm, statement):
        raise BadToken("signature")
    if "signing_certificate_v2" in attributes:
        named = attributes["signing_certificate_v2"][0]["certs"][0]
        expected = digest(named["hash_algorithm"]["algorithm"].native, _der(certificate))
    else:
        named = attributes["signing_certificate"][0]["certs"][0]
        expected = hashlib.sha1(_der(certificate), usedforsecurity=False).digest()  # RFC 2634 knows no other
    if named["cert_hash"].native != expected:
        raise BadToken("certificate")


def _require_signature(signer: Any, certificate: x509.Certificate) -> None:
    signed = b"\x31" + signer["signed_attrs"].dump()[1:]  # signed as SET OF, sent under an implicit tag
    algorithm = signer["digest_algorithm"]["algorithm"].native
    signer["signature_algorithm"]["algorithm"].native  # noqa: B018 - looked at: a broken one is refused
    signature, key = signer["signature"].native, certificate.public_key()
    if algorithm not in HASHES:
        raise BadToken("algorithm")
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), HASHES[algorithm])
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(HASHES[algorithm]))
        else:
            raise BadToken("algorithm")
    except InvalidSignature as error:
        raise BadToken("signature") from error


def _require_purpose(certificate: x509.Certificate, at: datetime) -> None:
    """RFC 3161 2.3: time stamping is its one purpose, and marked critical."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as error:
        raise BadToken("certificate") from error
    only = list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    if not (only and usage.critical) or not _is_valid(certificate, at):
        raise BadToken("certificate")


def _is_valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def require_imprint(token: Token, algorithm: str, value: bytes) -> None:
    """Refuses: `BadToken` when something else was stamped."""
    if token.algorithm != algorithm or token.imprint != value or algorithm not in HASHES:
        raise BadToken("imprint")


@dataclass(frozen=True, slots=True)
class Anchors:
    """Whom a checker believes: roots, and what may stand between them and an authority."""

    roots: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...]
    lists: tuple[x509.CertificateRevocationList, ...]


def require_trusted(token: Token, anchors: Anchors) -> None:
    """Refuses: `BadToken` without a path to a root that was good at the token's time, or with a revoked link.

    Without any root there is nothing to judge by.
    """
    if not anchors.roots:
        return
    known = (*token.others, *anchors.others)
    path = [token.certificate]
    while len(path) < 6:
        issuer = _issuer(path[-1], (*anchors.roots, *known), token.at)
        if issuer is None:
            break
        if _is_revoked(path[-1], issuer, anchors.lists, token.at):
            raise BadToken("revoked")
        if issuer in anchors.roots:
            return
        path.append(issuer)
    raise BadToken("untrusted")


def _issuer(
    certificate: x509.Certificate, known: Sequence[x509.Certificate], at: datetime
) -> x509.Certificate | None:
    for item in known:
        if item.subject == certificate.issuer and _is_authority(item) and _is_valid(item, at):
            try:
                certificate.verify_directly_issued_by(item)
            except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
                continue
            return item
    return None


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _is_revoked(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    at: datetime,
) -> bool:
    for item in lists:
        if item.issuer != issuer.subject or not item.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
            continue
        entry = item.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            return True
    return False


def _der(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)
