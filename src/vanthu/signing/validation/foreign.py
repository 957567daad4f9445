"""Formats of signatures that the library does not know: two old ones of Adobe, RSA with SHA-3, plain ECDSA.

The old formats rest on SHA-1: they are checked, so that tampering is named, but never more than
WEAK_ALGORITHM (signing.md §3).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from asn1crypto import algos, cms, core, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, parse_pdf_date
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import extract_contents
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

from vanthu.signing.validation.comparison import entry
from vanthu.signing.validation.embedded import PdfSignature, signed_bytes, with_reference

PKCS7_SHA1: Final = "/adbe.pkcs7.sha1"
X509_RSA_SHA1: Final = "/adbe.x509.rsa_sha1"
OLD_FORMATS: Final = frozenset({PKCS7_SHA1, X509_RSA_SHA1})

_RSA_WITH_SHA3: Final = {
    f"2.16.840.1.101.3.4.3.{13 + index}": bits for index, bits in enumerate((224, 256, 384, 512))
}
_PLAIN_ECDSA: Final = {
    f"0.4.0.127.0.7.1.1.4.1.{index + 1}": name
    for index, name in enumerate(("sha1", "sha224", "sha256", "sha384", "sha512"))
}
_EC_KEY: Final = "1.2.840.10045.2.1"
_DIGEST_OF: Final = {
    f"{prefix}.{number}": digest
    for prefix, numbers in {
        "1.2.840.113549.1.1": {5: "sha1", 14: "sha224", 11: "sha256", 12: "sha384", 13: "sha512"},
        "1.2.840.10045.4.3": {1: "sha224", 2: "sha256", 3: "sha384", 4: "sha512"},
    }.items()
    for number, digest in numbers.items()
}
"""Names of signatures (RSA, ECDSA) to the hash function in them."""
_HASHES: Final = (hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512())  # noqa: S303


class LenientAttributeOrder(DefaultSignatureValidator):
    """Accepts signed attributes that are stored unsorted but were sorted when they were signed.

    RFC 5652 5.4 has them signed in DER; some programs store them in another order. Either way the same
    attributes are signed, so nothing can be slipped in.
    """

    def validate_signature(self, signature: bytes, signed_data: bytes, *rest: Any, **named: Any) -> None:
        """Raise InvalidSignature unless the signature fits the data as stored or as DER orders it."""
        value_hash = getattr(rest[1], "value_hash", None) if len(rest) > 1 else None
        if value_hash is not None and "context" in named:
            named["context"] = replace(named["context"], contextual_md_algorithm=value_hash)
        try:
            super().validate_signature(signature, signed_data, *rest, **named)
        except InvalidSignature:
            ordered = _in_der_order(signed_data)
            if ordered == signed_data:
                raise
            super().validate_signature(signature, ordered, *rest, **named)


def has_certificate(signature: PdfSignature) -> bool:
    """Tell whether the signer's own certificate is among those of the CMS."""
    try:
        # By this module: there it may be the faster one (see acceleration).
        generic_cms.extract_certificate_info(signature.signed_data)  # type: ignore[attr-defined]  # not exported
    except CMSExtractionError:
        return False
    return True


def _in_der_order(data: bytes) -> bytes:
    if not data.startswith(b"\x31"):
        return data
    try:
        attributes = cms.CMSAttributes.load(data)
        items = sorted(attribute.dump() for attribute in attributes)
    except (ValueError, TypeError):
        return data
    return _as_set(b"".join(items))


def _as_set(content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:  # the short form of a length
        return b"\x31" + bytes([length]) + content
    size = (length.bit_length() + 7) // 8
    return b"\x31" + bytes([0x80 | size]) + length.to_bytes(size, "big") + content


def understand_algorithms(signature: PdfSignature) -> None:
    """Put algorithms that the ASN.1 library does not know, or stand in each other's place, in words that it knows."""
    digest = _DIGEST_OF.get(signature.md_algorithm)
    if digest is not None:
        # The name of the whole signature where only that of the hash function belongs.
        signature.md_algorithm = signature.external_md_algorithm = digest
        signature.signer_info["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": digest})
    _understand_signature(signature.signer_info)


def _understand_signature(signer_info: cms.SignerInfo) -> None:
    algorithm = signer_info["signature_algorithm"]["algorithm"].dotted
    digest = str(signer_info["digest_algorithm"]["algorithm"].native)
    if algorithm in _RSA_WITH_SHA3:
        known = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"})
        # The content may be digested by another function than the attributes.
        known.value_hash = f"sha3_{_RSA_WITH_SHA3[algorithm]}"
        signer_info["signature_algorithm"] = known
    elif algorithm == _EC_KEY:
        # The name of the key where that of the signature belongs.
        signer_info["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"})
    elif _PLAIN_ECDSA.get(algorithm) == digest:
        raw = signer_info["signature"].native
        half = len(raw) // 2
        pair = int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
        signer_info["signature"] = encode_dss_signature(*pair)
        signer_info["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"})


class OldSignature(PdfSignature):
    """A signature of 1999: a bare RSA value, or a CMS over the SHA-1 of the file."""

    def __init__(self, reader: PdfFileReader, field: DictionaryObject, name: str) -> None:
        # The library's constructor insists on a CMS; what the axes need is set here instead.
        self.reader = reader
        self.sig_field = with_reference(reader, field)
        self.sig_object = self.sig_field.raw_get("/V").get_object()
        self.byte_range = self.sig_object["/ByteRange"]
        self.pkcs7_content = extract_contents(self.sig_object)
        self.fq_name = name
        reference = self.sig_field.raw_get("/V").reference
        self.signed_revision = reader.xrefs.get_last_change(reference)
        self._docmdp_queried = self._fieldmdp_queried = False
        self.coverage: Any = None
        self.diff_result: Any = None

    def compute_content(self) -> SignatureCoverageLevel:
        """Find out what is covered and what has changed since; returns the coverage."""
        coverage = self.evaluate_signature_coverage()
        self.coverage = coverage
        self.diff_result = self.evaluate_modifications(None)
        return coverage

    def permits_what_changed(self) -> bool:
        """Whether a certifying signer has permitted what has changed since."""
        return self.docmdp_level is None or self.modification_level().value <= self.docmdp_level.value

    def claimed_time(self) -> datetime | None:
        """Return the time that the signer's program wrote down, if it can be read."""
        try:
            return parse_pdf_date(self.sig_object["/M"], strict=False)
        except (KeyError, ValueError, TypeError, PdfReadError):
            return None

    def certificate(self) -> x509.Certificate:
        """Return the signer's certificate; raises whatever a broken one raises."""
        if entry(self.sig_object, "/SubFilter") == X509_RSA_SHA1:
            stored = self.sig_object["/Cert"]
            first = stored[0] if isinstance(stored, ArrayObject) else stored
            return x509.Certificate.load(bytes(first.original_bytes))
        signed_data = cms.ContentInfo.load(self.pkcs7_content)["content"]
        serial = signed_data["signer_infos"][0]["sid"].chosen["serial_number"].native
        certificates = [item.chosen for item in signed_data["certificates"]]
        return next(item for item in certificates if item.serial_number == serial)

    def holds(self) -> bool:
        """Check the value against the signed bytes."""
        content = signed_bytes(self)
        if entry(self.sig_object, "/SubFilter") == X509_RSA_SHA1:
            return _bare_rsa_holds(self.pkcs7_content, content, self.certificate())
        signed_data = cms.ContentInfo.load(self.pkcs7_content)["content"]
        inner = bytes(signed_data["encap_content_info"]["content"].native)
        info = signed_data["signer_infos"][0]
        digest = hashlib.new(str(info["digest_algorithm"]["algorithm"].native), inner).digest()
        if inner != hashlib.sha1(content).digest():  # noqa: S324 – the format prescribes it
            return False
        return all(validate_sig_integrity(info, self.certificate(), "data", digest, LenientAttributeOrder()))


def _bare_rsa_holds(contents: bytes, content: bytes, certificate: x509.Certificate) -> bool:
    key = serialization.load_der_public_key(certificate.public_key.dump())
    value = core.OctetString.load(contents, strict=False).native
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    for digest in _HASHES:
        try:
            key.verify(value, content, padding.PKCS1v15(), digest)
        except InvalidSignature:
            continue
        return True
    return False
