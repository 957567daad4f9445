"""The CMS container of a PAdES signature, written as DER directly.

Only digest, signature and lengths differ from one signature to the next, so nothing is parsed and no tree of
objects is built; a test holds every byte against what pyHanko writes. Every backend comes through here.
Norm: TT41/2017 Đ.6; ETSI EN 319 142-1 (PAdES: no signing-time attribute, signing-certificate-v2 is a must).
"""

# mypy: disallow-untyped-calls=False
# asn1crypto is not typed.

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from asn1crypto import x509

from vanthu.signing.backends import SigningFailed

RawSigner = Callable[[bytes], bytes]
"""Signs the given bytes with the key, under SHA-256 (PKCS#1 v1.5 or ECDSA in DER); returns the bare signature."""

SEQUENCE: Final = 0x30
SET: Final = 0x31
INTEGER: Final = 0x02
OCTET_STRING: Final = 0x04
NULL: Final = b"\x05\x00"


def tlv(tag: int, *parts: bytes) -> bytes:
    """One DER value: tag, shortest length, content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def set_of(*members: bytes, tag: int = SET) -> bytes:
    """A DER SET OF: members in ascending order of their encodings (X.690 11.6)."""
    return tlv(tag, *sorted(members))


def oid(dotted: str) -> bytes:
    """An object identifier."""
    first, second, *arcs = map(int, dotted.split("."))
    return tlv(0x06, *map(_base128, (first * 40 + second, *arcs)))


def integer(value: int) -> bytes:
    """A non-negative integer."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _base128(arc: int) -> bytes:
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.append(0x80 | arc & 0x7F)
    return bytes(reversed(groups))


SHA256: Final = tlv(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"), NULL)
_DATA: Final = oid("1.2.840.113549.1.7.1")
_SIGNED_DATA: Final = oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE: Final = oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST: Final = oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2: Final = oid("1.2.840.113549.1.9.16.2.47")
_SIGNATURE_TIME_STAMP: Final = oid("1.2.840.113549.1.9.16.2.14")
_MECHANISMS: Final = {
    "rsa": tlv(SEQUENCE, oid("1.2.840.113549.1.1.11"), NULL),
    "ec": tlv(SEQUENCE, oid("1.2.840.10045.4.3.2")),
}


@dataclass(frozen=True, slots=True)
class _Signer:
    """What of a certificate stands in a CMS, encoded once."""

    identifier: bytes
    """IssuerAndSerialNumber."""
    signing_certificate: bytes
    """The attribute signing-certificate-v2 (RFC 5035)."""
    mechanism: bytes


@lru_cache(maxsize=512)
def _signer_of(certificate: bytes) -> _Signer:
    try:
        tbs = x509.Certificate.load(certificate, strict=True)["tbs_certificate"]
        issuer, serial = tbs["issuer"].dump(), tbs["serial_number"].dump()
        kind = tbs["subject_public_key_info"]["algorithm"]["algorithm"].native
    except ValueError as error:
        raise SigningFailed("signing.key.unsuitable") from error
    if kind not in _MECHANISMS:
        raise SigningFailed("signing.key.unsuitable")
    # SHA-256 is the default of RFC 5035, and DER leaves defaults out.
    issuer_serial = tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA4, issuer)), serial)
    reference = tlv(SEQUENCE, tlv(OCTET_STRING, hashlib.sha256(certificate).digest()), issuer_serial)
    value = tlv(SEQUENCE, tlv(SEQUENCE, reference))
    return _Signer(
        tlv(SEQUENCE, issuer, serial), attribute(_SIGNING_CERTIFICATE_V2, value), _MECHANISMS[kind]
    )


def attribute(kind: bytes, value: bytes) -> bytes:
    """A CMS attribute with one value."""
    return tlv(SEQUENCE, kind, set_of(value))


def signed_attributes(
    document_digest: bytes, certificate: bytes, *, content_type: bytes = _DATA, others: Iterable[bytes] = ()
) -> bytes:
    """The DER `SET OF Attribute` that the key signs, for the SHA-256 of what the signature covers.

    Refuses: `signing.key.unsuitable` when the certificate is neither for RSA nor for an elliptic curve.
    """
    return set_of(
        attribute(_CONTENT_TYPE, content_type),
        attribute(_MESSAGE_DIGEST, tlv(OCTET_STRING, document_digest)),
        _signer_of(certificate).signing_certificate,
        *others,
    )


@dataclass(frozen=True, slots=True)
class Content:
    """What a CMS signs: a PDF's bytes lie outside, a time stamp's lie within."""

    content_type: bytes = _DATA
    version: int = 1
    inside: bytes = field(default=b"", repr=False)


DETACHED: Final = Content()


def assemble(
    attributes: bytes,
    signature: bytes,
    *,
    certificate: bytes,
    chain: Iterable[bytes] = (),
    token: bytes = b"",
    content: Content = DETACHED,
) -> bytes:
    """The whole CMS (DER): signed attributes, the key's signature over them, certificates, time stamp token.

    `token` is a time stamp over SHA-256 of `signature`. Refuses: `signing.key.unsuitable`.
    """
    signer = _signer_of(certificate)
    unsigned = set_of(attribute(_SIGNATURE_TIME_STAMP, token), tag=0xA1) if token else b""
    signer_info = tlv(
        SEQUENCE,
        integer(1),
        signer.identifier,
        SHA256,
        b"\xa0" + attributes[1:],  # signed as a SET OF, carried as [0] IMPLICIT
        signer.mechanism,
        tlv(OCTET_STRING, signature),
        unsigned,
    )
    inside = tlv(0xA0, tlv(OCTET_STRING, content.inside)) if content.inside else b""
    signed_data = tlv(
        SEQUENCE,
        integer(content.version),
        set_of(SHA256),
        tlv(SEQUENCE, content.content_type, inside),
        set_of(*{certificate, *chain}, tag=0xA0),
        set_of(signer_info),
    )
    return tlv(SEQUENCE, _SIGNED_DATA, tlv(0xA0, signed_data))
