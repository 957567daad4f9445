"""What tests demand of an act: a refusal writes nothing, an act says what it did, counters count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps

from vanthu.audit.models import AuditEvent
from vanthu.audit.queries import verify_chains
from vanthu.foundation.refusals import known_codes, spoken
from vanthu.kernel.errors import DomainError
from vanthu.queues.models import QueueCounter, QueueItem
from vanthu.queues.rules.catalogue import Queue

State = dict[str, list[tuple[Any, ...]]]


def database_state(*, but: tuple[str, ...] = ()) -> State:
    """Every row of every table of ours, except the models named in `but` ("signing.FileCheck")."""
    return {
        model._meta.label: [tuple(map(_plain, row)) for row in model.objects.order_by("pk").values_list()]
        for model in apps.get_models()
        if model.__module__.startswith("vanthu.") and model._meta.label not in but
    }


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@contextmanager
def refused(*codes: str, kind: type[DomainError] = DomainError, but: tuple[str, ...] = ()) -> Iterator[None]:
    """The block is refused with exactly these codes, which have words, and no row of any table differs."""
    before = database_state(but=but)
    with pytest.raises(kind) as caught:
        yield
    assert sorted(violation.code for violation in caught.value.violations) == sorted(codes)
    for violation in caught.value.violations:
        assert violation.code in known_codes(), violation.code
        words = spoken(violation)
        assert words.what
        assert words.why
        assert words.remedy
    assert database_state(but=but) == before


@dataclass
class Log:
    """The audit events of a block."""

    events: list[AuditEvent] = field(default_factory=list)

    @property
    def verbs(self) -> list[str]:
        return [event.verb for event in self.events]

    def by(self, verb: str) -> AuditEvent:
        """The first event with that verb."""
        return next(event for event in self.events if event.verb == verb)


@contextmanager
def audited() -> Iterator[Log]:
    """Collect what the block adds to the audit log; the chains hold afterwards."""
    last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    log = Log()
    yield log
    log.events = list(AuditEvent.objects.filter(id__gt=last).order_by("id"))
    assert all(report.broken is None for report in verify_chains())


def demand_true_counters() -> None:
    """Every counter of a queue equals the rows that can be counted in it."""
    counted = Counter(QueueItem.objects.filter(is_done=False).values_list("holder", "queue"))
    stored = {(row.holder, row.queue): row.count for row in QueueCounter.objects.all()}
    assert {key: count for key, count in stored.items() if count} == dict(counted)


def desks(document_id: int) -> set[tuple[str, Queue]]:
    """Where a document waits: (holder, queue)."""
    rows = QueueItem.objects.filter(document_id=document_id, is_done=False)
    return {(row.holder, Queue(row.queue)) for row in rows}


def queues_with(document_id: int) -> set[Queue]:
    return {queue for _, queue in desks(document_id)}
