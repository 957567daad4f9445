"""Ask and read OCSP: the request for one certificate, and what an answer is worth. Norm: RFC 6960."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from asn1crypto import keys
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

CLOCK_SLACK: Final = timedelta(minutes=5)

Said = tuple[datetime | None, str, bool, datetime]
"""(revoked at, reason, whether it means good at the moment, issued at)."""


def request_for(certificate: x509.Certificate, issuer: x509.Certificate) -> tuple[bytes, bytes]:
    """An OCSP request (DER) for one certificate, and its nonce.

    The names inside are SHA-1 digests, as responders everywhere expect; nothing rests on their strength.
    """
    nonce = secrets.token_bytes(16)
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
    return builder.add_extension(x509.OCSPNonce(nonce), critical=False).build().public_bytes(
        Encoding.DER
    ), nonce


def urls_of_responders(certificate: x509.Certificate) -> tuple[str, ...]:
    """Where a certificate says that one may ask about it; whether one does is the operator's choice."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(
        str(item.access_location.value)
        for item in access
        if item.access_method == AuthorityInformationAccessOID.OCSP
        and isinstance(item.access_location, x509.UniformResourceIdentifier)
    )


def urls_of_lists(certificate: x509.Certificate) -> tuple[str, ...]:
    """Where a certificate says that the list about it is published."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = (name for point in points for name in point.full_name or ())
    return tuple(str(name.value) for name in names if isinstance(name, x509.UniformResourceIdentifier))


def nonce_of(data: bytes) -> bytes | None:
    """The nonce that an answer repeats; None when it has none (many responders answer from stock)."""
    response = _load(data)
    if response is None or response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    try:
        return response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except (x509.ExtensionNotFound, ValueError):
        return None


def answer_of_responder(
    data: bytes, certificate: x509.Certificate, issuer: x509.Certificate, moment: datetime
) -> Said | None:
    """What a stored answer says of a certificate; None when it is about another one or not to be believed."""
    response = _load(data)
    if response is None or response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    single = next((item for item in response.responses if _is_about(item, certificate, issuer)), None)
    if single is None or single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        return None
    if not is_believed(data, issuer):
        return None
    if single.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        reason = single.revocation_reason.name if single.revocation_reason else ""
        return single.revocation_time_utc, reason, False, single.this_update_utc
    until = single.next_update_utc or single.this_update_utc + CLOCK_SLACK
    # A responder may forget a certificate that has expired; before that, "good" later means good earlier.
    remembers = single.this_update_utc <= certificate.not_valid_after_utc
    return None, "", until >= moment and remembers, single.this_update_utc


def validity_of(data: bytes) -> tuple[datetime, datetime | None] | None:
    """(this update, next update) of the first answer inside; None when there is none."""
    response = _load(data)
    if response is None or response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    single = next(iter(response.responses), None)
    return (single.this_update_utc, single.next_update_utc) if single else None


@lru_cache(maxsize=1024)
def is_believed(data: bytes, issuer: x509.Certificate) -> bool:
    """Tell whether the issuer itself, or a responder whom it has named for this, has signed the answer."""
    response = _load(data)
    return response is not None and any(_signed_by(response, one) for one in _signers(response, issuer))


def _signers(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> Iterator[x509.Certificate]:
    yield issuer
    for candidate in response.certificates:
        if _is_delegate(candidate, issuer, response.produced_at_utc):
            yield candidate


def _is_delegate(certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    """RFC 6960 4.2.2.2: issued by the same authority directly, for signing OCSP, and in force then."""
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    in_force = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes and in_force


def _signed_by(response: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, digest = signer.public_key(), response.signature_hash_algorithm
    if digest is None or isinstance(digest, hashes.SHA1 | hashes.MD5):
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(digest))
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_about(
    single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    if single.serial_number != certificate.serial_number:
        return False
    names, keys = _digests(issuer, single.hash_algorithm.name)
    return single.issuer_name_hash == names and single.issuer_key_hash == keys


@lru_cache(maxsize=256)
def _digests(issuer: x509.Certificate, algorithm: str) -> tuple[bytes, bytes]:
    """Digests of the issuer's name and key, as a certificate identifier holds them."""
    key = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    bits = x509.SubjectKeyIdentifier.from_public_key(issuer.public_key()) if algorithm == "sha1" else None
    key_digest = bits.digest if bits else hashlib.new(algorithm, _bit_string(key)).digest()
    return hashlib.new(algorithm, issuer.subject.public_bytes()).digest(), key_digest


def _bit_string(info: bytes) -> bytes:
    """The key's bits inside a SubjectPublicKeyInfo, without the octet that counts unused ones."""
    return bytes(keys.PublicKeyInfo.load(info)["public_key"].contents[1:])


@lru_cache(maxsize=1024)
def _load(data: bytes) -> ocsp.OCSPResponse | None:
    try:
        return ocsp.load_der_ocsp_response(data)
    except ValueError:
        return None
