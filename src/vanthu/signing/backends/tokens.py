"""RFC 3161 time stamp tokens written as DER directly, for the demonstration's own authority."""

# mypy: disallow-untyped-calls=False
# asn1crypto is not typed.

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from asn1crypto import x509

from vanthu.signing.backends.cms import (
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SHA256,
    Content,
    RawSigner,
    assemble,
    attribute,
    integer,
    oid,
    signed_attributes,
    tlv,
)

_TST_INFO: Final = oid("1.2.840.113549.1.9.16.1.4")
_SIGNING_TIME: Final = oid("1.2.840.113549.1.9.5")
_IMPRINTS: Final = {
    32: SHA256,
    48: tlv(SEQUENCE, oid("2.16.840.1.101.3.4.2.2"), NULL),
    64: tlv(SEQUENCE, oid("2.16.840.1.101.3.4.2.3"), NULL),
}
"""SHA-256, SHA-384 and SHA-512, by their length in bytes."""
_UTC_TIME: Final = 0x17
_GENERALIZED_TIME: Final = 0x18
_UTC_TIME_ENDS: Final = 2050  # RFC 5652 11.3


def make_token(
    digest: bytes,
    moment: datetime,
    *,
    policy: str,
    certificate: bytes,
    chain: Iterable[bytes],
    sign: RawSigner,
    nonce: int | None = None,
) -> bytes:
    """Return a TimeStampToken (DER) over a digest, in whole seconds; `chain` goes along in it.

    Raises KeyError for a digest that is neither SHA-256 nor SHA-384 nor SHA-512. The signature is under SHA-256.
    """
    moment = moment.astimezone(UTC).replace(microsecond=0)
    info = tlv(
        SEQUENCE,
        integer(1),
        oid(policy),
        tlv(SEQUENCE, _IMPRINTS[len(digest)], tlv(OCTET_STRING, digest)),
        integer(secrets.randbits(63) | 1),
        tlv(_GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode("ascii")),
        b"" if nonce is None else integer(nonce),
        _authority_name(certificate),
    )
    attributes = signed_attributes(
        hashlib.sha256(info).digest(),
        certificate,
        content_type=_TST_INFO,
        others=[attribute(_SIGNING_TIME, _time(moment))],
    )
    content = Content(_TST_INFO, 3, info)
    return assemble(attributes, sign(attributes), certificate=certificate, chain=chain, content=content)


def _time(moment: datetime) -> bytes:
    if moment.year < _UTC_TIME_ENDS:
        return tlv(_UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode("ascii"))
    return tlv(_GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode("ascii"))


@lru_cache(maxsize=8)
def _authority_name(certificate: bytes) -> bytes:
    subject = x509.Certificate.load(certificate)["tbs_certificate"]["subject"].dump()
    return tlv(0xA0, tlv(0xA4, subject))
