"""The loop of `vanthu worker`: claim, call, record, and rest when there is nothing to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

from vanthu.foundation import jobs


def clock() -> datetime:
    """The worker is an edge: here the clock is read."""
    return datetime.now(UTC)


def run_due(*, now: Callable[[], datetime] = clock, limit: int = 10) -> int:
    """Run one batch of due jobs; the number of jobs claimed."""
    leases = jobs.claim(now=now(), limit=limit)
    for lease in leases:
        jobs.run(lease, now=now())
    return len(leases)


def run_all(*, now: Callable[[], datetime] = clock) -> int:
    """Run jobs until none is due; the number run. For the story, tests and benchmarks."""
    total = 0
    while done := run_due(now=now):
        total += done
    return total


def run_forever(stop: threading.Event, *, idle_seconds: float = 0.5) -> None:
    """Serve jobs until `stop` is set; an idle worker looks again after `idle_seconds`."""
    while not stop.is_set():
        close_old_connections()
        if run_due() == 0:
            stop.wait(idle_seconds)
