"""One row per (desk, queue, document) with its sort key, and one maintained counter per queue."""

from __future__ import annotations

from django.db import models

from vanthu.foundation.db import enum_check, enum_field
from vanthu.queues.rules.catalogue import Queue


class QueueItem(models.Model):
    """Một văn bản trong một hàng chờ; lists and counters read only this and the document beside it."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=40)
    queue = enum_field(Queue)
    document = models.ForeignKey("documents.Document", on_delete=models.CASCADE, related_name="+")
    is_done = models.BooleanField(default=False)
    urgency = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    sort_key = models.BigIntegerField(help_text="urgency, then due time, or arrival where there is none")
    moved_at = models.DateTimeField()
    task_id = models.BigIntegerField(null=True, help_text="the assignment, in the queues of work")

    class Meta:
        constraints = [
            enum_check("queue", Queue, "queue_known"),
            models.UniqueConstraint(fields=["holder", "queue", "document"], name="queue_item_once"),
        ]
        indexes = [
            # Partial: SQLite takes "NOT is_done" for no equality and would not enter an index by it. What waits
            # also stays small while what is done grows with the years.
            models.Index(
                fields=["holder", "queue", "sort_key", "document"],
                condition=models.Q(is_done=False),
                name="queue_waiting",
            ),
            models.Index(
                fields=["holder", "queue", "-moved_at", "-document"],
                condition=models.Q(is_done=True),
                name="queue_done",
            ),
            models.Index(fields=["holder", "queue", "-moved_at", "-document"], name="queue_all"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} in {self.queue} of {self.holder}"


class QueueCounter(models.Model):
    """Số văn bản cần làm: the same number for everybody who sees the queue."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=40)
    queue = enum_field(Queue)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            enum_check("queue", Queue, "counter_queue_known"),
            models.UniqueConstraint(fields=["holder", "queue"], name="queue_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.queue} of {self.holder}: {self.count}"
