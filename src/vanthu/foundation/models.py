"""The table of jobs: reminders to look, never the truth (architecture.md §2.5)."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from vanthu.foundation.db import enum_check, enum_field


class JobState(StrEnum):
    READY = "READY"
    LEASED = "LEASED"
    DONE = "DONE"
    DEAD = "DEAD"


class Job(models.Model):
    """One call that background work owes; enqueued in the transaction of the act that needs it."""

    kind = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    key = models.CharField(max_length=160, null=True, unique=True)
    priority = models.SmallIntegerField(default=0, help_text="higher first")
    run_at = models.DateTimeField()
    state = enum_field(JobState, default=JobState.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, default="")
    last_error = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [enum_check("state", JobState, "job_state_known")]
        indexes = [
            models.Index(
                fields=["-priority", "run_at", "id"],
                name="job_ready",
                condition=models.Q(state__in=["READY", "LEASED"]),
            ),
            models.Index(fields=["state", "ended_at"], name="job_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}#{self.pk} {self.state}"
