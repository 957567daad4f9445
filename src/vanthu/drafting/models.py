"""A draft beside its document, and each step it took."""

from __future__ import annotations

from django.db import models

from vanthu.drafting.rules.policy import DraftFacts
from vanthu.drafting.rules.states import Move, State
from vanthu.foundation.db import enum_check, enum_field


class Draft(models.Model):
    """Dự thảo và phiếu trình of one document (decision D47)."""

    document = models.OneToOneField("documents.Document", on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organizations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    state = enum_field(State, default=State.DRAFT)
    author_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    approver_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    checker_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    signer_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(default=dict, help_text="salutation, bases and paragraphs as typed")
    boxes = models.JSONField(
        default=dict, help_text="where number, date, signature and seal stand, in PDF points"
    )
    summary = models.TextField(default="", help_text="tóm tắt của phiếu trình")
    form_report = models.JSONField(default=list)
    approved_sha256 = models.CharField(max_length=64, default="")
    signed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [enum_check("state", State, "draft_state_known")]

    def __str__(self) -> str:
        return f"draft of {self.document_id}"

    def facts(self) -> DraftFacts:
        return DraftFacts(
            self.agency_id,
            State(self.state),
            self.author_post_id,
            self.approver_post_id,
            self.checker_post_id,
            self.signer_post_id,
        )

    def holder_post_id(self) -> int | None:
        """The post that the draft lies before."""
        return {
            State.DRAFT: self.author_post_id,
            State.AWAITING_CONTENT: self.approver_post_id,
            State.AWAITING_FORM: self.checker_post_id,
            State.AWAITING_SIGNATURE: self.signer_post_id,
        }.get(State(self.state))


class DraftStep(models.Model):
    """Ý kiến trên phiếu trình: who did what with which bytes; only added."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="steps")
    move = enum_field(Move)
    post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=100)
    title = models.CharField(max_length=120)
    note = models.TextField(default="")
    sha256 = models.CharField(max_length=64, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [enum_check("move", Move, "draft_move_known")]

    def __str__(self) -> str:
        return f"{self.move} of {self.draft_id}"
