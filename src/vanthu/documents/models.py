"""Each agency has its own record of a document; only file contents are shared, by their digest (decision D6)."""

from __future__ import annotations

from django.db import models

from vanthu.documents.rules.kinds import Direction, FileRole, FileStage, RelationKind
from vanthu.foundation.db import enum_check, enum_field
from vanthu.kernel.actor import Urgency


class Document(models.Model):
    """Văn bản: one agency's record of it; the fields are those of NĐ30 Phụ lục VI."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    direction = enum_field(Direction)
    type_code = models.CharField(max_length=20)
    subject = models.CharField(max_length=1000)
    number = models.PositiveIntegerField(null=True)
    notation = models.CharField(max_length=60, default="")
    full_number = models.CharField(max_length=80, default="", help_text="05/SNV-VP, as printed")
    issued_on = models.DateField(null=True)
    issuer_code = models.CharField(max_length=35)
    issuer_name = models.CharField(max_length=200)
    signer_name = models.CharField(max_length=100, default="")
    signer_position = models.CharField(max_length=150, default="")
    urgency = models.PositiveSmallIntegerField(default=Urgency.NORMAL)
    language = models.CharField(max_length=30, default="Tiếng Việt")
    page_count = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(
        max_length=24, default="", help_text="of the current main file; empty: not checked"
    )
    main_sha256 = models.CharField(max_length=64, default="")
    file_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            enum_check("direction", Direction, "document_direction_known"),
            models.CheckConstraint(condition=models.Q(urgency__lte=3), name="document_urgency_known"),
        ]
        indexes = [models.Index(fields=["agency", "direction", "-id"], name="document_by_agency")]

    def __str__(self) -> str:
        return self.full_number or f"#{self.pk}"


class DocumentFile(models.Model):
    """Tệp của văn bản: a name for frozen bytes. Rows are only added, never changed."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="files")
    role = enum_field(FileRole)
    stage = enum_field(FileStage)
    ordinal = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    replaces = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="the annex before its signature",
    )

    class Meta:
        constraints = [
            enum_check("role", FileRole, "file_role_known"),
            enum_check("stage", FileStage, "file_stage_known"),
        ]
        indexes = [models.Index(fields=["sha256"], name="file_by_digest")]

    def __str__(self) -> str:
        return self.name


class Recipient(models.Model):
    """Nơi nhận: an agency of the directory, or a name outside it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="recipients")
    ordinal = models.PositiveSmallIntegerField()
    agency_code = models.CharField(max_length=35, default="")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "ordinal"], name="recipient_ordinal_once")]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """Quyền xem: visibility is granted, never inferred (decision D7).

    `holder` is `office:`, `unit:`, `post:` or `person:` and an id (`kernel.actor.holder_of_…`).
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="grants")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=40)
    because = models.CharField(max_length=40)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "document"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.holder} sees {self.document_id}"


class Relation(models.Model):
    """One document answers another; both are records of the same agency."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="related_from")
    kind = enum_field(RelationKind)

    class Meta:
        constraints = [
            enum_check("kind", RelationKind, "relation_kind_known"),
            models.UniqueConstraint(fields=["document", "other", "kind"], name="relation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind} {self.other_id}"


class Opening(models.Model):
    """Lượt mở: the first time somebody opened a document; every opening stands in the audit log (decision D11)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="openings")
    holder = models.CharField(max_length=40)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "holder"], name="opening_once")]

    def __str__(self) -> str:
        return f"{self.holder} opened {self.document_id}"


class QuarantinedPackage(models.Model):
    """Gói bị cách ly: something marked secret; never opened, indexed or copied on (decision D44)."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    sender = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} at {self.at}"
