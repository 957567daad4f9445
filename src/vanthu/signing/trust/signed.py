"""Verify what an authority has signed, over the very bytes that were signed.

The library's own check of a list writes the list anew first, which takes a quarter of a second where a list is long.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

_LONG_FORM = 0x80


def certificate_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether the issuer's key has signed the certificate; names are the caller's to compare."""
    return _is_good(certificate, certificate.tbs_certificate_bytes, issuer)


def list_signed_by(data: bytes, crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Tell whether the issuer's key has signed the list whose bytes these are."""
    return _is_good(crl, _first_part(data), issuer)


def _is_good(
    signed: x509.Certificate | x509.CertificateRevocationList, content: bytes, issuer: x509.Certificate
) -> bool:
    try:
        key, digest, chosen = (
            issuer.public_key(),
            signed.signature_hash_algorithm,
            signed.signature_algorithm_parameters,
        )
        if isinstance(key, rsa.RSAPublicKey) and isinstance(chosen, padding.PKCS1v15 | padding.PSS):
            assert digest is not None
            key.verify(signed.signature, content, chosen, digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(chosen, ec.ECDSA):
            key.verify(signed.signature, content, chosen)
        else:
            return False
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _first_part(data: bytes) -> bytes:
    """The first element inside a DER sequence, as it stands: what the signature covers."""
    begin, _ = _content(data, 0)
    inner, length = _content(data, begin)
    return data[begin : inner + length]


def _content(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at an offset begins, and its length."""
    length = data[at + 1]
    if length < _LONG_FORM:
        return at + 2, length
    size = length - _LONG_FORM
    return at + 2 + size, int.from_bytes(data[at + 2 : at + 2 + size], "big")
