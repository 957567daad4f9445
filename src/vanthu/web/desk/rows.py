"""Rows and quick views as the templates want them (templates/README.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard, current_files, document_card
from vanthu.kernel.actor import Actor
from vanthu.queues.queries import QueuePage, QueueRow, Tab
from vanthu.queues.rules.catalogue import QueueKind
from vanthu.web.words import clock, day, due_words, urgency_words, verdict_words

TAB_LABELS = {Tab.TODO: "Cần làm", Tab.DONE: "Đã làm", Tab.ALL: "Tất cả"}
PREVIEW_PX = 480


def document_url(document_id: int, kind: QueueKind | None = None) -> str:
    url = reverse("document", args=[document_id])
    return f"{url}?{urlencode({'hang-cho': kind.slug})}" if kind else url


def queue(kind: QueueKind, tab: Tab, page: QueuePage, count: int, now: datetime) -> dict[str, Any]:
    base = reverse("queue", args=[kind.slug])
    more = urlencode({"pham-vi": tab, "sau": page.next_cursor})
    return {
        "title": _(kind.label),
        "count": count,
        "tabs": [
            {
                "label": _(TAB_LABELS[each]),
                "url": f"{base}?{urlencode({'pham-vi': each})}",
                "count": count if each is Tab.TODO else None,
                "is_current": each is tab,
            }
            for each in Tab
        ],
        "rows": [_row(row, kind, now) for row in page.rows],
        "more_url": f"{base}?{more}" if page.next_cursor else "",
        "empty_title": _("Không có văn bản: {queue}.").format(queue=_(kind.label).lower()),
        "empty_text": _(kind.brings),
    }


def _row(row: QueueRow, kind: QueueKind, now: datetime) -> dict[str, Any]:
    card = row.document
    due = due_words(None if row.is_done else row.due_at, now)
    return (
        {
            "document_id": card.id,
            "url": document_url(card.id, kind),
            "quick_url": reverse("queue-quick", args=[kind.slug, card.id]),
            "subject": card.subject,
            "facts": facts_line(card, row.moved_at),
            "is_unread": row.is_unread and not row.is_done,
            "meta": _("{n} tệp").format(n=row.file_count) if row.file_count > 1 else "",
        }
        | urgency_words(row.urgency)
        | verdict_words(card.verdict)
        | due
    )


def facts_line(card: DocumentCard, at: datetime) -> str:
    """Sender, number, date, and when it came to this desk."""
    parts = [card.issuer_name, card.full_number]
    if card.issued_on:
        parts.append(f"{card.issued_on:%d/%m/%Y}")
    parts.append(_("đến bàn {clock} {day}").format(clock=clock(at), day=day(at)))
    return " · ".join(part for part in parts if part)


def quick(actor: Actor, kind: QueueKind, document_id: int, now: datetime) -> dict[str, Any]:
    """The quick view beside the list: first page, facts, next act. Refuses: `NotVisible`."""
    card = document_card(actor=actor, document_id=document_id)
    files = current_files(document_id)
    page_url = ""
    if card.main_sha256:
        page_url = reverse("document-page", args=[document_id, card.main_sha256[:16], 1, PREVIEW_PX])
    return (
        {
            "url": document_url(document_id, kind),
            "subject": card.subject,
            "first_page_url": page_url,
            "first_page_alt": _("Trang đầu của văn bản"),
            "facts": [
                (_("Nơi ban hành"), card.issuer_name),
                (_("Số, ký hiệu"), card.full_number or _("chưa cấp số")),
                (_("Ngày văn bản"), f"{card.issued_on:%d/%m/%Y}" if card.issued_on else "—"),
                (_("Người ký"), card.signer_name or "—"),
                (_("Tệp"), ", ".join(file.name for file in files) or "—"),
            ],
            "next_act": {"label": _("Xử lý"), "url": document_url(document_id, kind)},
        }
        | urgency_words(card.urgency)
        | verdict_words(card.verdict)
        | due_words(None, now)
    )
