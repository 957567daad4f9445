"""A key in a PKCS#12 file: for the demonstration authority and for small agencies without a token."""

from collections.abc import Iterable

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import pkcs12

from vanthu.signing.backends import SignatureRequest, SigningFailed
from vanthu.signing.backends.pades import UsableKey, sign_pdf
from vanthu.signing.backends.timestamps import TimestampSource


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
        timestamps: TimestampSource | None = None,
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

        def sign(data: bytes) -> bytes:
            return key.sign(data, PKCS1v15(), SHA256())

        self._key = UsableKey(self._certificate, (*embedded, *chain), sign)
        self._timestamps = timestamps

    def certificate(self) -> bytes:
        """Return the signer's certificate (DER)."""
        return self._certificate

    def sign(self, pdf: bytes, request: SignatureRequest) -> bytes:
        """Append one signature to the file."""
        return sign_pdf(pdf, request, key=self._key, timestamps=self._timestamps)
