"""Reads of the queues: counters, pages by key, and the neighbours of a document in its queue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from vanthu.documents.queries import DocumentCard, card_of, opened_ids
from vanthu.kernel.actor import Actor, Urgency
from vanthu.queues.models import QueueCounter, QueueItem
from vanthu.queues.rules.catalogue import Queue, QueueKind, queues_of
from vanthu.queues.rules.order import EPOCH

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
    items = _of_tab(QueueItem.objects.filter(holder=kind.holder(actor), queue=kind.queue), tab)
    chosen = list(_after(items, tab, cursor).select_related("document")[: limit + 1])
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


@dataclass(frozen=True, slots=True)
class _Order:
    """The order of a tab. `document_id` decides among equal keys, in the same direction."""

    key: str
    is_falling: bool

    def sorted(self, items: QuerySet[QueueItem], *, backward: bool = False) -> QuerySet[QueueItem]:
        sign = "-" if self.is_falling != backward else ""
        return items.order_by(f"{sign}{self.key}", f"{sign}document_id")

    def beyond(
        self, items: QuerySet[QueueItem], key: object, document_id: int, *, backward: bool = False
    ) -> QuerySet[QueueItem]:
        """What comes after the row (before it, when `backward`), nearest first.

        The range on the key alone looks superfluous: it is where both databases enter the index. From the
        alternatives alone they would walk the queue from its start.
        """
        side = "lt" if self.is_falling != backward else "gt"
        among_equals = Q(**{f"{self.key}__{side}": key}) | Q(**{f"document_id__{side}": document_id})
        found = items.filter(Q(**{f"{self.key}__{side}e": key}) & among_equals)
        return self.sorted(found, backward=backward)


_BY_URGENCY = _Order("sort_key", is_falling=False)
_BY_MOVE = _Order("moved_at", is_falling=True)
_CURSOR = re.compile(r"(\d{1,17})~(\d{1,18})", re.ASCII)


def _of_tab(items: QuerySet[QueueItem], tab: Tab) -> QuerySet[QueueItem]:
    return items if tab is Tab.ALL else items.filter(is_done=tab is Tab.DONE)


def _order_of(tab: Tab) -> _Order:
    return _BY_URGENCY if tab is Tab.TODO else _BY_MOVE


def _cursor(item: QueueItem, tab: Tab) -> str:
    key = item.sort_key if tab is Tab.TODO else _to_microseconds(item.moved_at)
    return f"{key}~{item.document_id}"


def _after(items: QuerySet[QueueItem], tab: Tab, cursor: str) -> QuerySet[QueueItem]:
    """The rows after the cursor; one that nobody of ours wrote starts at the beginning."""
    order, read = _order_of(tab), _CURSOR.fullmatch(cursor)
    if read is None:
        return order.sorted(items)
    number, document_id = int(read[1]), int(read[2])
    return order.beyond(items, number if tab is Tab.TODO else _from_microseconds(number), document_id)


def _to_microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _from_microseconds(number: int) -> datetime:
    return EPOCH + timedelta(microseconds=number)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a document stands in its queue, for walking it without going back to the list."""

    position: int
    """Counted up to `WALK`; one more means: further back."""
    previous_id: int | None
    next_id: int | None


def neighbours(*, actor: Actor, kind: QueueKind, document_id: int) -> Neighbours | None:
    """The documents before and after in "Cần làm"; None when the document does not wait there."""
    items = QueueItem.objects.filter(holder=kind.holder(actor), queue=kind.queue, is_done=False)
    item = items.filter(document_id=document_id).first()
    if item is None or kind not in queues_of(actor):
        return None
    following = _BY_URGENCY.beyond(items, item.sort_key, document_id)
    before = _BY_URGENCY.beyond(items, item.sort_key, document_id, backward=True)
    earlier = list(before.values_list("document_id", flat=True)[:WALK])
    return Neighbours(
        len(earlier) + 1,
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
