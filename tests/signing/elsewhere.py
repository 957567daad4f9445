"""A key that lies elsewhere: another process's, a browser's, a service's. Real keys, certified by the authority."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.signing.conftest import SIGNED_AT, Pki
from vanthu.signing.backends import SignatureRequest
from vanthu.signing.backends.interrupted import Prepared, complete, prepare
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.trust.authority import Pkcs12Bundle


@dataclass(frozen=True)
class Device:
    """A device that is given a hash and answers a signature."""

    certificate: bytes
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def sign_hash(self, digest: bytes) -> bytes:
        prehashed = Prehashed(hashes.SHA256())
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(digest, PKCS1v15(), prehashed)
        return self.key.sign(digest, ec.ECDSA(prehashed))

    def sign_hash_as_a_card_does(self, digest: bytes) -> bytes:
        """`r ‖ s`, as PKCS#11 and the browsers' own cryptography answer for P-256."""
        r, s = decode_dss_signature(self.sign_hash(digest))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def rsa_device(bundle: Pkcs12Bundle) -> Device:
    key, certificate, _ = pkcs12.load_key_and_certificates(bundle.data, bundle.passphrase.encode())
    assert isinstance(key, rsa.RSAPrivateKey)
    assert certificate is not None
    return Device(bundle.certificate, key)


def certified_device(
    pki: Pki, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, like: Pkcs12Bundle | None = None
) -> Device:
    """A device with this key and the name, usage and issuer of a bundle's certificate."""
    model = x509.load_der_x509_certificate((like or pki.person).certificate)
    issuer = serialization.load_pem_private_key(
        (pki.authority.directory / "ca" / "sub.key").read_bytes(), password=None
    )
    assert isinstance(issuer, rsa.RSAPrivateKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(model.subject)
        .issuer_name(model.issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(SIGNED_AT - timedelta(days=1))
        .not_valid_after(SIGNED_AT + timedelta(days=300))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    for extension in model.extensions:
        if not isinstance(extension.value, x509.SubjectKeyIdentifier):
            builder = builder.add_extension(extension.value, critical=extension.critical)
    certificate = builder.sign(issuer, hashes.SHA256())
    return Device(certificate.public_bytes(serialization.Encoding.DER), key)


def p256_device(pki: Pki) -> Device:
    return certified_device(pki, ec.generate_private_key(ec.SECP256R1()))


@dataclass(frozen=True)
class ElsewhereBackend:
    """Both halves behind the contract of a backend; the state goes through JSON in between."""

    device: Device
    chain: tuple[bytes, ...]
    timestamps: LocalTimestampAuthority | None
    answer: Literal["sign_hash", "sign_hash_as_a_card_does"] = "sign_hash"

    def certificate(self) -> bytes:
        return self.device.certificate

    def sign(self, pdf: bytes, request: SignatureRequest) -> bytes:
        prepared = prepare(pdf, request, certificate=self.device.certificate, chain=self.chain)
        state = json.loads(json.dumps(prepared.to_json()))
        answer: Callable[[bytes], bytes] = getattr(self.device, self.answer)
        again = Prepared.from_json(prepared.pdf, state)
        return complete(
            again, answer(prepared.digest), timestamps=self.timestamps, stamped_at=request.signed_at
        )
