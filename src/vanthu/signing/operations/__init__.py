"""The acts of this context."""

from vanthu.signing.backends import SignatureRequest
from vanthu.signing.operations.check import check_file, record_check, trust_store
from vanthu.signing.operations.sign import (
    Signed,
    Signer,
    demo_authority,
    fill_number_and_date,
    record_signature,
    sign,
)

__all__ = [
    "SignatureRequest",
    "Signed",
    "Signer",
    "check_file",
    "demo_authority",
    "fill_number_and_date",
    "record_check",
    "record_signature",
    "sign",
    "trust_store",
]
