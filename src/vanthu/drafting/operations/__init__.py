"""The acts on a draft, one file per use case."""

from vanthu.drafting.operations.move_draft import (
    approve_content,
    discard_draft,
    pass_form,
    return_draft,
    submit_draft,
)
from vanthu.drafting.operations.order import DraftOrder
from vanthu.drafting.operations.sign_draft import sign_draft, take_signature
from vanthu.drafting.operations.write_draft import attach_file, revise_draft, start_draft

__all__ = [
    "DraftOrder",
    "approve_content",
    "attach_file",
    "discard_draft",
    "pass_form",
    "return_draft",
    "revise_draft",
    "sign_draft",
    "start_draft",
    "submit_draft",
    "take_signature",
]
