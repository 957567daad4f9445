"""Small readings of a signature: its times, its chain, its algorithm."""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from datetime import UTC, datetime
from typing import Any, Final

from asn1crypto import cms, x509
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

_ONE_SIZE: Final = frozenset({"ed25519", "ed448", "x25519", "x448", "mldsa44", "mldsa65", "mldsa87"})


def token_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """When the stamp on a signature was made, as it says itself."""
    tokens = list(extract_tst_data_iter(signature.signer_info, signed=False))
    return imprint_time(tokens[0]) if tokens else None


def holds_token(signature: EmbeddedPdfSignature, *, signed: bool) -> bool:
    """Whether a time stamp lies among the attributes that the signature covers, or among the others."""
    return any(True for _ in extract_tst_data_iter(signature.signer_info, signed=signed))


def imprint_time(signed_data: cms.SignedData) -> datetime | None:
    """When a stamp was made, as it says itself."""
    return aware(signed_data["encap_content_info"]["content"].parsed["gen_time"].native)


def leaf_first(path: Any) -> list[x509.Certificate]:
    """The certificates of a path, the signer's first and the root last."""
    return list(reversed(list(path.iter_certs(include_root=True))))


def algorithm_of(signature: EmbeddedPdfSignature) -> str:
    """Hash function, mechanism and key of a signature, for people."""
    key, bits = key_of(signature.signer_cert)
    mechanism = str(signature.signer_info["signature_algorithm"].signature_algo)
    return f"{signature.md_algorithm} {mechanism} {key}{f'-{bits}' if bits else ''}"


def key_of(certificate: x509.Certificate) -> tuple[str, int]:
    """Kind and length of a key; length 0 where a kind knows one only."""
    key = certificate.public_key
    return key.algorithm, 0 if key.algorithm in _ONE_SIZE else key.bit_size


def aware(moment: datetime | None) -> datetime | None:
    """A time without zone is read as UTC."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)
