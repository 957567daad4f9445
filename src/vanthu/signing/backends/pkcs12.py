"""A key in a PKCS#12 file: for the demonstration authority and for small agencies without a token."""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Iterable

from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from vanthu.signing.backends import SignatureRequest, SigningFailed
from vanthu.signing.backends.pades import sign_pdf
from vanthu.signing.backends.timestamps import LocalTimestampAuthority


class CachedKeySigner(Signer):
    """Signs with a key that was parsed and checked once; pyHanko's own signer does it for every signature."""

    def __init__(self, key: RSAPrivateKey, certificate: bytes, chain: Iterable[bytes]) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple([x509.Certificate.load(item) for item in (certificate, *chain)])
        super().__init__(signing_cert=x509.Certificate.load(certificate), cert_registry=registry)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, PKCS1v15(), get_pyca_cryptography_hash(digest_algorithm))


class Pkcs12Backend:
    """Signs with an RSA key from a PKCS#12 file; opening it is slow, so keep the backend.

    Refuses: `signing.key.cannot-open` (wrong passphrase or damaged file), `signing.key.unsuitable`.
    """

    def __init__(
        self,
        data: bytes,
        passphrase: str,
        *,
        chain: Iterable[bytes] = (),
        timestamps: LocalTimestampAuthority | None = None,
    ) -> None:
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
        except ValueError:
            # The library's words may quote the input; the passphrase must not reach a log.
            raise SigningFailed("signing.key.cannot-open") from None
        if certificate is None or not isinstance(key, RSAPrivateKey):
            raise SigningFailed("signing.key.unsuitable")
        encoding = serialization.Encoding.DER
        self._certificate = certificate.public_bytes(encoding)
        embedded = [item.public_bytes(encoding) for item in others]
        self._signer = CachedKeySigner(key, self._certificate, [*embedded, *chain])
        self._timestamps = timestamps

    def certificate(self) -> bytes:
        """Return the signer's certificate (DER)."""
        return self._certificate

    def sign(self, pdf: bytes, request: SignatureRequest) -> bytes:
        """Append one signature to the file."""
        return sign_pdf(pdf, request, signer=self._signer, timestamps=self._timestamps)
