"""Makes many documents of one that was played through the operations: every row that hangs on it is copied.

So a seeded document has exactly the rows that the operations write, also after they have changed. What must differ
from copy to copy does: keys, times, số đến, package ids, urgency, subject, and the chain of the audit log holds.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Count, F, Max

from vanthu.audit.models import AuditEvent, ChainHead
from vanthu.documents.models import Document
from vanthu.queues.models import QueueCounter, QueueItem
from vanthu.queues.rules.order import sort_key
from vanthu.registry.models import IncomingEntry, SeriesYear
from vanthu.routing.models import Assignment

KIND = "documents.document"
APART = timedelta(seconds=37)
"""Between two copies: a hundred thousand span six weeks."""
URGENCIES = (*(0,) * 17, 1, 2, 3)
MATTERS = (
    "rà soát, cập nhật cơ sở dữ liệu cán bộ, công chức, viên chức",
    "báo cáo kết quả thực hiện nhiệm vụ trọng tâm của quý",
    "lấy ý kiến góp ý dự thảo quy chế phối hợp công tác giữa các cơ quan",
    "triển khai kế hoạch chuyển đổi số và cải cách hành chính trên địa bàn Thành phố",
    "mời họp thống nhất phương án bố trí dự toán và giao chỉ tiêu cho các đơn vị trực thuộc",
    "đôn đốc giải ngân vốn đầu tư công",
    "hướng dẫn công tác thi đua, khen thưởng, tổng kết chuyên đề",
)
BATCH = 5_000

Value = Callable[[int], Any]
"""The value of a column in copy number i."""
Rows = list[dict[str, Any]]


def multiply(document_id: int, copies: int) -> None:
    """Add so many documents like this one, oldest first, all earlier than it."""
    if copies <= 0:
        return
    found = hanging_on(document_id)
    with transaction.atomic():
        copy = _Copy(found, copies)
        for model, rows in found.items():
            pour(model, copy.rows_of(model, rows))
        _pour_history(document_id, copy)
        _count_anew()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what autovacuum does meanwhile where documents come one by one


def _pour_history(document_id: int, copy: _Copy) -> None:
    originals = list(AuditEvent.objects.filter(subject_kind=KIND, subject_id=str(document_id)).order_by("pk"))
    heads = ChainHead.objects.in_bulk({event.chain for event in originals})
    pour(AuditEvent, copy.events(originals, heads, _next_key(AuditEvent)))
    ChainHead.objects.bulk_update(heads.values(), ["seq", "digest"])


def hanging_on(document_id: int) -> dict[type[models.Model], Rows]:
    """The document and all rows that belong to it by foreign keys, parents before children."""
    found: dict[type[models.Model], Rows] = {Document: list(Document.objects.filter(pk=document_id).values())}
    waiting: list[type[models.Model]] = [Document]
    while waiting:
        parent = waiting.pop(0)
        keys = [row["id"] for row in found[parent]]
        for child, name in _children(parent):
            rows = list(child._default_manager.filter(**{f"{name}__in": keys}).order_by("pk").values())
            if rows and child not in found:
                found[child] = rows
                waiting.append(child)
    return found


def _children(parent: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is parent and model is not parent:
                yield model, field.name


@dataclass
class _Copy:
    """How each column of each copied row is computed."""

    found: dict[type[models.Model], Rows]
    copies: int

    def __post_init__(self) -> None:
        self._first = {model: _next_key(model) for model in self.found}
        self._place = {
            (model, row["id"]): place for model, rows in self.found.items() for place, row in enumerate(rows)
        }

    def key_of(self, model: type[models.Model], original: int) -> Value:
        first, size, place = self._first[model], len(self.found[model]), self._place[model, original]
        return lambda i: first + i * size + place

    def rows_of(self, model: type[models.Model], rows: Rows) -> Iterator[list[Any]]:
        """Everything is asked of the database here, before rows are poured: COPY keeps the connection to itself."""
        fields = model._meta.concrete_fields
        plans = [[self._value(field, row) for field in fields] for row in rows]
        ready = [
            [None if callable(value) else _ready(f, value) for f, value in zip(fields, plan, strict=True)]
            for plan in plans
        ]
        moving = [
            [
                (at, field, value)
                for at, (field, value) in enumerate(zip(fields, plan, strict=True))
                if callable(value)
            ]
            for plan in plans
        ]
        return self._filled(ready, moving)

    def _filled(
        self, ready: list[list[Any]], moving: list[list[tuple[int, Any, Value]]]
    ) -> Iterator[list[Any]]:
        for i in range(self.copies):
            for still, changes in zip(ready, moving, strict=True):
                row = still.copy()
                for at, field, value in changes:
                    row[at] = _ready(field, value(i))
                yield row

    def _value(self, field: Any, row: dict[str, Any]) -> Any:
        """The value of the original, or a function of the copy's number where it differs."""
        value = row[field.attname]
        if field.primary_key:
            return self.key_of(field.model, value)
        if field.related_model in self.found and value is not None:
            return self.key_of(field.related_model, value)
        special = self._special(field, row)
        if special is not None:
            return special
        return self._earlier(value) if isinstance(value, datetime) else value

    def _earlier(self, at: datetime) -> Value:
        return lambda i: at - (self.copies - i) * APART

    def _special(self, field: Any, row: dict[str, Any]) -> Value | None:
        value = row[field.attname]
        match field.model, field.name:
            case (_, "urgency"):
                return urgency_of_copy
            case model, "subject" if model is Document:
                return lambda i: f"{MATTERS[i % len(MATTERS)]} (văn bản {i + 1})"
            case model, "full_number" if model is Document:
                return lambda i: f"{i + 1}/{row['notation']}"
            case model, "sort_key" if model is QueueItem:
                at = self._earlier(row["due_at"] or row["moved_at"])
                return lambda i: sort_key(urgency_of_copy(i), at(i))
            case model, "task_id" if model is QueueItem and value is not None:
                return self.key_of(Assignment, value)
            case model, "arrival_number" if model is IncomingEntry and value is not None:
                last = _take_numbers(row["series_id"], row["year"], self.copies)
                return lambda i: last + 1 + i
            case (_, "message_id"):
                return lambda i: str(uuid.uuid4())
        return None

    def events(
        self, originals: Iterable[AuditEvent], heads: dict[int, ChainHead], first: int
    ) -> Iterator[list[Any]]:
        """The audit events of every copy, chained on behind the last event of the agency."""
        fields, keys = AuditEvent._meta.concrete_fields, itertools.count(first)
        subject = self.key_of(Document, self.found[Document][0]["id"])
        templates = [(event, event.at) for event in originals]
        for i in range(self.copies):
            for event, at in templates:
                head = heads[event.chain]
                event.pk, event.seq, event.subject_id = next(keys), head.seq + 1, str(subject(i))
                event.at = at - (self.copies - i) * APART
                event.digest = event.facts().digest(head.digest)
                head.seq, head.digest = event.seq, event.digest
                yield [_ready(field, getattr(event, field.attname)) for field in fields]


def urgency_of_copy(i: int) -> int:
    return URGENCIES[i % len(URGENCIES)]


def _ready(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _next_key(model: type[models.Model]) -> int:
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def _take_numbers(series_id: int, year: int, count: int) -> int:
    counter = SeriesYear.objects.filter(series_id=series_id, year=year)
    last = counter.get().last
    counter.update(last=F("last") + count)
    return last


def pour(model: type[models.Model], rows: Iterator[list[Any]]) -> None:
    """Insert prepared rows by the quickest way the database has, and let its key counter follow."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in model._meta.concrete_fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as target:
                for row in rows:
                    target.write_row(row)
            for statement in connection.ops.sequence_reset_sql(_plain_style(), [model]):
                cursor.execute(statement)
            return
        marks = ", ".join(["%s"] * len(model._meta.concrete_fields))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def _plain_style() -> Any:
    from django.core.management.color import no_style

    return no_style()


def _count_anew() -> None:
    rows = QueueItem.objects.filter(is_done=False).values("holder", "queue").annotate(n=Count("id"))
    for row in rows.order_by():
        QueueCounter.objects.filter(holder=row["holder"], queue=row["queue"]).update(count=row["n"])
