"""What makes the log provable to a stranger. Rows hold plain values and outlive what they speak of (decision D1)."""

from __future__ import annotations

from django.db import models

from vanthu.evidence.rules.fixity import FindingKind, FindingState
from vanthu.foundation.db import enum_check, enum_field


class Tree(models.Model):
    """Cây nhật ký: the one Merkle tree (RFC 6962) of the installation; its row is the lock of whoever grows it."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    origin = models.CharField(max_length=80, help_text="the log's name in every signed head")
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="tree_is_one")]

    def __str__(self) -> str:
        return f"{self.origin} @ {self.size}"


class LogKey(models.Model):
    """Khóa nhật ký: a public half that signed heads; the private half is a file (decision D24)."""

    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of SubjectPublicKeyInfo")
    public = models.BinaryField(help_text="32 bytes, Ed25519")
    introduction = models.TextField(default="", help_text="the former key's signed note about this one")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint[:16]


class ChainCursor(models.Model):
    """How far one chain of the log stands in the tree, and the digest it had there."""

    chain = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"chain {self.chain} @ {self.seq}"


class TreeHead(models.Model):
    """Đầu cây: size and root at one moment, signed by the log key; the token comes at night."""

    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    note = models.TextField(help_text="the signed note, as others keep it")
    key = models.ForeignKey(LogKey, on_delete=models.PROTECT, related_name="+")
    token = models.BinaryField(null=True, help_text="RFC 3161 over the note; null: not stamped")
    stamped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.size} {self.root[:12]}"


class TreeExtent(models.Model):
    """Which events of a chain stand from which place on: one row for many leaves."""

    head = models.ForeignKey(TreeHead, on_delete=models.PROTECT, related_name="extents")
    chain = models.BigIntegerField()
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    first_index = models.BigIntegerField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "last_seq"], name="extent_of_chain")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.first_seq}–{self.last_seq} at {self.first_index}"


class TreeTile(models.Model):
    """Up to 256 neighbouring hashes: of leaves at level 0, of whole tiles of the level below above it."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField(help_text="32 bytes each; only ever added to")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_once")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class EvidenceBatch(models.Model):
    """Lô bằng chứng: documents whose files one archive time stamp covers (RFC 4998)."""

    made_at = models.DateTimeField()
    first_index = models.BigIntegerField(help_text="where in the tree its events begin")
    end_index = models.BigIntegerField(unique=True, help_text="and where the next batch begins")
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"batch {self.pk} of {self.count}"


class EvidenceItem(models.Model):
    """One document in a batch: the digests of its files and of the event that made them final.

    A renewal of the hash algorithm writes the items anew under the next `series`.
    """

    batch = models.ForeignKey(EvidenceBatch, on_delete=models.PROTECT, related_name="items")
    series = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveIntegerField()
    document_id = models.BigIntegerField(db_index=True)
    event_chain = models.BigIntegerField()
    event_seq = models.BigIntegerField()
    files = models.JSONField(default=list, help_text="SHA-256 of each file, by which its bytes are found")
    hashes = models.BinaryField(help_text="what the record covers: sorted digests, one after another")
    leaf = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "series", "position"], name="evidence_item_once")
        ]

    def __str__(self) -> str:
        return f"document {self.document_id} in batch {self.batch_id}"


class ArchiveStamp(models.Model):
    """Dấu thời gian lưu trữ: one of the chained time stamps over a batch; a renewal adds a row."""

    batch = models.ForeignKey(EvidenceBatch, on_delete=models.PROTECT, related_name="stamps")
    series = models.PositiveSmallIntegerField(default=0)
    ordinal = models.PositiveSmallIntegerField(default=0)
    algorithm = models.CharField(max_length=10)
    siblings = models.BinaryField(default=bytes, help_text="reduced hash tree of a renewal over many batches")
    imprint = models.BinaryField()
    token = models.BinaryField(null=True, help_text="null: the authority has not answered yet")
    stamped_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, help_text="when the authority's certificate lapses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "series", "ordinal"], name="archive_stamp_once")
        ]

    def __str__(self) -> str:
        return f"stamp {self.series}.{self.ordinal} of batch {self.batch_id}"


class Alarm(models.Model):
    """Cảnh báo chứng cứ: what the machinery found and a person must look at; open until `ended_at`."""

    code = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject"], condition=models.Q(ended_at__isnull=True), name="alarm_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"


class FixityRound(models.Model):
    """Lượt kiểm tra kho: one walk over all stored bytes in the order of their digests, in portions."""

    number = models.PositiveIntegerField(unique=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cursor = models.CharField(max_length=64, default="", help_text="everything up to this digest was read")
    read_at = models.DateTimeField(null=True, help_text="when the last portion was read")
    blobs = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text="bytes")

    def __str__(self) -> str:
        return f"round {self.number} at {self.cursor[:8]}"


class FixityFinding(models.Model):
    """Phát hiện về toàn vẹn: stored bytes that are not what they are named after, until they are again."""

    sha256 = models.CharField(max_length=64)
    kind = enum_field(FindingKind)
    state = enum_field(FindingState, default=FindingState.OPEN)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why_open = models.CharField(max_length=300, default="", help_text="why it could not be restored")
    kept_at = models.CharField(max_length=120, default="", help_text="where the altered bytes are kept")

    class Meta:
        constraints = [
            enum_check("kind", FindingKind, "fixity_kind_known"),
            enum_check("state", FindingState, "fixity_state_known"),
            models.UniqueConstraint(
                fields=["sha256"], condition=models.Q(state="OPEN"), name="fixity_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.kind} {self.state}"
