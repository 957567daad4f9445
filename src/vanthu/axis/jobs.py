"""Background entry points of the axis; the timetable asks for each once in its slot."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from vanthu.axis.operations.retention import forget_contents, sweep_blobs
from vanthu.axis.operations.upstream_directory import merge_directories
from vanthu.foundation.jobs import job
from vanthu.kernel.actor import system_actor


@job("axis.forget", joined=False, priority=-1)
def forget(*, now: datetime, **_ignored: object) -> None:
    """Forget what is settled and old, a batch at a time, then the files that nothing names any more."""
    before = now - timedelta(days=settings.VANTHU_AXIS_KEEP_DAYS)
    while forget_contents(actor=system_actor(None), before=before, now=now):
        continue
    after, _ = sweep_blobs()
    while after:
        after, _ = sweep_blobs(after=after)


@job("axis.merge-directories", joined=False)
def merge_with_above(*, now: datetime, **_ignored: object) -> None:
    """Bring our directory and that of the axis above together, where there is one."""
    merge_directories(now=now)
