"""Reads of the queues: counters, pages by key, and the neighbours of a document in its queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from vanthu.documents.queries import DocumentCard, card_of, opened_ids
from vanthu.kernel.actor import Actor, Urgency
from vanthu.queues.models import QueueCounter, QueueItem
from vanthu.queues.rules.catalogue import Queue, QueueKind, queues_of

PAGE = 50


class Tab(StrEnum):
    TODO = "can-lam"
    DONE = "da-lam"
    ALL = "tat-ca"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of a list."""

    item_id: int
    document: DocumentCard
    file_count: int
    urgency: Urgency
    due_at: datetime | None
    moved_at: datetime
    is_done: bool
    is_unread: bool
    task_id: int | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue; `next_cursor` is empty at the end."""

    rows: tuple[QueueRow, ...]
    next_cursor: str


def counters(actor: Actor) -> dict[Queue, int]:
    """The number to do in each queue of the actor's desk; one query."""
    wanted = {(kind.holder(actor), kind.queue) for kind in queues_of(actor)}
    rows = QueueCounter.objects.filter(holder__in={holder for holder, _ in wanted})
    return {Queue(row.queue): row.count for row in rows if (row.holder, row.queue) in wanted}


def queue_page(
    *, actor: Actor, kind: QueueKind, tab: Tab = Tab.TODO, cursor: str = "", limit: int = PAGE
) -> QueuePage:
    """A page of a queue on the actor's desk, by key: as fast at the end as at the start.

    The rows' documents were granted to the desk when they were laid on it, so no second question of visibility is
    asked here; opening one asks it.
    """
    if kind not in queues_of(actor):
        return QueuePage((), "")
    items = QueueItem.objects.filter(holder=kind.holder(actor), queue=kind.queue)
    chosen = list(_after(_sorted(items, tab), tab, cursor).select_related("document")[: limit + 1])
    page = chosen[:limit]
    opened = opened_ids(actor, [item.document_id for item in page])
    rows = tuple(_row(item, item.document_id in opened) for item in page)
    return QueuePage(rows, _cursor(page[-1], tab) if len(chosen) > limit else "")


def _row(item: QueueItem, was_opened: bool) -> QueueRow:
    return QueueRow(
        item.pk,
        card_of(item.document),
        item.document.file_count,
        Urgency(item.urgency),
        item.due_at,
        item.moved_at,
        item.is_done,
        not was_opened,
        item.task_id,
    )


def _sorted(items: QuerySet[QueueItem], tab: Tab) -> QuerySet[QueueItem]:
    if tab is Tab.TODO:
        return items.filter(is_done=False).order_by("-urgency", "sort_at", "document_id")
    if tab is Tab.DONE:
        items = items.filter(is_done=True)
    return items.order_by("-moved_at", "-document_id")


def _cursor(item: QueueItem, tab: Tab) -> str:
    at = item.sort_at if tab is Tab.TODO else item.moved_at
    return f"{item.urgency}~{at.isoformat()}~{item.document_id}"


def _after(items: QuerySet[QueueItem], tab: Tab, cursor: str) -> QuerySet[QueueItem]:
    key = _read_cursor(cursor)
    if key is None:
        return items
    urgency, at, document_id = key
    if tab is Tab.TODO:
        return items.filter(
            Q(urgency__lt=urgency)
            | Q(urgency=urgency, sort_at__gt=at)
            | Q(urgency=urgency, sort_at=at, document_id__gt=document_id)
        )
    return items.filter(Q(moved_at__lt=at) | Q(moved_at=at, document_id__lt=document_id))


def _read_cursor(cursor: str) -> tuple[int, datetime, int] | None:
    """A cursor that nobody of ours wrote starts at the beginning."""
    try:
        urgency, at, document_id = cursor.split("~")
        return int(urgency), datetime.fromisoformat(at), int(document_id)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a document stands in its queue, for walking it without going back to the list."""

    position: int
    total: int
    previous_id: int | None
    next_id: int | None


def neighbours(*, actor: Actor, kind: QueueKind, document_id: int) -> Neighbours | None:
    """The documents before and after in "Cần làm"; None when the document does not wait there."""
    items = QueueItem.objects.filter(holder=kind.holder(actor), queue=kind.queue, is_done=False)
    item = items.filter(document_id=document_id).first()
    if item is None or kind not in queues_of(actor):
        return None
    following = _after(_sorted(items, Tab.TODO), Tab.TODO, _cursor(item, Tab.TODO))
    before = items.filter(
        Q(urgency__gt=item.urgency)
        | Q(urgency=item.urgency, sort_at__lt=item.sort_at)
        | Q(urgency=item.urgency, sort_at=item.sort_at, document_id__lt=document_id)
    ).order_by("urgency", "-sort_at", "-document_id")
    earlier = list(before.values_list("document_id", flat=True)[:WALK])
    total = counters(actor).get(kind.queue, 0)
    return Neighbours(
        len(earlier) + 1,
        total,
        earlier[0] if earlier else None,
        following.values_list("document_id", flat=True).first(),
    )


WALK = 99
"""Positions beyond this are not counted: nobody walks that far, and counting must not grow with the queue."""


def places_of(*, actor: Actor, document_id: int) -> tuple[QueueKind, ...]:
    """The queues of the actor's desk in which the document waits."""
    holders = {kind.holder(actor) for kind in queues_of(actor)}
    rows = QueueItem.objects.filter(document_id=document_id, holder__in=holders, is_done=False)
    waiting = {(row.holder, row.queue) for row in rows}
    return tuple(kind for kind in queues_of(actor) if (kind.holder(actor), kind.queue) in waiting)
