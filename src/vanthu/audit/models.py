"""Audit rows hold plain values and no foreign keys: they outlive what they speak of (decision D1)."""

from __future__ import annotations

from datetime import UTC

from django.db import models

from vanthu.audit.rules.chain import EventFacts


class ChainHead(models.Model):
    """The end of one chain: agency id, or 0 for the installation's own."""

    chain = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"chain {self.chain} @ {self.seq}"


class AuditEvent(models.Model):
    """Sự kiện nhật ký: who, acting as what, on whose behalf, did what, to which object, when."""

    chain = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    acting_as = models.CharField(max_length=200)
    on_behalf_of = models.CharField(max_length=200, default="")
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    before = models.CharField(max_length=64)
    after = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_chain_seq")]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq} {self.verb}"

    def facts(self) -> EventFacts:
        return EventFacts(
            chain=self.chain,
            seq=self.seq,
            at=self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            actor_id=self.actor_id,
            actor_name=self.actor_name,
            acting_as=self.acting_as,
            on_behalf_of=self.on_behalf_of,
            verb=self.verb,
            subject_kind=self.subject_kind,
            subject_id=self.subject_id,
            before=self.before,
            after=self.after,
            detail=self.detail,
        )
