"""A key at a remote signing service (ký số từ xa): hashes out, signatures in, verified before they are embedded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vanthu.signing.backends import SignatureRequest, SigningFailed
from vanthu.signing.backends.csc_client import Credential, CscClient
from vanthu.signing.backends.interrupted import Prepared, complete, prepare
from vanthu.signing.backends.timestamps import TimestampSource


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """Which key of a service, whose certificate it must have, and what its owner typed for this time."""

    credential: str
    certificate: bytes | None = field(default=None, repr=False)
    """The registered one (DER); None: whatever the service names."""
    pin: str = field(default="", repr=False)
    otp: str = field(default="", repr=False)


class CscBackend:
    """Signs with one credential; several files with one confirmation."""

    def __init__(
        self,
        client: CscClient,
        key: RemoteKey,
        *,
        chain: Sequence[bytes] = (),
        timestamps: TimestampSource | None = None,
    ) -> None:
        self._client = client
        self._key = key
        self._chain = tuple(chain)
        self._timestamps = timestamps

    def certificate(self) -> bytes:
        """Return the signer's certificate (DER). Refuses: `signing.csc.wrong-certificate`."""
        return self._credential().certificate

    def sign(self, pdf: bytes, request: SignatureRequest) -> bytes:
        """Append one signature to the file."""
        return self.sign_all([(pdf, request)])[0]

    def sign_all(self, files: Sequence[tuple[bytes, SignatureRequest]]) -> list[bytes]:
        """Append one signature to each file under one authorization; all or none.

        Refuses: `signing.csc.too-many`, what the service refuses, `signing.remote.wrong-signature`.
        """
        if self._timestamps is None and any(request.with_timestamp for _, request in files):
            raise SigningFailed("signing.file.cannot-sign", why="no time-stamping authority is configured")
        credential = self._credential()
        if len(files) > max(credential.most_hashes, 1):
            raise SigningFailed("signing.csc.too-many", most=credential.most_hashes)
        chain = self._chain or credential.chain
        prepared = [
            prepare(pdf, request, certificate=credential.certificate, chain=chain) for pdf, request in files
        ]
        signatures = self._signatures(prepared)
        return [
            complete(each, signature, timestamps=self._timestamps, stamped_at=request.signed_at)
            for each, signature, (_, request) in zip(prepared, signatures, files, strict=True)
        ]

    def _credential(self) -> Credential:
        credential = self._client.credential(self._key.credential)
        if self._key.certificate not in (None, credential.certificate):
            raise SigningFailed("signing.csc.wrong-certificate")
        return credential

    def _signatures(self, prepared: Sequence[Prepared]) -> list[bytes]:
        digests = [each.digest for each in prepared]
        name = self._key.credential
        sad = self._client.authorize(name, digests, pin=self._key.pin, otp=self._key.otp)
        return self._client.sign_hashes(name, sad, digests, algorithm=prepared[0].algorithm)
