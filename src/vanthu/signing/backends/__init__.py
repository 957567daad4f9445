"""Signing backends: where a private key may live. Bytes in, bytes out; the key never leaves its place."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from vanthu.kernel.errors import DomainError

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in PDF points from the lower left corner of the page."""


class SigningFailed(DomainError):
    """Nothing has been signed; the code says why (TT41/2017 Đ.6: the software reports success or failure).

    Codes: `signing.key.cannot-open`, `signing.key.unsuitable`, `signing.token.not-found`,
    `signing.token.pin-refused`, `signing.token.pin-locked`, `signing.token.failed`,
    `signing.file.cannot-sign`, `signing.file.cannot-fill`.
    """


@dataclass(frozen=True, slots=True)
class SignatureRequest:
    """One signature to be put into a PDF (yêu cầu ký)."""

    field_name: str
    """`NguoiKy_1` for the competent person, `CoQuan_1` for the agency."""
    signed_at: datetime
    signer_name: str
    reason: str = ""
    location: str = ""
    page: int = -1
    """Index of the page, -1 for the last one."""
    box: Box | None = None
    appearance: bytes | None = field(default=None, repr=False)
    """A one-page PDF shown in the box; without it the signature is invisible, wherever the box is."""
    lock_fields: bool = False
    """Lock every field that the form has by now, as the agency's signature does (FieldMDP INCLUDE)."""
    with_timestamp: bool = True


class SigningBackend(Protocol):
    """What every place of a key can do."""

    def certificate(self) -> bytes:
        """Return the signer's certificate (DER)."""

    def sign(self, pdf: bytes, request: SignatureRequest) -> bytes:
        """Append one signature to the file and return it; the old bytes remain its prefix.

        Refuses: whatever `SigningFailed` names; then nothing has been signed.
        """
