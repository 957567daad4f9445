"""What the axis keeps: who joined, which agencies they serve, messages, a parcel per receiver, and what happened."""

from __future__ import annotations

from django.db import models

from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState, Route, SystemKind
from vanthu.foundation.db import enum_check, enum_field


class AxisSystem(models.Model):
    """Hệ thống tham gia trục: a centre or an enterprise that signs its calls with a secret of its own.

    The secret must be had to check a signature, so it lies sealed with the key of the installation, not as a digest.
    """

    code = models.CharField(max_length=60, unique=True, help_text="systemid of the protocol")
    name = models.CharField(max_length=300)
    kind = enum_field(SystemKind, default=SystemKind.CENTRE)
    sealed_secret = models.TextField()
    secret_set_at = models.DateTimeField()
    allowed_codes = models.JSONField(
        default=list, help_text="codes and `code.*` it may register by itself; empty: any code nobody has"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=300, default="")
    seen_at = models.DateTimeField(null=True, help_text="its last call, to the minute")

    class Meta:
        constraints = [enum_check("kind", SystemKind, "axis_system_kind_known")]

    def __str__(self) -> str:
        return self.code


class AxisAgency(models.Model):
    """Đơn vị trên trục: whom messages come from and go to; known by three codes (edxml.md §8). Codes compare by case.

    `system` NULL: not here, reached over the axis above.
    """

    code = models.CharField(max_length=35, unique=True)
    name = models.CharField(max_length=300)
    parent_code = models.CharField(max_length=60, blank=True, default="")
    mail = models.CharField(max_length=100, blank=True, default="")
    mobile = models.CharField(max_length=40, blank=True, default="")
    fax = models.CharField(max_length=40, blank=True, default="")
    old_code = models.CharField(max_length=35, blank=True, default="", db_index=True)
    code102 = models.CharField(max_length=35, blank=True, default="", db_index=True)
    system = models.ForeignKey(AxisSystem, null=True, on_delete=models.PROTECT, related_name="agencies")
    is_deleted = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    modified_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DirectoryStamp(models.Model):
    """One row that counts changes of systems and agencies, so that servers know when what they remember is old."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Message(models.Model):
    """Gói tin trục đã nhận: its bytes once, whoever receives it. Sent again by the same sender it is the same (D26).

    Small contents lie in the row, larger ones in the axis' blob store under `sha256`; forgotten ones nowhere.
    """

    doc_id = models.CharField(max_length=24, primary_key=True, help_text="24 hex digits: DocId of sendEdoc")
    kind = enum_field(MessageKind)
    system = models.ForeignKey(AxisSystem, on_delete=models.PROTECT, related_name="+", db_index=False)
    sender_code = models.CharField(max_length=35)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    edxml_document_id = models.CharField(max_length=200, default="")
    notation = models.CharField(max_length=160, default="", help_text="number/notation as written")
    title = models.CharField(max_length=300, default="", help_text="what getSentEdocList shows: subject")
    status_code = models.CharField(max_length=2, default="")
    business = models.PositiveSmallIntegerField(default=0)
    urgency = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)

    class Meta:
        constraints = [
            enum_check("kind", MessageKind, "axis_message_kind_known"),
            models.UniqueConstraint(fields=["system", "sender_code", "sha256"], name="axis_message_once"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="axis_message_by_time"),
            models.Index(fields=["edxml_document_id"], name="axis_message_by_document"),
            models.Index(fields=["notation"], name="axis_message_by_notation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.doc_id}"


class Parcel(models.Model):
    """Gói tin của một nơi nhận: one per code the message names, also where two codes are one agency (edxml.md §6.12)."""

    doc_id = models.CharField(
        max_length=24, primary_key=True, help_text="24 hex digits: docId of the receiver"
    )
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="parcels")
    kind = enum_field(MessageKind)
    sender_code = models.CharField(max_length=35)
    to_code = models.CharField(max_length=35, help_text="as the message addresses it")
    system = models.ForeignKey(
        AxisSystem, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    route = enum_field(Route, default=Route.LOCAL)
    urgency = models.PositiveSmallIntegerField(default=0)
    state = enum_field(ParcelState, default=ParcelState.INITIAL)
    description = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="of sending on, for Route.FORWARD")
    next_at = models.DateTimeField(null=True)
    upstream_id = models.CharField(max_length=64, default="", help_text="its id on the axis above")

    class Meta:
        constraints = [
            enum_check("kind", MessageKind, "axis_parcel_kind_known"),
            enum_check("route", Route, "axis_parcel_route_known"),
            enum_check("state", ParcelState, "axis_parcel_state_known"),
            models.UniqueConstraint(fields=["message", "to_code"], name="axis_parcel_once"),
        ]
        indexes = [
            # The list that every client polls: what is open, urgent first, then oldest.
            models.Index(
                fields=["system", "kind", "-urgency", "doc_id"],
                name="axis_parcel_open",
                condition=models.Q(state__in=["INITIAL", "PROCESSING"]),
            ),
            models.Index(fields=["system", "kind", "created_at"], name="axis_parcel_by_time"),
            models.Index(
                fields=["next_at"],
                name="axis_parcel_to_forward",
                condition=models.Q(route="FORWARD", state__in=["INITIAL", "PROCESSING"]),
            ),
            # What came from the axis above, by its id there, and what is to be told to it.
            models.Index(
                fields=["upstream_id", "next_at"],
                name="axis_parcel_from_above",
                condition=models.Q(route="LOCAL", upstream_id__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doc_id} → {self.to_code} {self.state}"


class AxisEvent(models.Model):
    """Sự kiện của hộp đen: what happened to a message, when, by whom, with which outcome; only added, no contents."""

    at = models.DateTimeField()
    kind = enum_field(EventKind)
    message_id = models.CharField(max_length=24, default="", help_text="empty: refused before it had an id")
    parcel_id = models.CharField(max_length=24, default="")
    system_code = models.CharField(max_length=60, default="")
    call = models.CharField(max_length=40, default="")
    outcome = models.CharField(
        max_length=20, default="", help_text="ErrorCode, or the state that was reported"
    )
    detail = models.CharField(max_length=500, default="")
    remote = models.CharField(max_length=60, default="", help_text="the address that called")

    class Meta:
        constraints = [enum_check("kind", EventKind, "axis_event_kind_known")]
        indexes = [
            models.Index(fields=["message_id", "id"], name="axis_event_by_message"),
            models.Index(fields=["at"], name="axis_event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id} {self.outcome}"
