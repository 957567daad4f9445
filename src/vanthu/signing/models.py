"""Which keys people and agencies sign with, what was signed, and what checking a file found."""

from __future__ import annotations

from django.db import models

from vanthu.foundation.db import enum_check, enum_field
from vanthu.signing.rules.kinds import CertificateState, KeyPlace, SignatureKind
from vanthu.signing.rules.levels import Level
from vanthu.signing.rules.pending import PendingFacts, PendingStatus, SigningWay
from vanthu.signing.rules.verdicts import Verdict


class SigningKey(models.Model):
    """Chứng thư số trong sổ và nơi giữ khóa: `owner` is `person:ID` or `agency:ID`; the key itself is never here.

    One certificate of an owner is active; those before it stay for the signatures that they made.
    """

    owner = models.CharField(max_length=40)
    place = enum_field(KeyPlace, default=KeyPlace.PKCS12)
    locator = models.CharField(max_length=200, default="", help_text="PKCS12: file below the PKI folder")
    whereabouts = models.JSONField(
        default=dict, help_text="PKCS11: module, token, key; REMOTE: credential, auth, asks; never a secret"
    )
    subject = models.CharField(max_length=300)
    serial = models.CharField(max_length=64)
    certificate = models.BinaryField()
    fingerprint = models.CharField(max_length=64, default="", help_text="SHA-256 of the DER, upper case")
    issuer = models.CharField(max_length=300, default="", help_text="the common name, to be shown")
    identifiers = models.TextField(
        default="\n", help_text="PREFIX:value, a line each, a line's end around all"
    )
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    state = enum_field(CertificateState, default=CertificateState.ACTIVE)
    state_reason = models.CharField(max_length=300, default="")
    state_at = models.DateTimeField(null=True)
    registered_by = models.CharField(max_length=200, default="")
    made_at = models.DateTimeField(help_text="when it was registered")

    class Meta:
        constraints = [
            enum_check("place", KeyPlace, "key_place_known"),
            enum_check("state", CertificateState, "key_state_known"),
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(state=CertificateState.ACTIVE), name="key_active_once"
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~models.Q(fingerprint=""), name="key_certificate_once"
            ),
        ]

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
            models.UniqueConstraint(
                fields=["document", "kind"],
                condition=models.Q(kind__in=[SignatureKind.PERSONAL, SignatureKind.AGENCY]),
                name="signature_once_per_kind",
            ),
            models.UniqueConstraint(
                fields=["document", "kind", "sha256_before"], name="signature_once_per_file"
            ),
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


class PendingSignature(models.Model):
    """Chữ ký chờ: asked of a key elsewhere, answered once or never; file and state survive a restart."""

    way = enum_field(SigningWay)
    owner = models.CharField(max_length=40, help_text="whose key: person:ID or agency:ID")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey("documents.Document", on_delete=models.CASCADE, related_name="+")
    kind = enum_field(SignatureKind)
    purpose = models.CharField(
        max_length=40, help_text="which act goes on with the answer: wiring.SIGNED_FOR"
    )
    errand = models.JSONField(default=dict, help_text="what that act gave along for itself")
    sha256_before = models.CharField(max_length=64)
    sha256_prepared = models.CharField(
        max_length=64, default="", help_text="empty: the agent builds the file"
    )
    state = models.JSONField(default=dict, help_text="`Prepared.to_json()`, or what the agent was told")
    serial = models.CharField(max_length=64)
    subject = models.CharField(max_length=300)
    token_sha256 = models.CharField(max_length=64, default="", help_text="of the single-document token")
    status = enum_field(PendingStatus, default=PendingStatus.WAITING)
    reason = models.CharField(max_length=60, default="", help_text="a refusal code: why it ended unsigned")
    sha256_result = models.CharField(max_length=64, default="")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            enum_check("way", SigningWay, "pending_way_known"),
            enum_check("kind", SignatureKind, "pending_kind_known"),
            enum_check("status", PendingStatus, "pending_status_known"),
            models.UniqueConstraint(
                fields=["document", "kind"],
                condition=models.Q(status=PendingStatus.WAITING),
                name="pending_once_per_kind",
            ),
        ]
        indexes = [models.Index(fields=["status", "expires_at"], name="pending_by_expiry")]

    def __str__(self) -> str:
        return f"{self.way} {self.status} for {self.document_id}"

    def facts(self) -> PendingFacts:
        return PendingFacts(self.agency_id, self.post_id, PendingStatus(self.status), self.expires_at)


class RevocationSource(models.Model):
    """Nguồn danh sách thu hồi: an address, whose list it gives, and how the last fetching ended."""

    url = models.CharField(max_length=300)
    issuer = models.CharField(max_length=64, help_text="fingerprint of the authority whose list it is")
    issuer_name = models.CharField(max_length=300)
    this_update = models.DateTimeField(null=True)
    next_update = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, default="")
    tried_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    last_error = models.CharField(max_length=40, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "url"], name="revocation_source_once")]

    def __str__(self) -> str:
        return f"{self.issuer_name} {self.url}"


class KeptRendition(models.Model):
    """Bản lưu trữ dài hạn: a second rendition of an issued file with more proof in it, never instead of it (D20).

    `sha256` names the newest bytes, whose prefix is the issued file; empty while none was made. `due_at` is when
    work on it is next to be done, for the first time or again: none, when it is done for good.
    """

    document = models.OneToOneField("documents.Document", on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    issued_sha256 = models.CharField(max_length=64)
    level = enum_field(Level, help_text="what its retention class asks for")
    keep_until = models.DateField(null=True, help_text="none: permanently")
    sha256 = models.CharField(max_length=64, default="")
    reached = enum_field(Level, default=Level.B_B)
    made_at = models.DateTimeField(null=True)
    protected_until = models.DateTimeField(
        null=True, help_text="until when it proves its signatures by itself"
    )
    renewals = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="failed ones in a row")
    last_error = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            enum_check("level", Level, "rendition_level_known"),
            enum_check("reached", Level, "rendition_reached_known"),
        ]
        indexes = [models.Index(fields=["due_at"], name="rendition_by_due")]

    def __str__(self) -> str:
        return f"{self.level} of {self.document_id}"
