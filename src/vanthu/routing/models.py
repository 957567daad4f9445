"""The handling of a registered document, its directive notes, and the tree of assignments."""

from __future__ import annotations

from django.db import models

from vanthu.foundation.db import enum_check, enum_field
from vanthu.routing.rules.policy import HandlingFacts, TaskFacts
from vanthu.routing.rules.states import Part, State, TaskState


class Handling(models.Model):
    """Giải quyết văn bản đến: exists only for a registered document (M1)."""

    document = models.OneToOneField("documents.Document", on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    state = enum_field(State, default=State.AWAITING_DIRECTION)
    leader_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    proposal = models.CharField(max_length=1000, default="", help_text="kèm ý kiến of whoever submitted it")
    due_at = models.DateTimeField(null=True)
    due_trace = models.JSONField(default=list)
    completed_at = models.DateTimeField(null=True)
    on_time = models.BooleanField(null=True, help_text="fixed at completion")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [enum_check("state", State, "handling_state_known")]

    def __str__(self) -> str:
        return f"handling of {self.document_id}"

    def facts(self) -> HandlingFacts:
        return HandlingFacts(self.agency_id, State(self.state), self.leader_post_id)


class Directive(models.Model):
    """Bút phê, ý kiến chỉ đạo: each is kept (decision D46). Norm: NĐ30 Đ.23.4 (M22)."""

    handling = models.ForeignKey(Handling, on_delete=models.CASCADE, related_name="directives")
    post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=100)
    title = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"directive on {self.handling_id}"


class Assignment(models.Model):
    """Phần việc được giao: a unit's (parent NULL) or, below it, an officer's."""

    handling = models.ForeignKey(Handling, on_delete=models.CASCADE, related_name="assignments")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    part = enum_field(Part)
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    giver_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=100)
    state = enum_field(TaskState, default=TaskState.WAITING)
    text = models.TextField(default="")
    due_at = models.DateTimeField()
    due_trace = models.JSONField(default=list)
    result = models.TextField(default="")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            enum_check("part", Part, "assignment_part_known"),
            enum_check("state", TaskState, "assignment_state_known"),
            models.UniqueConstraint(
                fields=["handling"],
                condition=models.Q(part="LEAD", parent__isnull=True)
                & ~models.Q(state__in=["DECLINED", "RECALLED"]),
                name="one_lead_unit",
            ),
            models.UniqueConstraint(
                fields=["parent"],
                condition=models.Q(part="LEAD", parent__isnull=False)
                & ~models.Q(state__in=["DECLINED", "RECALLED"]),
                name="one_lead_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.handling_id}"

    def facts(self) -> TaskFacts:
        return TaskFacts(
            self.agency_id,
            Part(self.part),
            TaskState(self.state),
            self.post_id,
            self.giver_post_id,
            self.parent_id is None,
        )
