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
    """Return a TimeStampToken (DER) over a SHA-256 digest, in whole seconds; `chain` goes along in it."""
    moment = moment.astimezone(UTC).replace(microsecond=0)
    info = tlv(
        SEQUENCE,
        integer(1),
        oid(policy),
        tlv(SEQUENCE, SHA256, tlv(OCTET_STRING, digest)),
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
