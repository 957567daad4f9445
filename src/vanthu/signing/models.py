"""Which keys people and agencies sign with, what was signed, and what checking a file found."""

from __future__ import annotations

from django.db import models

from vanthu.foundation.db import enum_check, enum_field
from vanthu.signing.rules.kinds import KeyPlace, SignatureKind
from vanthu.signing.rules.verdicts import Verdict


class SigningKey(models.Model):
    """Chứng thư và nơi giữ khóa: `owner` is `person:ID` or `agency:ID`; the key itself is never in the database."""

    owner = models.CharField(max_length=40, unique=True)
    place = enum_field(KeyPlace, default=KeyPlace.PKCS12)
    locator = models.CharField(max_length=200, help_text="file below the PKI folder")
    subject = models.CharField(max_length=300)
    serial = models.CharField(max_length=64)
    certificate = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [enum_check("place", KeyPlace, "key_place_known")]

    def __str__(self) -> str:
        return f"{self.owner} {self.serial}"


class SignatureMade(models.Model):
    """Chữ ký đã tạo: certificate, responsibility and time are kept with the document. Norm: TT41/2017 Đ.9 (M30)."""

    document = models.ForeignKey("documents.Document", on_delete=models.CASCADE, related_name="+")
    kind = enum_field(SignatureKind)
    field = models.CharField(max_length=40)
    signer_name = models.CharField(max_length=200)
    responsibility = models.CharField(max_length=300)
    serial = models.CharField(max_length=64)
    sha256_before = models.CharField(max_length=64)
    sha256_after = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            enum_check("kind", SignatureKind, "signature_kind_known"),
            models.UniqueConstraint(fields=["document", "kind"], name="signature_once_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.document_id}"


class FileCheck(models.Model):
    """Kết quả kiểm tra: a file is checked once and its verdict serves every record that shares the bytes."""

    sha256 = models.CharField(max_length=64, unique=True)
    verdict = enum_field(Verdict)
    report = models.JSONField()
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [enum_check("verdict", Verdict, "file_check_verdict_known")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.verdict}"
