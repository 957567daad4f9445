"""A signature in two halves: prepare the file here, let a key that lies elsewhere sign, put the answer in.

Between the halves minutes, a restart and another process may pass: the state is plain data, the prepared
file is bytes. Nothing is embedded that the certificate's own key does not verify (ký ngắt quãng).
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

from vanthu.signing.backends import SignatureRequest, SigningFailed
from vanthu.signing.backends.cms import assemble, signed_attributes
from vanthu.signing.backends.pades import embed, lay_out, stamp_token
from vanthu.signing.backends.timestamps import TimestampSource

SMALLEST_RSA: Final = 2048
P256_RAW: Final = 64
"""Tokens and browsers answer r ‖ s for P-256; CMS wants a DER sequence of the two."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that waits for its signature (tệp chờ chữ ký); everything but `pdf` goes into `to_json`."""

    pdf: bytes = field(repr=False)
    """The file with the appearance drawn and an empty place for the signature."""
    document_digest: bytes
    """SHA-256 over the byte range."""
    region: tuple[int, int]
    """Where the place for the signature begins and ends in `pdf`."""
    signed_attributes: bytes = field(repr=False)
    """DER of `SET OF Attribute`: exactly the bytes that the key signs."""
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)
    sha256: str
    """Of `pdf`."""
    with_timestamp: bool

    @property
    def to_be_signed(self) -> bytes:
        """What a device signs that hashes by itself (PKCS#1 v1.5 or ECDSA, with SHA-256)."""
        return self.signed_attributes

    @property
    def digest(self) -> bytes:
        """SHA-256 of `to_be_signed`: what a device signs that is given a hash."""
        return hashlib.sha256(self.signed_attributes).digest()

    @property
    def algorithm(self) -> str:
        """`rsa` or `ec`: what kind of signature is expected."""
        return _algorithm_of(self.certificate)

    def to_json(self) -> dict[str, object]:
        """Plain data for `json.dumps`; the prepared file is kept beside it."""
        return {
            "document_digest": _text(self.document_digest),
            "region": list(self.region),
            "signed_attributes": _text(self.signed_attributes),
            "certificate": _text(self.certificate),
            "chain": [_text(item) for item in self.chain],
            "sha256": self.sha256,
            "algorithm": self.algorithm,
            "with_timestamp": self.with_timestamp,
        }

    @staticmethod
    def from_json(pdf: bytes, state: Mapping[str, Any]) -> Prepared:
        """Join state and file again. Refuses: `signing.remote.wrong-file` when they do not belong together."""
        if hashlib.sha256(pdf).hexdigest() != state["sha256"]:
            raise SigningFailed("signing.remote.wrong-file")
        start, end = state["region"]
        return Prepared(
            pdf,
            b64decode(state["document_digest"]),
            (int(start), int(end)),
            b64decode(state["signed_attributes"]),
            b64decode(state["certificate"]),
            tuple(b64decode(item) for item in state["chain"]),
            state["sha256"],
            bool(state["with_timestamp"]),
        )


def prepare(
    pdf: bytes, request: SignatureRequest, *, certificate: bytes, chain: Iterable[bytes] = ()
) -> Prepared:
    """Draw the appearance, leave room for the signature, and say what is to be signed.

    Refuses: `signing.key.unsuitable` (neither RSA of 2048 bits or more nor P-256), `signing.file.cannot-sign`.
    """
    _algorithm_of(certificate)
    laid_out = lay_out(pdf, request, certificate=certificate)
    return Prepared(
        laid_out.pdf,
        laid_out.digest,
        laid_out.region,
        signed_attributes(laid_out.digest, certificate),
        certificate,
        tuple(chain),
        hashlib.sha256(laid_out.pdf).hexdigest(),
        request.with_timestamp,
    )


def complete(
    prepared: Prepared, signature: bytes, *, timestamps: TimestampSource | None, stamped_at: datetime
) -> bytes:
    """Verify the raw signature, stamp it when that was asked for, and put it into the prepared file.

    Refuses: `signing.remote.wrong-signature` (nothing is embedded), `signing.file.cannot-sign`.
    """
    if prepared.with_timestamp and timestamps is None:
        raise SigningFailed("signing.file.cannot-sign", why="no time-stamping authority is configured")
    proper = verified(prepared, signature)
    stamper = timestamps.stamper_at(stamped_at) if timestamps and prepared.with_timestamp else None
    content = assemble(
        prepared.signed_attributes,
        proper,
        certificate=prepared.certificate,
        chain=prepared.chain,
        token=stamp_token(stamper, proper) if stamper else b"",
    )
    return embed(prepared.pdf, prepared.region, content)


def verified(prepared: Prepared, signature: bytes) -> bytes:
    """The signature in the form that CMS wants. Refuses: `signing.remote.wrong-signature`."""
    key = load_der_x509_certificate(prepared.certificate).public_key()
    for candidate in _forms(key, signature):
        if _holds(key, candidate, prepared.signed_attributes):
            return candidate
    raise SigningFailed("signing.remote.wrong-signature")


def _forms(key: object, signature: bytes) -> list[bytes]:
    if isinstance(key, ec.EllipticCurvePublicKey) and len(signature) == P256_RAW:
        half = P256_RAW // 2
        numbers = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
        return [encode_dss_signature(*numbers), signature]
    return [signature]


def _holds(key: object, signature: bytes, data: bytes) -> bool:
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, data, PKCS1v15(), SHA256())
        else:
            assert isinstance(key, ec.EllipticCurvePublicKey)
            key.verify(signature, data, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _algorithm_of(certificate: bytes) -> str:
    try:
        key = load_der_x509_certificate(certificate).public_key()
    except ValueError as error:
        raise SigningFailed("signing.key.unsuitable") from error
    if isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST_RSA:
        return "rsa"
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return "ec"
    raise SigningFailed("signing.key.unsuitable")


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
