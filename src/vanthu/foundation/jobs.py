"""Background work as rows of the act's own transaction: lease, retry with back-off, park when dead (ADR 0001)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from vanthu.foundation.models import Job, JobState
from vanthu.foundation.operation import unit_of_work
from vanthu.kernel.errors import DomainError
from vanthu.kernel.retry import Backoff

log = logging.getLogger("vanthu.jobs")

LEASE = timedelta(minutes=2)


class LeaseLost(RuntimeError):
    """Another worker took the job over; whatever this one did is rolled back."""


@dataclass(frozen=True)
class JobKind:
    """A background entry point. `joined`: call and record share one transaction, so it takes effect exactly once."""

    name: str
    function: Callable[..., None]
    joined: bool
    backoff: Backoff
    priority: int

    def enqueue(
        self,
        *,
        now: datetime,
        run_at: datetime | None = None,
        priority: int | None = None,
        key: str | None = None,
        **args: Any,
    ) -> None:
        """Add a row in the open transaction; an equal `key` that is still known is not added again."""
        row = Job(
            kind=self.name,
            args=args,
            key=key,
            priority=self.priority if priority is None else priority,
            run_at=run_at or now,
            created_at=now,
        )
        Job.objects.bulk_create([row], ignore_conflicts=key is not None)

    def enqueue_many(
        self, all_args: list[dict[str, Any]], *, now: datetime, priority: int | None = None
    ) -> None:
        """Add one row per set of arguments with one statement per few hundred rows."""
        chosen = self.priority if priority is None else priority
        Job.objects.bulk_create(
            [
                Job(kind=self.name, args=args, priority=chosen, run_at=now, created_at=now)
                for args in all_args
            ],
            batch_size=200,
        )


KINDS: dict[str, JobKind] = {}


def job(
    name: str, *, joined: bool = True, backoff: Backoff | None = None, priority: int = 0
) -> Callable[[Callable[..., None]], JobKind]:
    """Declare a background entry point; its function takes keyword ids, `now`, and ignores what it does not know."""

    def declare(function: Callable[..., None]) -> JobKind:
        if name in KINDS:
            raise ValueError(f"job {name} is declared twice")
        KINDS[name] = JobKind(name, function, joined, backoff or Backoff(), priority)
        return KINDS[name]

    return declare


def named(name: str) -> JobKind:
    """The job of that name: operations owe calls without importing the room above them."""
    return KINDS[name]


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run one job until the lease ends."""

    job_id: int
    kind: str
    args: dict[str, Any]
    attempt: int
    token: str


def claim(*, now: datetime, limit: int = 10) -> list[Lease]:
    """Take up to `limit` jobs that are due, or whose worker died with them."""
    due = Q(state=JobState.READY, run_at__lte=now) | Q(state=JobState.LEASED, leased_until__lt=now)
    with transaction.atomic(durable=True):
        rows = Job.objects.filter(due).order_by("-priority", "run_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        taken = list(rows[:limit])
        token = secrets.token_hex(16)
        Job.objects.filter(pk__in=[row.pk for row in taken]).update(
            state=JobState.LEASED, lease=token, leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    return [Lease(row.pk, row.kind, row.args, row.attempts + 1, token) for row in taken]


def run(lease: Lease, *, now: datetime) -> bool:
    """Call the job and record the outcome; True when it is done for good."""
    kind = KINDS.get(lease.kind)
    if kind is None:
        _record_failure(lease, Backoff(), LookupError(f"unknown job kind {lease.kind}"), now=now)
        return False
    try:
        if kind.joined:
            with unit_of_work():
                record_done(lease, now=now)
                call(kind, lease, now=now)
        else:
            call(kind, lease, now=now)
            with unit_of_work():
                record_done(lease, now=now)
    except LeaseLost:
        log.warning("job %s #%s: lease lost", lease.kind, lease.job_id)
        return False
    except Exception as error:  # a job may fail in any way; it is retried, parked and shown to operators
        _record_failure(lease, kind.backoff, error, now=now)
        return False
    return True


def call(kind: JobKind, lease: Lease, *, now: datetime) -> None:
    kind.function(now=now, **lease.args)


def record_done(lease: Lease, *, now: datetime) -> None:
    """Mark the job done in the open transaction. Refuses: `LeaseLost`."""
    done = Job.objects.filter(pk=lease.job_id, state=JobState.LEASED, lease=lease.token).update(
        state=JobState.DONE, ended_at=now, leased_until=None
    )
    if done != 1:
        raise LeaseLost(lease.job_id)


def _record_failure(lease: Lease, backoff: Backoff, error: Exception, *, now: datetime) -> None:
    dead = backoff.is_exhausted(lease.attempt)
    code = error.code if isinstance(error, DomainError) else type(error).__name__
    if not isinstance(error, DomainError):
        log.error("job %s #%s failed", lease.kind, lease.job_id, exc_info=error)
    with transaction.atomic(durable=True):
        Job.objects.filter(pk=lease.job_id, state=JobState.LEASED, lease=lease.token).update(
            state=JobState.DEAD if dead else JobState.READY,
            run_at=now + backoff.wait(lease.attempt, key=str(lease.job_id)),
            last_error=f"{code}: {error}"[:500],
            leased_until=None,
            ended_at=now if dead else None,
        )


def claim_slot(name: str, slot: str, *, now: datetime) -> bool:
    """True for exactly one caller per (name, slot), however many hosts ask: the timetable stands in the same table."""
    with transaction.atomic(durable=True):
        Job.objects.bulk_create(
            [
                Job(
                    kind=f"slot:{name}",
                    key=f"slot:{name}@{slot}",
                    state=JobState.DONE,
                    lease=(token := secrets.token_hex(16)),
                    run_at=now,
                    created_at=now,
                    ended_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        return Job.objects.filter(key=f"slot:{name}@{slot}", lease=token).exists()


def forget_done(*, before: datetime) -> int:
    """Delete jobs that were done before the instant; dead ones stay for the operator."""
    deleted, _ = Job.objects.filter(state=JobState.DONE, ended_at__lt=before).delete()
    return deleted
