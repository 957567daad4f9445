"""The agency's signature that shows words and no picture: on annexes in files of their own, and on copies.

Norm: NĐ30 Phụ lục I, NĐ30 Đ.33.2 (the agency's key signs what it issues and what it copies from paper).
"""

from __future__ import annotations

from datetime import datetime

from vanthu.foundation.storage import sha256_of
from vanthu.renditions.rules.stamp_lines import CopyForm, annex_lines, copy_lines
from vanthu.renditions.stamps import words_in_corner
from vanthu.signing.backends import SignatureRequest
from vanthu.signing.operations.sign import Signed, Signer, sign
from vanthu.signing.rules.kinds import SignatureKind, field_name

REASONS = {SignatureKind.ANNEX: "Ký số văn bản kèm theo", SignatureKind.COPY: "Ký số bản sao"}


def annex_request(pdf: bytes, *, agency_name: str, full_number: str, now: datetime) -> SignatureRequest:
    """What to ask the agency's key for on an annex that is a file of its own: số, ký hiệu, time at the upper right.

    Refuses: renditions.page.cannot-be-drawn.
    """
    lines = annex_lines(full_number=full_number, signed_at=now)
    return _request(SignatureKind.ANNEX, agency_name, pdf, lines, now)


def sign_copy(*, signer: Signer, pdf: bytes, form: CopyForm, now: datetime) -> Signed:
    """Sign a digitised copy with the agency's key: form of copy, agency and time at the upper right.

    Refuses: as `sign`; renditions.page.cannot-be-drawn. Norm: NĐ30 Đ.25.
    """
    lines = copy_lines(form=form, agency_name=signer.agency_name, signed_at=now)
    return sign(
        signer=signer,
        pdf=pdf,
        request=_request(SignatureKind.COPY, signer.agency_name, pdf, lines, now),
        now=now,
    )


def _request(
    kind: SignatureKind, agency_name: str, pdf: bytes, lines: tuple[str, ...], now: datetime
) -> SignatureRequest:
    stamp = words_in_corner(pdf, lines)
    return SignatureRequest(
        field_name=field_name(kind, sha256_of(pdf)),
        signed_at=now,
        signer_name=agency_name,
        reason=REASONS[kind],
        page=0,
        box=stamp.box,
        appearance=stamp.pdf,
        lock_fields=True,
    )
