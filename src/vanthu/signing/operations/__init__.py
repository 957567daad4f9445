"""The acts of this context."""

from vanthu.signing.backends import SignatureRequest
from vanthu.signing.operations.certificates import (
    CertificateOrder,
    register_certificate,
    retire_lapsed,
    revoke_certificate,
)
from vanthu.signing.operations.check import check_file, record_check, trust_store
from vanthu.signing.operations.keep import keep_rendition, owe_rendition, remind_of_renditions
from vanthu.signing.operations.keys import NO_SECRETS, KeySecrets
from vanthu.signing.operations.pending import (
    SignatureOrder,
    ask_signature,
    conclude,
    deliver_signature,
    expire_waiting,
    give_token,
    give_up,
    sign_or_ask,
)
from vanthu.signing.operations.remote import ask_remote
from vanthu.signing.operations.revocation import recheck_open, refresh_lists, seek_revocation
from vanthu.signing.operations.sign import (
    Signed,
    Signer,
    demo_authority,
    fill_number_and_date,
    record_signature,
    sign,
)
from vanthu.signing.operations.sign_with_words import annex_request, sign_copy
from vanthu.signing.operations.trust import Imported, import_anchors, pin_anchor, remove_anchor

__all__ = [
    "NO_SECRETS",
    "CertificateOrder",
    "Imported",
    "KeySecrets",
    "SignatureOrder",
    "SignatureRequest",
    "Signed",
    "Signer",
    "annex_request",
    "ask_remote",
    "ask_signature",
    "check_file",
    "conclude",
    "deliver_signature",
    "demo_authority",
    "expire_waiting",
    "fill_number_and_date",
    "give_token",
    "give_up",
    "import_anchors",
    "keep_rendition",
    "owe_rendition",
    "pin_anchor",
    "recheck_open",
    "record_check",
    "record_signature",
    "refresh_lists",
    "register_certificate",
    "remind_of_renditions",
    "remove_anchor",
    "retire_lapsed",
    "revoke_certificate",
    "seek_revocation",
    "sign",
    "sign_copy",
    "sign_or_ask",
    "trust_store",
]
