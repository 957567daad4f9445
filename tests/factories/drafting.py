"""Drafts on their way to the signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.cast import Agency, Cast
from tests.conftest import FIXED_NOW
from tests.factories.photographs import plant
from vanthu.drafting import operations as drafting
from vanthu.drafting.operations import DraftOrder
from vanthu.kernel.actor import Actor


def a_draft_order(sender: Agency, *, to: tuple[str, ...], **changes: Any) -> DraftOrder:
    signer = sender.leader.post_id
    assert signer is not None
    fields: dict[str, Any] = {
        "type_code": "cong_van",
        "subject": "tăng cường công tác phòng cháy, chữa cháy",
        "paragraphs": ("Đề nghị quý cơ quan phối hợp.", "Gửi báo cáo trước ngày 15."),
        "recipients": to,
        "signer_post_id": signer,
    }
    return DraftOrder(**(fields | changes))


def a_draft(
    cast: Cast,
    *,
    sender: Agency | None = None,
    to: tuple[str, ...] | None = None,
    author: Actor | None = None,
    now: datetime = FIXED_NOW,
    **changes: Any,
) -> int:
    """A draft of A (or `sender`) to B, with its author."""
    sender = sender or cast.a
    order = a_draft_order(sender, to=(cast.b.code,) if to is None else to, **changes)
    return drafting.start_draft(actor=author or sender.officer, order=order, now=now)


def a_submitted_draft(
    cast: Cast, *, sender: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Waiting for the head of the unit."""
    sender = sender or cast.a
    document_id = a_draft(cast, sender=sender, now=now, **changes)
    drafting.submit_draft(actor=sender.officer, document_id=document_id, summary="Trình", now=now)
    return document_id


def an_approved_draft(
    cast: Cast, *, sender: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Waiting for the check of its form."""
    sender = sender or cast.a
    document_id = a_submitted_draft(cast, sender=sender, now=now, **changes)
    drafting.approve_content(actor=sender.head, document_id=document_id, now=now)
    return document_id


def a_checked_draft(
    cast: Cast, *, sender: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Waiting for the signature."""
    sender = sender or cast.a
    document_id = an_approved_draft(cast, sender=sender, now=now, **changes)
    drafting.pass_form(actor=sender.checker, document_id=document_id, now=now)
    return document_id


def a_signed_document(
    cast: Cast, *, sender: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Signed by the leader, waiting for its number."""
    if is_plain(cast, sender, now, changes) and (planted := plant("signed")):
        return planted
    sender = sender or cast.a
    document_id = a_checked_draft(cast, sender=sender, now=now, **changes)
    drafting.sign_draft(actor=sender.leader, document_id=document_id, now=now)
    return document_id


def is_plain(cast: Cast, sender: Agency | None, now: datetime, changes: dict[str, Any]) -> bool:
    """Nothing but the plain letter of A to B is asked for: a photograph will do."""
    return sender in {None, cast.a} and now == FIXED_NOW and not changes
